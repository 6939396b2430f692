import assert from 'node:assert/strict';
import { tellTests } from '../../src/alerts/index.ts';
import { askTests, testOnTime } from '../../src/answering/index.ts';
import { askTest } from '../../src/answering/tests/ask-test.ts';
import { askedVersion, takeLine } from '../../src/answering/tests/round.queries.ts';
import { createBot, publishDraft, saveDraft } from '../../src/bots/index.ts';
import { enqueue } from '../../src/jobs/enqueue.ts';
import { addText, closeReading, closeSearch, readSource } from '../../src/knowledge/index.ts';
import { addKey } from '../../src/providers/index.ts';
import type { AiSimulator } from '../simulators/http-ai.ts';
import { openaiSimulator } from '../simulators/openai.ts';
import { openCafe } from '../support/cafe.ts';
import { formOf } from '../support/files.ts';
import { eventually } from '../support/eventually.ts';

const ASKED = 'Are you open on Sunday?';

describe('tests of answers', () => {
  const cafe = openCafe(before, after);
  let openai: AiSimulator;
  let keyId: number;

  before(async () => {
    cafe.ws.sql.exec("UPDATE business SET currency = 'USD'");
    openai = await openaiSimulator();
    const made = await addKey(
      cafe.ws,
      { provider: 'openai', name: 'OpenAI', key: openai.key ?? '', baseUrl: openai.url },
      cafe.server.people.owner,
    );
    assert.ok(made.ok);
    keyId = made.keyId;
    await cafe.server.installation.jobs.start({
      'read-source': readSource,
      'ask-tests': askTests,
      'test-on-time': testOnTime,
      'tell-tests': tellTests,
    });
    cafe.ws.sql.exec(
      "INSERT INTO hooks (name, host, url_sealed, secret_sealed, created_at) VALUES ('Shop', 'shop.example', x'00', x'00', 0)",
    );
    addText(cafe.ws, { title: 'Hours', text: 'On Sunday we are open from nine to five.', by: cafe.server.people.owner });
    await eventually(() => assert.ok(cafe.ws.prepare('SELECT 1 FROM chunks').get()));
  });
  after(async () => {
    await openai.close();
    await closeReading();
    await closeSearch();
  });

  function bot(keyed = true): number {
    const { botId } = createBot(cafe.ws, { settings: { name: 'Aurora' }, userId: null });
    if (keyed) saveDraft(cafe.ws, { botId, changes: { providerKeyId: keyId, model: 'gpt-5-mini' }, userId: null });
    return botId;
  }

  const pages = (id: number): string => `${cafe.base}/bots/${id}/tests`;

  async function write(id: number, fields: Record<string, string>): Promise<void> {
    const { status, text } = await cafe.owner.post(pages(id), { question: ASKED, by: 'bot', ...fields });
    assert.equal(status, 303, text);
  }

  const stateOf = (round: number): unknown => cafe.ws.prepare('SELECT state FROM test_rounds WHERE id = ?').pluck().get(round);
  const numberIn = (path = ''): number => Number(/rounds\/(\d+)$/.exec(path)?.[1]);
  const results = (round: number) =>
    cafe.ws.prepare('SELECT state, says, tries, cost_micros AS cost FROM test_results WHERE round_id = ? ORDER BY position').all(round) as {
      state: string;
      says: string | null;
      tries: number;
      cost: number | null;
    }[];

  async function begin(id: number, who = 'draft'): Promise<{ path: string; round: number }> {
    const { status, location: path = '' } = await cafe.owner.post(`${pages(id)}/rounds`, { who });
    assert.equal(status, 303);
    return { path, round: numberIn(path) };
  }

  async function run(id: number, who?: string): Promise<{ path: string; round: number; text: string }> {
    const begun = await begin(id, who);
    await eventually(() => assert.equal(stateOf(begun.round), 'done'), 5000);
    return { ...begun, text: (await cafe.owner.get(begun.path)).text };
  }

  it('look for words and phrases in the answer, whatever their case, accents and marks', async () => {
    const id = bot();
    openai.says = 'Yes, the **Café** is open “from nine” to five.[1]';
    await write(id, { holds: 'cafe\n"From Nine"', lacks: 'fiv' });
    await write(id, { holds: 'nineteen' });
    await write(id, { lacks: 'FIVE' });
    const { text } = await run(id);
    assert.match(text, /1 of 3 passed, 2 failed/);
    assert.match(text, /Must contain “nineteen”\. The answer doesn’t say it\./);
    assert.match(text, /Must not contain “FIVE”\. The answer says it\./);
  });

  it('want a source cited, or a person called', async () => {
    const id = bot();
    openai.says = (body) => (JSON.stringify(body).includes('manager') ? '[[call person]]' : 'From nine to five.[1]');
    await write(id, { cites: 'Hours' });
    await write(id, { cites: 'Prices' });
    await write(id, { question: 'Get me the manager of Sunday, please?', by: 'person' });
    await write(id, { by: 'person' });
    const { round, text } = await run(id);
    assert.deepEqual(
      results(round).map(({ state }) => state),
      ['passed', 'failed', 'passed', 'failed'],
    );
    assert.match(text, /Must cite “Prices”\. The answer cites “Hours”\./);
    assert.match(text, /Must call a person\. The bot answered by itself\./);
  });

  const judging = (body: object): boolean => JSON.stringify(body).includes('You judge one answer');

  it('have a rule judged by the model, with its reason and its cost; what failed already needs no judge', async () => {
    const id = bot();
    openai.calls.length = 0;
    openai.says = (body) => (judging(body) ? '**FAIL**\nIt names no day.' : 'From nine to five.[1]');
    await write(id, { rule: 'It names the day.' });
    await write(id, { holds: 'Monday', rule: 'It names the day.' });
    const { round, text } = await run(id);
    assert.match(text, /Rule: It names the day\. It names no day\./);
    assert.match(text, /Not judged: it failed already\./);
    assert.equal(openai.calls.length, 3);
    const [first, second] = results(round);
    assert.ok((first?.cost ?? 0) > (second?.cost ?? 0), 'the judge is paid for, too');
    const spent = cafe.ws
      .prepare(
        "SELECT sum(cost_micros) FROM runs WHERE kind IN ('test', 'judge') AND id IN (SELECT run_id FROM test_results WHERE round_id = @r UNION SELECT judge_run_id FROM test_results WHERE round_id = @r)",
      )
      .pluck()
      .get({ r: round });
    assert.equal((first?.cost ?? 0) + (second?.cost ?? 0), spent);
    const judge = await cafe.owner.get(
      `${cafe.base}/bots/${id}/runs/${String(cafe.ws.prepare('SELECT judge_run_id FROM test_results WHERE round_id = ? AND position = 1').pluck().get(round))}`,
    );
    assert.match(judge.text, /You judge one answer/);
  });

  it('are judged by what the bot’s own rules let out, as its answers are', async () => {
    openai.says = (body) => (judging(body) ? 'PASS: it does.' : 'From nine to five, +49 30 5550171.[1]');
    for (const phone of [true, false]) {
      const id = bot();
      saveDraft(cafe.ws, { botId: id, changes: { masking: { email: false, phone, patterns: [] } }, userId: null });
      publishDraft(cafe.ws, { botId: id, userId: null });
      await write(id, { rule: 'It gives a number.' });
      openai.calls.length = 0;
      await run(id);
      assert.equal(JSON.stringify(openai.calls.at(-1)).includes('5550171'), !phone);
    }
  });

  it('leave it open when the judge writes no verdict, and ask it alone once more', async () => {
    const id = bot();
    openai.says = (body) => (judging(body) ? 'Well, that depends.' : 'From nine to five.[1]');
    await write(id, { rule: 'It names the day.' });
    const { round, path, text } = await run(id);
    assert.match(text, /wrote no verdict, but “Well, that depends\.”/);
    openai.calls.length = 0;
    openai.says = 'PASS: it does.';
    await cafe.owner.post(`${path}/unclear`, {});
    await eventually(() => assert.equal(stateOf(round), 'done'));
    assert.equal(results(round)[0]?.state, 'passed');
    assert.equal(openai.calls.length, 1, 'the answer that was there is kept');
  });

  it('tell a provider that fails from an answer that is wrong, come again when it asks to, and pause where all would fail', async () => {
    const id = bot();
    openai.says = 'From nine to five.[1]';
    await write(id, { holds: 'nine' });
    openai.fail('cut-clean');
    const broken = await run(id);
    assert.deepEqual(
      results(broken.round).map(({ state }) => state),
      ['unclear'],
    );
    openai.retryAfter = '1';
    openai.fail('rate');
    const { round } = await begin(id);
    await eventually(() => assert.equal(results(round)[0]?.tries, 1));
    assert.equal(stateOf(round), 'running');
    cafe.server.clock.move(2000);
    cafe.server.installation.jobs.wake(cafe.ws.id, 0);
    await eventually(() => assert.equal(stateOf(round), 'done'));
    openai.fail('no-credit');
    const paused = await begin(id);
    await eventually(() => assert.equal(stateOf(paused.round), 'paused'));
    assert.match((await cafe.owner.get(paused.path)).text, /Paused\.<\/b>[^<]*credit/);
    await cafe.owner.post(`${paused.path}/resume`, {});
    await eventually(() => assert.equal(stateOf(paused.round), 'done'));
  });

  it('stay within the budget: what it forbids waits, and is gone on with by a person', async () => {
    const id = bot();
    openai.says = 'From nine to five.[1]';
    await write(id, { holds: 'nine' });
    cafe.ws.sql
      .prepare('INSERT INTO budgets (bot_id, currency, day_micros, updated_at) VALUES (?, (SELECT currency FROM business), 0, 0)')
      .run(id);
    openai.calls.length = 0;
    const { round, path } = await begin(id);
    await eventually(() => assert.equal(stateOf(round), 'paused'));
    assert.equal(openai.calls.length, 0);
    const { text } = await cafe.owner.get(`${path}?only=failing`);
    assert.match(text, /budget of .* for the day is spent/);
    assert.match(text, /\/live\?[^"]*only=failing"/, 'what changes is told of the lines that are shown');
    await cafe.owner.post(`${path}/end`, {});
    assert.equal(stateOf(round), 'done');
    assert.deepEqual(
      results(round).map(({ state }) => state),
      ['unclear'],
    );
  });

  it('pause and go on, one run at a time', async () => {
    const id = bot();
    openai.says = 'From nine to five.[1]';
    for (let n = 0; n < 5; n++) await write(id, { question: `Are you open on Sunday, ${n}?`, holds: 'nine' });
    const releases = [openai.holdHalfway(), openai.holdHalfway(), openai.holdHalfway()];
    const { round, path } = await begin(id);
    await eventually(() => assert.equal(results(round).filter(({ state }) => state === 'asking').length, 3));
    assert.equal((await begin(id)).round, round, 'a second press leads to the one that runs');
    await cafe.owner.post(`${path}/pause`, {});
    for (const release of releases) release();
    await eventually(() => assert.equal(results(round).filter(({ state }) => state === 'passed').length, 3));
    assert.equal(results(round).filter(({ state }) => state === 'waiting').length, 2);
    await cafe.owner.post(`${path}/resume`, {});
    await eventually(() => assert.equal(stateOf(round), 'done'));
  });

  it('are asked to their end when the run is ended meanwhile, and stay until then', async () => {
    const id = bot();
    openai.says = 'From nine to five.[1]';
    await write(id, { holds: 'nine' });
    const release = openai.holdHalfway();
    const { round, path } = await begin(id);
    await eventually(() => assert.equal(results(round)[0]?.state, 'asking'));
    await cafe.owner.post(`${path}/end`, {});
    const early = await cafe.owner.post(`${path}/remove`, {});
    assert.equal(early.status, 409);
    assert.match(early.text, /wait until what is being asked is answered/);
    release();
    await eventually(() => assert.equal(results(round)[0]?.state, 'passed'));
    assert.equal((await cafe.owner.post(`${path}/remove`, {})).status, 303);
    assert.equal(results(round).length, 0);
  });

  it('are not said to be asked for ever where the provider put them off, or the server stopped, after the run was ended', async () => {
    const id = bot();
    openai.says = 'From nine to five.[1]';
    for (let n = 0; n < 3; n++) await write(id, { question: `Are you open on Sunday, ${n}?`, holds: 'nine' });
    const { round } = await run(id);
    for (const [position, state] of ['waiting', 'asking', 'judging'].entries())
      cafe.ws.sql.prepare('UPDATE test_results SET state = ? WHERE round_id = ? AND position = ?').run(state, round, position + 1);
    cafe.ws.durable(() => enqueue(cafe.ws, { kind: 'ask-tests', key: String(round) }));
    const says = 'It was not asked: the run was ended before.';
    await eventually(() =>
      assert.deepEqual(
        results(round).map((line) => [line.state, line.says]),
        [1, 2, 3].map(() => ['unclear', says]),
      ),
    );
  });

  it('whose line was deleted since it was taken open no run, which nothing would delete', async () => {
    const id = bot();
    openai.says = 'From nine to five.[1]';
    await write(id, { holds: 'nine' });
    const { round } = await run(id);
    cafe.ws.sql.exec(`
      UPDATE test_rounds SET state = 'running' WHERE id = ${round};
      UPDATE test_results SET state = 'waiting', answer = NULL, run_id = NULL WHERE round_id = ${round}`);
    const [version, line] = [askedVersion(cafe.ws, round), takeLine(cafe.ws, round)];
    assert.ok(version && line);
    cafe.ws.sql.exec(`DELETE FROM test_results WHERE round_id = ${round}`);
    const runs = () => cafe.ws.prepare('SELECT count(*) FROM runs').pluck().get();
    const before = runs();
    assert.deepEqual(await askTest(cafe.ws, version, line, new AbortController().signal), { then: 'go on' });
    assert.equal(runs(), before);
  });

  it('are followed line by line by an open page, from what happened before it listened', async () => {
    const id = bot();
    openai.says = 'From nine to five.[1]';
    await write(id, { question: 'Open on Sunday?', holds: 'nine' });
    await write(id, { question: 'Closed on Sunday?', holds: 'ten' });
    const release = openai.holdHalfway();
    const { path, round } = await begin(id);
    await eventually(() => assert.equal(results(round).filter(({ state }) => state === 'asking').length, 1));
    const headers = { Cookie: cafe.owner.cookie ?? '', Accept: 'text/event-stream' };
    const { body } = await fetch(`${cafe.server.url}${path}/live`, { headers });
    let told = '';
    const reading = (async () => {
      for await (const piece of body ?? []) {
        told += Buffer.from(piece).toString();
        if (told.includes('1 of 2 passed')) return;
      }
    })();
    await eventually(() => assert.match(told, /Being asked/));
    assert.match(told, /1 of 2 are done/);
    release();
    await reading;
    assert.match(told, /hx-target="#result-\d+"/);
  });

  it('work with a bot that has no key, but for rules', async () => {
    const id = bot(false);
    await write(id, { holds: 'nine', cites: 'Hours' });
    await write(id, { rule: 'It is short.' });
    const { text } = await run(id);
    assert.match(text, /1 of 2 passed, 1 is not clear/);
    assert.match(text, /this bot has none\. Choose one under Model and money/);
  });

  it('stand side by side by version, with what has changed', async () => {
    const id = bot();
    openai.says = 'From nine to five.[1]';
    await write(id, { holds: 'nine' });
    publishDraft(cafe.ws, { botId: id, userId: null });
    await run(id, 'live');
    saveDraft(cafe.ws, { botId: id, changes: { instructions: 'Be brief.' }, userId: null });
    openai.says = 'All day.[1]';
    const { text } = await run(id);
    assert.match(text, /Fails now/);
    assert.match(text, /<span>Version 1<\/span><span class="state is-well">Passed/);
    assert.match(text, /<span>Draft<\/span><span class="state is-failed">Failed/);
    const list = await cafe.owner.get(`${cafe.base}/bots`);
    assert.doesNotMatch(list.text, /1 test failed<\/a>/, 'what customers get has passed');
  });

  it('hold up publishing where that is wanted, until they pass or somebody says why not', async () => {
    const id = bot();
    openai.says = 'From nine to five.[1]';
    await write(id, { holds: 'nine' });
    await cafe.owner.post(`${pages(id)}/plan`, { blocks: 'on', every: 'never' });
    const publish = () => cafe.owner.post(`${cafe.base}/bots/${id}/versions`, {});
    const live = () => cafe.ws.prepare('SELECT published_version_id FROM bots WHERE id = ?').pluck().get(id);
    assert.match((await publish()).location ?? '', /\/tests$/);
    assert.equal(live(), null);
    await run(id);
    await publish();
    const first = live();
    assert.ok(first, 'once they have passed it goes live');
    saveDraft(cafe.ws, { botId: id, changes: { instructions: 'Be brief.' }, userId: null });
    await publish();
    assert.equal(live(), first, 'a draft that was changed is to be tested anew');
    openai.says = 'All day.[1]';
    await run(id);
    assert.match((await cafe.owner.get(pages(id))).text, /Its test has not passed/);
    assert.equal((await cafe.owner.post(`${pages(id)}/publish`, { note: ' ' })).status, 422);
    await cafe.owner.post(`${pages(id)}/publish`, { note: 'The test is out of date.' });
    assert.notEqual(live(), first);
    const noted = cafe.ws
      .prepare("SELECT detail FROM audit_events WHERE action = 'bot.published' ORDER BY id DESC")
      .pluck()
      .get() as string;
    assert.equal((JSON.parse(noted) as { anyway: string }).anyway, 'The test is out of date.');
  });

  it('say what is wrong with a test that asks nothing, or asks for two things that can’t be', async () => {
    const id = bot();
    const wrong = async (fields: Record<string, string>, says: RegExp): Promise<void> => {
      const { status, text } = await cafe.owner.post(pages(id), { question: ASKED, by: 'bot', ...fields });
      assert.equal(status, 422);
      assert.match(text, says);
    };
    await wrong({}, /Nothing is wanted of the answer yet/);
    await wrong({ question: ' ', holds: 'nine' }, /Write what is asked/);
    await wrong({ by: 'person', holds: 'nine' }, /there is no answer to look into/);
    await wrong({ holds: 'x'.repeat(301) }, /300 characters at most/);
    assert.equal((await cafe.owner.post(`${pages(id)}/rounds`, { who: 'draft' })).status, 409);
  });

  function upload(id: number, content: string | Buffer) {
    const file = { name: 'tests.csv', content: Buffer.from(content), type: 'text/csv' };
    const body = formOf({ csrf: cafe.owner.csrf ?? '' }, [file]);
    return cafe.owner.send('POST', `${pages(id)}/import`, { body, headers: { Accept: 'text/html', Origin: cafe.server.url } });
  }

  it('go out and come in as CSV; rows that are none are named, and 1,000 are the most', async () => {
    const id = bot();
    await write(id, { holds: '=nine\n“from”', lacks: 'ten', cites: 'Hours', rule: 'It is short,\nand kind.' });
    await write(id, { question: 'A person?', by: 'person' });
    const { text: file } = await cafe.owner.get(`${pages(id)}/file`);
    const other = bot();
    assert.equal((await upload(other, file)).status, 303);
    const kept = (bot: number) => cafe.ws.prepare('SELECT question, wants FROM answer_tests WHERE bot_id = ? ORDER BY id').all(bot);
    assert.deepEqual(kept(other), kept(id));
    assert.equal((await upload(other, file)).status, 303);
    assert.equal(kept(other).length, 2, 'what is there comes in once');
    const partly = await upload(other, 'Question;Must contain\nOpen?;nine\n;nine\nLate?;\n');
    assert.equal(partly.status, 422);
    assert.match(partly.text, /One test came in\. Some rows were not taken\./);
    assert.match(partly.text, /<th scope="row">3<\/th>/);
    assert.match((await upload(other, 'a,b\n1,2\n')).text, /No column is called “question”/);
    const many = await upload(other, `question,must contain\n${Array.from({ length: 1001 }, (_, n) => `Question ${n}?,nine`).join('\n')}`);
    assert.match(many.text, /1,000 tests are the most: four had no room/);
    const page = await cafe.owner.get(`${pages(other)}?page=10`);
    assert.equal(page.status, 200);
    assert.match(page.text, /1,000 tests\./);
  });

  it('come in from what Excel writes in the West; what could be any other letters is refused, with the way out', async () => {
    const id = bot();
    assert.equal((await upload(id, Buffer.from('question;must contain\nHabt ihr S\xfc\xdfes?;K\xe4sekuchen\n', 'latin1'))).status, 303);
    assert.match((await cafe.owner.get(pages(id))).text, /Habt ihr Süßes\?[^]*Contains “Käsekuchen”/);
    // "Есть торт?" in Windows-1251.
    const russian = Buffer.from('question;must contain\n\xc5\xf1\xf2\xfc \xf2\xee\xf0\xf2?;\xf2\xee\xf0\xf2\n', 'latin1');
    const { status, text } = await upload(id, russian);
    assert.equal(status, 422);
    assert.match(text, /can’t tell in which encoding this file is written\. Save it as UTF-8/);
  });

  it('travel with the bot’s file', async () => {
    const id = bot();
    await write(id, { holds: 'nine' });
    const { text: content } = await cafe.owner.get(`${cafe.base}/bots/${id}/file`);
    const { location } = await cafe.owner.post(`${cafe.base}/bots/import/keep`, { content });
    const page = await cafe.owner.get(`${location ?? ''}/tests`);
    assert.match(page.text, /Contains “nine”/);
  });

  it('are run by themselves on what is live, and tell the team what failed', async () => {
    const id = bot();
    openai.says = 'From nine to five.[1]';
    await write(id, { holds: 'nine' });
    publishDraft(cafe.ws, { botId: id, userId: null });
    await cafe.owner.post(`${pages(id)}/plan`, { every: 'day' });
    const due = () => cafe.ws.prepare("SELECT due_at FROM jobs WHERE kind = 'test-on-time' AND key = ?").pluck().get(String(id));
    const tomorrow = cafe.ws.clock.now() + 24 * 3600_000;
    assert.equal(due(), tomorrow);
    openai.says = 'All day.[1]';
    // The time has come: moving the clock by a day would end the session, too.
    cafe.ws.sql.exec("UPDATE jobs SET due_at = 0 WHERE kind = 'test-on-time'");
    cafe.server.installation.jobs.wake(cafe.ws.id, 0);
    const rounds = cafe.ws
      .prepare("SELECT version_number FROM test_rounds WHERE bot_id = ? AND cause = 'schedule' AND state = 'done'")
      .pluck();
    await eventually(() => assert.deepEqual(rounds.all(id), [1]));
    assert.equal(due(), tomorrow, 'and again a day from now');
    await eventually(() => assert.deepEqual(cafe.ws.prepare('SELECT event FROM hook_calls').pluck().all(), ['tests.failed']));
    assert.match((await cafe.owner.get(`${cafe.base}/bots`)).text, /1 test failed<\/a>/);
  });

  it('that ran by themselves and paused are told to the team, and the next time comes all the same', async () => {
    cafe.ws.sql.exec('DELETE FROM hook_calls');
    const id = bot();
    openai.says = 'From nine to five.[1]';
    await write(id, { holds: 'nine' });
    publishDraft(cafe.ws, { botId: id, userId: null });
    await cafe.owner.post(`${pages(id)}/plan`, { every: 'day' });
    const onTime = (): void => {
      cafe.ws.sql.prepare("UPDATE jobs SET due_at = 0 WHERE kind = 'test-on-time' AND key = ?").run(String(id));
      cafe.server.installation.jobs.wake(cafe.ws.id, 0);
    };
    const rounds = () => cafe.ws.prepare('SELECT state FROM test_rounds WHERE bot_id = ? ORDER BY id').pluck().all(id);
    openai.fail('no-credit');
    onTime();
    await eventually(() => assert.deepEqual(rounds(), ['paused']));
    const told = () => cafe.ws.prepare("SELECT event || (body ->> '$.says') FROM hook_calls").pluck().all();
    await eventually(() => assert.match(told().join(), /^tests\.paused.*credit/));
    onTime();
    await eventually(() => assert.deepEqual(rounds(), ['done', 'done']));
  });
});
