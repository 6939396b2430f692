import assert from 'node:assert/strict';
import { tellNobodyCame } from '../../src/answering/index.ts';
import { handBack, takeOver, wantPerson } from '../../src/conversations/index.ts';
import { lookForSilence } from '../../src/conversations/waiting/notice-silence.ts';
import { editWaitingTimes, waitingTimesOf, type WaitingTimes } from '../../src/conversations/waiting/waiting-times.ts';
import { castOf, MIRA, type Cast } from '../conversations/cast.ts';
import { eventually } from '../support/eventually.ts';

const MINUTE = 60_000;
const TOLD = /^It’s taking longer than it should/;

describe('nobody came', () => {
  let cast: Cast;
  let conversationId: number;
  beforeEach(async () => {
    cast = await castOf();
    await start();
    conversationId = (await cast.write('Can I talk to a person about a wedding cake?')).conversationId ?? 0;
  });
  afterEach(() => cast.test.end());

  const start = () =>
    cast.test.installation.jobs.start({
      'nobody-came': { run: tellNobodyCame },
      answer: { run: async (_, job) => job.finishQuietly() },
      deliver: { run: async (_, job) => job.finishQuietly() },
      'tell-team': { run: async (_, job) => job.finishQuietly() },
    });
  const call = (why = 'The customer asked for a person.', options = {}): void =>
    void cast.ws.durable(() => wantPerson(cast.ws, { id: conversationId }, why, options));
  const said = () => cast.all<{ text: string }>("SELECT text FROM messages WHERE author = 'bot' ORDER BY id").map(({ text }) => text);
  const history = () => cast.all<{ text: string }>("SELECT text FROM messages WHERE event = 'nobody-came'").map(({ text }) => text);
  const jobs = () => cast.all<{ dueAt: number }>("SELECT due_at AS dueAt FROM jobs WHERE kind = 'nobody-came'");
  const set = (times: Partial<WaitingTimes>): void => editWaitingTimes(cast.ws, MIRA, { ...waitingTimesOf(cast.ws), ...times });
  const pass = (minutes: number): void => {
    cast.clock.move(minutes * MINUTE);
    cast.test.installation.jobs.tick();
  };
  const done = () => eventually(() => assert.deepEqual(jobs(), []));

  it('tells the customer after ten minutes, once, in their language; the conversation stays on top', async () => {
    await cast.write('Ich möchte bitte mit einem Menschen über eine Torte sprechen, wann geht das?');
    call();
    const since = cast.one<{ since: number }>('SELECT wanted_since AS since FROM conversations').since;
    assert.deepEqual(jobs(), [{ dueAt: since + 10 * MINUTE }], 'a row, in the transaction that calls');
    pass(9);
    assert.deepEqual(said(), []);
    pass(1);
    await done();
    assert.match(said().join(), /^Es dauert länger als gedacht/);
    assert.deepEqual(history(), ['Nobody came for 10 min. The customer was told.']);
    assert.equal(cast.one<{ since: number }>('SELECT wanted_since AS since FROM conversations').since, since);
    call('Asked again.');
    pass(60);
    assert.deepEqual(jobs(), [], 'no loop: called again, nothing is enqueued while the call stands');
    assert.equal(said().length, 1);
  });

  it('says nothing once a person came, also in the last instant, or the conversation is done', async () => {
    call();
    takeOver(cast.ws, conversationId, MIRA);
    pass(10);
    await done();
    handBack(cast.ws, conversationId, MIRA);
    call();
    cast.ws.sql.exec("UPDATE conversations SET status = 'resolved', wanted_since = NULL");
    pass(10);
    await done();
    assert.deepEqual([said(), history()], [[], []]);
  });

  it('says nothing while somebody has it, though they have forgotten it and the team was called again', async () => {
    set({ nobodyMs: 60 * MINUTE });
    cast.clock.move(10 * MINUTE);
    lookForSilence(cast.ws);
    assert.equal(jobs().length, 1);
    takeOver(cast.ws, conversationId, MIRA);
    cast.clock.move(10 * MINUTE);
    lookForSilence(cast.ws);
    assert.notEqual(cast.one<{ since: number | null }>('SELECT wanted_since AS since FROM conversations').since, null);
    pass(60);
    await done();
    assert.deepEqual([said(), history()], [[], []]);
  });

  it('is void when another call has followed of which the customer knows nothing', async () => {
    call();
    cast.clock.move(MINUTE);
    takeOver(cast.ws, conversationId, MIRA);
    handBack(cast.ws, conversationId, MIRA);
    call('A message could not be delivered.', { tellIfNobody: false });
    pass(10);
    await done();
    assert.deepEqual(said(), []);
  });

  it('counts anew from a second call, though the first one’s row still waits', async () => {
    call();
    pass(8);
    takeOver(cast.ws, conversationId, MIRA);
    handBack(cast.ws, conversationId, MIRA);
    call();
    pass(2);
    await eventually(() => assert.equal(jobs()[0]?.dueAt, cast.clock.now() + 8 * MINUTE));
    assert.deepEqual(said(), []);
    pass(8);
    await done();
    assert.match(said().join(), TOLD);
  });

  it('keeps to the time, the sentence and the switch that are set', async () => {
    set({ nobodyMs: 2 * MINUTE, nobodyText: 'Wir sind gleich da.' });
    cast.ws.sql.exec("UPDATE business SET language = 'de'");
    call();
    pass(2);
    await done();
    assert.match(said().join(), TOLD, 'the owner’s sentence is in German, the customer writes English');
    cast.ws.sql.exec("UPDATE business SET language = 'en'");
    takeOver(cast.ws, conversationId, MIRA);
    handBack(cast.ws, conversationId, MIRA);
    call();
    pass(2);
    await done();
    assert.equal(said().at(-1), 'Wir sind gleich da.');
    set({ nobodyMs: null });
    takeOver(cast.ws, conversationId, MIRA);
    handBack(cast.ws, conversationId, MIRA);
    call();
    assert.deepEqual(jobs(), []);
  });

  it('lets the bot answer again where the business wants it, with the person still called', async () => {
    set({ nobodyHandsBack: true });
    cast.ws.sql.exec("UPDATE conversations SET turn = 'person'");
    call();
    pass(10);
    await done();
    const { turn, wanted } = cast.one<{ turn: string; wanted: number }>(
      'SELECT turn, wanted_since IS NOT NULL AS wanted FROM conversations',
    );
    assert.deepEqual([turn, wanted], ['bot', 1]);
    assert.equal(
      cast.one<{ n: number }>("SELECT count(*) AS n FROM jobs WHERE kind = 'answer'").n,
      1,
      'what nobody answered goes to the bot',
    );
  });

  it('tells the team, not the customer, where the channel takes nothing, and where the customer waits for nothing', async () => {
    call();
    cast.ws.sql.exec("UPDATE channels SET status = 'paused'");
    pass(10);
    await done();
    assert.deepEqual(said(), []);
    assert.match(history().join(), /^Nobody came for 10 min\. The customer was not told/);
    cast.ws.sql.exec('UPDATE conversations SET wanted_since = NULL');
    call('A message could not be delivered.', { tellIfNobody: false });
    assert.deepEqual(jobs(), []);
  });

  it('outlives a kill: the row is there, and the next start tells the customer', async () => {
    call();
    const installation = await cast.test.reopen();
    cast.ws = installation.workspaces.hold(cast.ws.id).workspace;
    await start();
    cast.clock.move(10 * MINUTE);
    installation.jobs.tick();
    await eventually(() => assert.match(String(cast.ws.sql.prepare("SELECT text FROM messages WHERE author = 'bot'").pluck().get()), TOLD));
  });
});
