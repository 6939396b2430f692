/**
 * What the outside is told, or may see, is on the disk before: a cut of the power must not take it back. A flush is seen
 * by the level of the last transaction: it is set at each one's begin, and FULL flushes all that was committed before.
 */
import assert from 'node:assert/strict';
import { replyAsBot, takeOver } from '../../src/conversations/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { castOf as answeringCast } from '../answering/cast.ts';
import { castAsked, MIRA, type Cast } from '../conversations/cast.ts';
import { eventually } from '../support/eventually.ts';
import { notSent } from '../support/stand-in-channel.ts';

const FULL = 2;
const NORMAL = 1;
const lastCommit = (ws: Workspace): unknown => [ws.sql.inTransaction, ws.sql.pragma('synchronous', { simple: true })];

describe('before anything leaves, it is flushed', () => {
  let cast: Cast;
  let conversationId: number;
  let messageId: number;

  beforeEach(async () => {
    const asked = await castAsked();
    ({ conversationId, messageId } = asked);
    cast = asked;
  });
  afterEach(() => cast.test.end());

  const say = (): void =>
    void cast.ws.durable(() =>
      replyAsBot(cast.ws, { conversationId, runId: null, answersThrough: messageId, text: 'Yes.', sources: [], language: 'en' }),
    );
  const states = (): string[] => cast.all<{ state: string }>('SELECT DISTINCT state FROM deliveries').map(({ state }) => state);

  it('a delivery says that it is under way', async () => {
    const seen: unknown[] = [];
    const send = cast.far.send.bind(cast.far);
    cast.far.send = (outbound) => {
      seen.push(lastCommit(cast.ws), cast.one('SELECT state FROM deliveries WHERE reference = ?', outbound.reference));
      return send(outbound);
    };
    // Something that need not survive stands between: it must not be taken for the flush.
    cast.ws.write(() => cast.ws.sql.exec("UPDATE conversations SET last_words = 'x'"));
    await cast.startJobs();
    say();
    await eventually(() => assert.deepEqual(states(), ['sent']));
    assert.deepEqual(seen.slice(0, 2), [[false, FULL], { state: 'sending' }]);
  });

  it('a message is acknowledged, with the channel’s place in its stream', async () => {
    cast.ws.write(() => cast.ws.sql.exec("UPDATE conversations SET last_words = 'x'"));
    await cast.write('And on Monday?');
    assert.deepEqual(lastCommit(cast.ws), [false, FULL]);
  });

  it('a takeover is promised', () => {
    cast.ws.write(() => cast.ws.sql.exec("UPDATE conversations SET last_words = 'x'"));
    takeOver(cast.ws, conversationId, MIRA);
    assert.deepEqual(lastCommit(cast.ws), [false, FULL]);
  });

  it('a provider is asked: the run is there for the next start, with what it may cost, though nothing waited for the disk', async () => {
    const answering = await answeringCast();
    let seen: unknown;
    answering.ai.says = () => {
      seen = [lastCommit(answering.ws), answering.ws.sql.prepare('SELECT state, reserved_micros > 0 AS reserved FROM runs').get()];
      return 'Yes.';
    };
    await answering.write('Are you open?');
    await answering.quiet();
    assert.deepEqual(seen, [[false, NORMAL], { state: 'open', reserved: 1 }]);
    await answering.end();
  });

  it('nothing of the bot’s goes out once a person took over, though it waited for another try', async () => {
    cast.far.failures.push(notSent('Too fast.', { retryAfter: 5000 }));
    await cast.startJobs();
    say();
    await eventually(() => assert.deepEqual(states(), ['queued']));
    takeOver(cast.ws, conversationId, MIRA);
    cast.clock.move(6000);
    cast.test.installation.jobs.tick();
    await eventually(() => assert.equal(cast.all("SELECT * FROM jobs WHERE kind = 'deliver'").length, 0));
    assert.deepEqual([states(), cast.far.sent], [['cancelled'], []]);
  });

  it('nor when the person took over while the send that failed was under way', async () => {
    let open = (): void => undefined;
    cast.far.gate = new Promise((resolve) => (open = resolve));
    cast.far.failures.push(notSent('Too fast.', { retryAfter: 1000 }));
    await cast.startJobs();
    say();
    await eventually(() => assert.ok(states().includes('sending')));
    takeOver(cast.ws, conversationId, MIRA);
    open();
    await eventually(() => assert.ok(!states().includes('sending')));
    cast.clock.move(2000);
    cast.test.installation.jobs.tick();
    await eventually(() => assert.deepEqual(states(), ['cancelled']));
    assert.deepEqual(cast.far.sent, []);
  });
});
