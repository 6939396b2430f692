import assert from 'node:assert/strict';
import { receiveEvents, replyAsBot, sayAsPerson, takeOver, addNote, wantPerson } from '../../src/conversations/index.ts';
import { moveDelivery } from '../../src/conversations/receive-receipt.ts';
import { inboxCast, type InboxCast } from '../conversations/inbox-cast.ts';
import { pageOf, type Dom } from '../support/dom.ts';
import { hearStatements, scansOf } from '../support/plans.ts';
import { traceOf } from '../../src/answering/trace.queries.ts';

const SECOND = 1000;

describe('the trace of a message', () => {
  let cast: InboxCast;
  beforeEach(async () => {
    cast = await inboxCast();
  });
  afterEach(() => cast.end());

  const clean = (of: Dom | null | undefined): string => (of?.textContent ?? '').replace(/\s+/g, ' ').trim();
  const trace = async (messageId: number): Promise<{ line: string; steps: string[]; page: Dom }> => {
    const page = pageOf(await (await cast.server.as('viewer')).get(`${cast.base}/messages/${messageId}/trace`));
    return { line: clean(page.querySelector('.page-head .line')), steps: [...page.querySelectorAll('.message-way > li')].map(clean), page };
  };
  const newest = (): number => cast.ws.sql.prepare("SELECT max(id) FROM messages WHERE author = 'customer'").pluck().get() as number;
  const pass = (ms: number): void => cast.server.clock.move(ms);
  const runOf = (conversationId: number, answersThrough: number, more: Record<string, string | number | null>): number => {
    const id = cast.run(conversationId, 'x');
    const columns = { answers_through: answersThrough, ...more };
    for (const [column, value] of Object.entries(columns)) cast.ws.sql.prepare(`UPDATE runs SET ${column} = ? WHERE id = ?`).run(value, id);
    return id;
  };
  const settle = (conversationId: number, state: 'sent' | 'delivered' | 'read'): void => {
    const ids = cast.ws.sql.prepare('SELECT id FROM deliveries WHERE conversation_id = ?').pluck().all(conversationId) as number[];
    cast.ws.durable(() => ids.forEach((id) => moveDelivery(cast.ws, id, state, cast.server.clock.now())));
  };

  it('tells its whole life: what it came with, a dropped attempt and why, the answer, each state of its delivery, what the customer made of it', async () => {
    const id = await cast.write('Jonas', 'Hello');
    runOf(id, newest(), { state: 'answered' });
    cast.botSays(id, 'Hello!', { answersThrough: newest() });
    pass(60 * SECOND);
    await cast.write('Jonas', 'Do you do cakes?');
    const first = newest();
    pass(2 * SECOND);
    const began = cast.server.clock.now();
    runOf(id, first, { state: 'dropped', why: 'newer message', shown: 'Yes, we', search_ms: 12, started_at: began, ended_at: began + 800 });
    pass(800);
    await cast.write('Jonas', 'For eleven?');
    const second = newest();
    pass(1500);
    const at = cast.server.clock.now();
    const run = runOf(id, second, { state: 'answered', search_ms: 9, started_at: at, ended_at: at + 1340 });
    pass(1340);
    cast.ws.durable(() =>
      replyAsBot(cast.ws, { conversationId: id, runId: run, answersThrough: second, text: 'Yes.', sources: [], language: 'en' }),
    );
    cast.ws.sql.prepare('UPDATE deliveries SET sending_at = ?, attempts = 2').run(cast.server.clock.now());
    for (const state of ['sent', 'delivered', 'read'] as const) {
      pass(SECOND);
      settle(id, state);
    }
    const { line, steps, page } = await trace(first);
    assert.equal(line, 'Answered by the bot 5.6 s after it came. It was read.');
    assert.deepEqual(steps, [
      '10:01:00Came in, and was stored',
      '10:01:01+ 2.0 sTaken up by the bot (attempt 1 of 2)2 passages of the knowledge found in 12 ms.',
      '10:01:02+ 0.8 sThe customer wrote again“For eleven?” Both are one turn, and are answered together.Its trace',
      '10:01:02The answer was droppedThe customer wrote again first, and both were answered together. What the customer had seen of it stays, marked as cut off.How it was made',
      '10:01:04+ 1.5 sTaken up by the bot (attempt 2 of 2)2 passages of the knowledge found in 9 ms.',
      '10:01:05+ 1.3 sThe answer was wholeIts first word came after 0.6 s.How it was made',
      '10:01:05The reply was storedBy the bot.',
      '10:01:05All 2 parts: handed to TelegramThe last of 2 attempts.',
      '10:01:06+ 1.0 sAll 2 parts: taken by Telegram',
      '10:01:07+ 1.0 sAll 2 parts: delivered',
      '10:01:08+ 1.0 sAll 2 parts: read',
    ]);
    assert.equal(page.querySelector('.message-way a[href*="/runs/"]')?.getAttribute('href'), `${cast.base}/conversations/${id}/runs/2`);
    cast.ws.sql
      .prepare("UPDATE messages SET reaction = '🎂', rating = 'good', rated_at = ?, wrong_by = ?, wrong_at = ? WHERE author = 'bot'")
      .run(cast.server.clock.now(), cast.server.people.owner, cast.server.clock.now());
    const opinions = (await trace(second)).steps.join(' | ');
    assert.match(opinions, /It helped|it helped/);
    assert.match(opinions, /The answer was wrongSo says Mira\./);
    assert.match(opinions, /The customer reacted: 🎂/);
    assert.match(opinions, /The customer had written before“Do you do cakes\?”/);
  });

  it('says what is uncertain, failed, or still waits, without colour: each state is a word', async () => {
    const id = await cast.write('Jonas', 'Are you open?');
    const asked = newest();
    sayAsPerson(cast.ws, { conversationId: id, userId: cast.server.people.agent, text: 'Yes.' });
    assert.match((await trace(asked)).steps.join(' | '), /By Ana\. \| .*Waits to be sent/);
    cast.ws.sql.exec("UPDATE deliveries SET state = 'uncertain', sending_at = 1, says = 'Telegram did not say whether this arrived.'");
    const uncertain = await trace(asked);
    assert.match(uncertain.steps.join(' | '), /Uncertain: not sent againTelegram did not say whether this arrived\./);
    assert.match(uncertain.line, /^Answered by Ana .* Whether it arrived is uncertain: it was not sent again\.$/);
    cast.ws.sql.exec("UPDATE deliveries SET state = 'failed', says = 'Jonas has blocked the bot.'");
    const failed = await trace(asked);
    assert.match(failed.steps.at(-1) ?? '', /Not sentJonas has blocked the bot\./);
    assert.match(failed.line, /It was not sent\.$/);
  });

  it('of one that nobody answered says what it waits for: the bot, a person, a job that gave up, or nothing', async () => {
    const id = await cast.write('Jonas', 'Are you open?');
    const asked = newest();
    assert.match((await trace(asked)).steps.at(-1) ?? '', /Waits for the bot until 10:00:01$/, 'the customer may be adding to it');
    pass(12 * 60 * SECOND);
    const waiting = await trace(asked);
    assert.equal(waiting.line, 'It has had no answer for 12 min.');
    assert.match(waiting.steps.at(-1) ?? '', /Waits for the bot$/);
    cast.ws.sql.exec("UPDATE jobs SET parked_at = 1, says = 'It died three times.' WHERE kind = 'answer'");
    assert.match((await trace(asked)).steps.join(' | '), /The bot gave upIt died three times\./);
    cast.ws.sql.exec('DELETE FROM jobs');
    cast.ws.durable(() => wantPerson(cast.ws, { id }, 'The customer asked for a person.'));
    assert.match((await trace(asked)).steps.join(' | '), /A person was calledThe customer asked for a person\..*Waits for a person/);
    takeOver(cast.ws, id, cast.server.people.agent);
    assert.match((await trace(asked)).steps.join(' | '), /A person took overAna took over\..*Waits for an answer/);
    cast.ws.sql.exec('UPDATE contacts SET stopped_at = 1');
    assert.equal((await trace(asked)).line, 'It has no answer: this contact gets none.');
    cast.ws.sql.exec("UPDATE contacts SET stopped_at = NULL; UPDATE conversations SET status = 'resolved'");
    assert.equal((await trace(asked)).line, 'The conversation was marked as done without an answer.');
  });

  it('of one that came late says so, and that it was too old for the bot', async () => {
    const [received] = await receiveEvents(cast.ws, 1, [
      {
        type: 'message',
        thread: '1',
        sender: { externalId: '1' },
        externalId: 'x',
        saidAt: cast.server.clock.now() - 14 * 3600 * SECOND,
        parts: [{ kind: 'image', text: 'Like this' }],
      },
    ]);
    const { steps } = await trace(received?.messageId ?? 0);
    assert.match(steps[0] ?? '', /WrittenBy Telegram’s own clock\./);
    assert.match(
      steps[1] ?? '',
      /\+ 14 hCame in, and was stored14 h after it was written\. That is too old for the bot: a person was called\. With a picture\./,
    );
  });

  it('of an answer is that of its question; of a note, of a person’s words, of what was taken back it says what there is', async () => {
    const id = await cast.write('Jonas', 'Are you open?');
    const asked = newest();
    const answered = cast.botSays(id, 'Yes.', { answersThrough: asked });
    const agent = await cast.server.as('agent');
    assert.equal((await agent.get(`${cast.base}/messages/${answered}/trace`)).location, `${cast.base}/messages/${asked}/trace`);
    const { messageId: note } = addNote(cast.ws, { conversationId: id, userId: cast.server.people.agent, text: 'A regular.' });
    const ofNote = await trace(note);
    assert.deepEqual([ofNote.line, ofNote.steps], ['A note stays among the team: it goes nowhere.', []]);
    const { messageId: said } = sayAsPerson(cast.ws, { conversationId: id, userId: cast.server.people.agent, text: 'From nine.' });
    assert.equal((await trace(said)).line, 'How this went out. It waits to be sent.');
    await cast.write('Jonas', 'Oh, wrong number');
    cast.ws.sql.prepare('UPDATE messages SET revoked_at = ? WHERE id = ?').run(cast.server.clock.now(), newest());
    const back = await trace(newest());
    assert.equal(back.line, 'The customer took it back before it was answered.');
    assert.doesNotMatch(clean(back.page), /wrong number/);
  });

  it('isn’t there for what was never said or was purged, and is for members alone', async () => {
    await cast.write('Jonas', 'Are you open?');
    const path = `${cast.base}/messages/${newest()}/trace`;
    assert.equal((await (await cast.server.as('viewer')).get(`${cast.base}/messages/4711/trace`)).status, 404);
    assert.equal((await (await cast.server.as('outsider')).get(path)).status, 404);
    assert.equal((await cast.server.stranger().get(path)).location?.startsWith('/sign-in'), true);
  });

  it('is reached from each message and each answer, and reads no table from end to end', async () => {
    const id = await cast.write('Jonas', 'Are you open?');
    cast.delivery(cast.botSays(id, 'Yes.', { answersThrough: newest() }), 'sent');
    const page = pageOf(await (await cast.server.as('viewer')).get(`${cast.base}/conversations/${id}`));
    const links = [...page.querySelectorAll('#thread a[href$="/trace"]')].map((link) => [clean(link), link.getAttribute('href')]);
    assert.deepEqual(links, [
      ['10:00, its trace', `${cast.base}/messages/1/trace`],
      ['Trace', `${cast.base}/messages/2/trace`],
    ]);
    const texts = hearStatements(cast.ws);
    traceOf(cast.ws, 1);
    traceOf(cast.ws, 2);
    assert.deepEqual(
      [...texts].flatMap((text) => scansOf(cast.ws, text)),
      [],
    );
  });
});
