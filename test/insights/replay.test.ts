import assert from 'node:assert/strict';
import { askTests } from '../../src/answering/index.ts';
import { createBot, publishDraft } from '../../src/bots/index.ts';
import { eventually } from '../support/eventually.ts';
import { openCafe } from '../support/cafe.ts';
import { widgetChannel } from '../support/stand-in-channel.ts';
import { closeSearch } from '../../src/knowledge/index.ts';
import { receiveEvents } from '../../src/conversations/index.ts';

describe('recent questions', () => {
  const cafe = openCafe(before, after);
  let botId: number;
  let channelId: number;
  const tests = (): string => `${cafe.base}/bots/${botId}/tests`;

  before(async () => {
    botId = createBot(cafe.ws, { settings: { name: 'Aurora' }, userId: null }).botId;
    publishDraft(cafe.ws, { botId, userId: null });
    channelId = widgetChannel(cafe.ws, { botId }).id;
    await cafe.server.installation.jobs.start({ 'ask-tests': askTests });
  });
  after(closeSearch);

  let n = 0;
  /** A customer asked, and was answered so; null: a person was called. Returns the run. */
  async function asked(question: string, answer: string | null, name = 'Leyla Demir'): Promise<{ runId: number; conversationId: number }> {
    n += 1;
    const [received] = await receiveEvents(cafe.ws, channelId, [
      {
        type: 'message',
        thread: `t${n}`,
        sender: { externalId: `guest-${n}`, displayName: name },
        externalId: `m${n}`,
        saidAt: cafe.ws.clock.now(),
        parts: [{ kind: 'text', text: question }],
      },
    ]);
    assert.ok(received?.conversationId);
    const { lastInsertRowid } = cafe.ws
      .prepare(
        `INSERT INTO runs (conversation_id, bot_version_id, kind, boot, state, answers_through, question, passages, prompt, answer, started_at, ended_at)
         VALUES (?, (SELECT published_version_id FROM bots WHERE id = ?), 'answer', 'x', ?, ?, ?, '[]', '[]', ?, ?, 0)`,
      )
      .run(
        received.conversationId,
        botId,
        answer === null ? 'fell-back' : 'answered',
        received.messageId,
        question,
        answer,
        cafe.ws.clock.now() + n,
      );
    return { runId: Number(lastInsertRowid), conversationId: received.conversationId };
  }

  async function replay(): Promise<{ path: string; round: number }> {
    const {
      status,
      location: path = '',
      text,
    } = await cafe.owner.post(`${cafe.base}/bots/${botId}/replays`, { questions: '20', who: 'draft' });
    assert.equal(status, 303, text);
    const round = Number(/rounds\/(\d+)$/.exec(path)?.[1]);
    await eventually(() => assert.equal(cafe.ws.prepare('SELECT state FROM test_rounds WHERE id = ?').pluck().get(round), 'done'));
    return { path, round };
  }
  const lines = (round: number) =>
    cafe.ws
      .prepare('SELECT question, before_answer AS said, run_id AS runId FROM test_results WHERE round_id = ? ORDER BY position')
      .all(round) as {
      question: string;
      said: string | null;
      runId: number;
    }[];

  it('that nobody has asked yet can’t be asked again, which is said', async () => {
    const { status, text } = await cafe.owner.post(`${cafe.base}/bots/${botId}/replays`, { questions: '20', who: 'draft' });
    assert.equal(status, 409);
    assert.match(text, /No customer has asked this bot anything yet/);
  });

  it('are asked again, masked, beside what the customer was told', async () => {
    await asked('I am Leyla Demir, 0151 23456789. Do you have a vegan cake?', 'Yes, Leyla: the lemon cake.[1]');
    await asked('Is there parking?', null, 'Tom');
    await asked('Thanks!', 'You are welcome.', 'Tom');
    const { round, path } = await replay();
    assert.deepEqual(
      lines(round).map(({ question, said }) => [question, said]),
      [
        ['Is there parking?', null],
        ['I am [name removed], [phone number removed]. Do you have a vegan cake?', 'Yes, [name removed]: the lemon cake.'],
      ],
    );
    const { text } = await cafe.owner.get(path);
    assert.match(text, /2 questions were asked again/);
    assert.match(text, /Calls a person now/);
    const differs = /(?:No|[A-Z][a-z]+) answers? differs?\./.exec(text)?.[0] ?? assert.fail('it doesn’t say how many differ');
    assert.notEqual(differs, 'No answer differs.');
    assert.ok((await cafe.owner.get(`${path}?only=failing`)).text.includes(differs), 'of all lines, whichever are shown');
  });

  it('of contacts who are erased or left alone are left out, and those of a deleted conversation go with it, with the runs that asked them', async () => {
    const { round } = await replay();
    const gone = lines(round)[1];
    assert.ok(gone);
    const conversation = cafe.ws.prepare('SELECT conversation_id FROM test_results WHERE run_id = ?').pluck().get(gone.runId) as number;
    cafe.ws.sql
      .prepare('UPDATE contacts SET restricted_at = 1 WHERE id = (SELECT contact_id FROM conversations WHERE id = ?)')
      .run(conversation);
    const again = await replay();
    assert.deepEqual(
      lines(again.round).map(({ question }) => question),
      ['Is there parking?'],
    );
    const contact = cafe.ws.prepare('SELECT contact_id FROM conversations WHERE id = ?').pluck().get(conversation);
    for (const why of ['blocked_at', 'stopped_at', 'people_only_at', 'erased_at']) {
      cafe.ws.sql.prepare(`UPDATE contacts SET restricted_at = NULL, ${why} = 1 WHERE id = ?`).run(contact);
      assert.equal(lines((await replay()).round).length, 1, why);
      cafe.ws.sql.prepare(`UPDATE contacts SET restricted_at = 1, ${why} = NULL WHERE id = ?`).run(contact);
    }
    cafe.ws.sql.exec(
      `INSERT INTO tool_calls (run_id, name, title, state, input, started_at) VALUES (${gone.runId}, 'look', 'Look', 'done', '{}', 1)`,
    );
    deleteConversation(conversation);
    assert.deepEqual(
      lines(round).map(({ question }) => question),
      ['Is there parking?'],
    );
    assert.equal(cafe.ws.prepare('SELECT count(*) FROM runs WHERE id = ?').pluck().get(gone.runId), 0);
    assert.equal(cafe.ws.prepare('SELECT count(*) FROM provider_calls WHERE run_id = ?').pluck().get(gone.runId), 0);
    for (const table of ['runs', 'test_results'])
      assert.equal(cafe.ws.prepare(`SELECT count(*) FROM ${table} WHERE question LIKE '%vegan%'`).pluck().get(), 0, table);
  });

  it('of who wants to be left alone since the run began go to no model', async () => {
    const { conversationId } = await asked('Do you sell coffee beans?', 'Yes.', 'Luis');
    const { round, path } = await replay();
    cafe.ws.sql.exec(`
      UPDATE test_results SET state = 'unclear', answer = NULL, run_id = NULL WHERE conversation_id = ${conversationId};
      UPDATE contacts SET people_only_at = 1 WHERE id = (SELECT contact_id FROM conversations WHERE id = ${conversationId})`);
    await cafe.owner.post(`${path}/unclear`, {});
    const line = () =>
      cafe.ws
        .prepare('SELECT state, says, run_id FROM test_results WHERE round_id = ? AND conversation_id = ?')
        .raw()
        .get(round, conversationId);
    const says = 'Whoever asked this wants to be left alone: it goes to no model.';
    await eventually(() => assert.deepEqual(line(), ['unclear', says, null]));
  });

  /** As a purge does, what leads to it first. */
  function deleteConversation(id: number): void {
    cafe.ws.sql.pragma('foreign_keys = OFF');
    for (const [table, column] of [
      ['runs', 'conversation_id'],
      ['deliveries', 'conversation_id'],
      ['messages', 'conversation_id'],
    ])
      cafe.ws.sql.prepare(`DELETE FROM ${table} WHERE ${column} = ?`).run(id);
    cafe.ws.sql.pragma('foreign_keys = ON');
    cafe.ws.sql.prepare('DELETE FROM conversations WHERE id = ?').run(id);
  }

  it('are kept as tests, masked: in the customer’s words they go with the conversation, in other words they stay', async () => {
    const { runId, conversationId } = await asked('Ana Silva here. Do you bake on Monday?', 'No.', 'Ana Silva');
    const from = `${tests()}/from/run/${runId}`;
    const { text } = await cafe.owner.get(from);
    assert.match(text, /\[name removed\] here\. Do you bake on Monday\?/);
    assert.match(text, /If they are erased, it goes too/);
    const keep = (question: string) => cafe.owner.post(from, { question, by: 'bot', holds: 'no' });
    assert.equal((await keep('[name removed] here. Do you bake on Monday?')).status, 303);
    assert.equal((await keep('Do you bake on Mondays?')).status, 303);
    const kept = () => cafe.ws.prepare('SELECT question, conversation_id AS whose FROM answer_tests ORDER BY id').all();
    assert.deepEqual(
      kept().map((row) => ({ ...(row as object) })),
      [
        { question: '[name removed] here. Do you bake on Monday?', whose: conversationId },
        { question: 'Do you bake on Mondays?', whose: null },
      ],
    );
    const { text: file } = await cafe.owner.get(`${cafe.base}/bots/${botId}/file`);
    assert.deepEqual(
      (JSON.parse(file) as { tests: { question: string }[] }).tests.map(({ question }) => question),
      ['Do you bake on Mondays?'],
    );
    deleteConversation(conversationId);
    assert.equal(kept().length, 1);
  });

  it('are kept from another bot’s run only there, and from a gap of the list', async () => {
    const other = createBot(cafe.ws, { settings: { name: 'Luna' }, userId: null }).botId;
    const { runId, conversationId } = await asked('Do you sell bread?', null, 'Tom');
    assert.equal((await cafe.owner.get(`${cafe.base}/bots/${other}/tests/from/run/${runId}`)).status, 404);
    cafe.ws.sql.exec(`
      INSERT INTO gap_groups (id, state, created_at, updated_at) VALUES (1, 'open', 1, 1);
      INSERT INTO messages (id, conversation_id, author, text, run_id, said_at, created_at, revision) VALUES (9000, ${conversationId}, 'bot', 'Sorry.', ${runId}, 1, 1, 0);
      INSERT INTO gaps (group_id, contact_id, conversation_id, message_id, reply_id, reason, text, words)
        SELECT 1, contact_id, id, last_customer_message_id, 9000, 'not-found', 'Do you sell bread?', 'sell bread' FROM conversations WHERE id = ${conversationId}`);
    const { text } = await cafe.owner.get(`${cafe.base}/unanswered/1`);
    const path = /href="([^"]+\/tests\/from\/gap\/\d+)"/.exec(text)?.[1];
    assert.ok(path);
    assert.match((await cafe.owner.get(path)).text, /Do you sell bread\?/);
    assert.equal((await cafe.owner.get(path.replace(`/bots/${botId}/`, `/bots/${other}/`))).status, 404);
    assert.equal((await cafe.owner.get(path.replace('/gap/', '/constructor/'))).status, 404);
  });
});
