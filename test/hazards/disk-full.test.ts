/** A disk that is full, for real: SQLite may take no more pages. Nothing is said to be stored that isn't, and once there is room all goes on. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { receiveEvents, sayAsPerson } from '../../src/conversations/index.ts';
import type { ChannelEvent } from '../../src/channels/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { castOf as answeringCast } from '../answering/cast.ts';
import { castOf, MIRA, type Cast } from '../conversations/cast.ts';
import { eventually } from '../support/eventually.ts';
import { clientOf } from '../visitors/support/client.ts';
import { count, openHouse } from '../visitors/support/house.ts';

/** Leaves room for `pages` more, and no more. */
function fill(ws: Workspace, pages = 0): void {
  ws.sql.exec('VACUUM'); // free pages inside the file are room too
  ws.sql.pragma(`max_page_count = ${Number(ws.sql.pragma('page_count', { simple: true })) + pages}`);
}

function makeRoom(ws: Workspace): void {
  ws.sql.pragma('max_page_count = 1073741823');
}

const full = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'SQLITE_FULL';
/** Long enough that a few fill a page. */
const long = (n: number): string => `message ${n} ${'and so on '.repeat(150)}`;
const message = (n: number): ChannelEvent => ({
  type: 'message',
  thread: '7',
  sender: { externalId: '7' },
  externalId: `m${n}`,
  saidAt: Date.now(),
  parts: [{ kind: 'text', text: long(n) }],
});

describe('a full disk', () => {
  describe('and what comes in', () => {
    let cast: Cast;
    beforeEach(async () => {
      cast = await castOf();
    });
    afterEach(() => cast.test.end());
    const stored = (): string[] =>
      cast.all<{ id: string }>("SELECT external_id AS id FROM messages WHERE author = 'customer' ORDER BY id").map(({ id }) => id);

    it('of messages that come together, each that is acknowledged is there, and each that isn’t is not', async () => {
      await cast.write('first');
      fill(cast.ws, 6);
      const outcomes = await Promise.allSettled(Array.from({ length: 30 }, (_, n) => receiveEvents(cast.ws, cast.channelId, [message(n)])));
      const acknowledged = outcomes.flatMap(({ status }, n) => (status === 'fulfilled' ? [`m${n}`] : []));
      assert.ok(acknowledged.length > 0 && acknowledged.length < 30, `${acknowledged.length} of 30 were taken`);
      for (const outcome of outcomes) if (outcome.status === 'rejected') assert.ok(full(outcome.reason), String(outcome.reason));
      assert.deepEqual(stored().slice(1), acknowledged);
      makeRoom(cast.ws);
      await Promise.all(Array.from({ length: 30 }, (_, n) => receiveEvents(cast.ws, cast.channelId, [message(n)])));
      assert.equal(new Set(stored()).size, 31);
      assert.equal(stored().length, 31);
    });

    it('a poller’s batch is taken whole or not at all, and its place moves with it', async () => {
      await cast.write('first');
      fill(cast.ws, 3);
      const batch = Array.from({ length: 30 }, (_, n) => message(n));
      const before = cast.one('SELECT state_sealed FROM channels');
      await assert.rejects(receiveEvents(cast.ws, cast.channelId, batch, { state: { offset: 9 } }), full);
      assert.equal(stored().length, 1);
      assert.deepEqual(cast.one('SELECT state_sealed FROM channels'), before);
      assert.equal(cast.all('SELECT * FROM unrecognised').length, 0);
      makeRoom(cast.ws);
      await receiveEvents(cast.ws, cast.channelId, batch, { state: { offset: 9 } });
      assert.equal(stored().length, 31);
    });

    it('a person’s words that can’t be stored are not sent', async () => {
      const { conversationId = 0 } = await cast.write('first');
      await cast.startJobs();
      fill(cast.ws);
      assert.throws(() => sayAsPerson(cast.ws, { conversationId, userId: MIRA, text: long(1).repeat(20) }), full);
      makeRoom(cast.ws);
      sayAsPerson(cast.ws, { conversationId, userId: MIRA, text: 'Short.' });
      await eventually(() =>
        assert.deepEqual(
          cast.far.sent.map(({ text }) => text),
          ['Short.'],
        ),
      );
    });
  });

  it('a visitor is told in plain words, nothing is stored, and the same post is taken once there is room', async () => {
    const house = await openHouse();
    const visitor = clientOf(house);
    await visitor.begin();
    fill(house.ws);
    const clientId = randomUUID();
    const text = long(2).slice(0, 3900);
    let refused = await visitor.say(text, undefined, clientId);
    // What room the file's last pages have is taken first.
    const before = count(house, 'messages');
    if (refused.status === 200) refused = await visitor.say(text, undefined, randomUUID());
    for (let n = 0; n < 5 && refused.status === 200; n++) refused = await visitor.say(text, undefined, randomUUID());
    assert.ok(refused.status >= 500, String(refused.status));
    assert.doesNotMatch(JSON.stringify(refused.body), /sqlite|full|SQL|stack|\.ts/i);
    assert.match(String(refused.body.error), /^[A-Z].*\.$/);
    const after = count(house, 'messages');
    assert.ok(after >= before);
    makeRoom(house.ws);
    const again = randomUUID();
    assert.equal((await visitor.say(text, undefined, again)).status, 200);
    assert.equal((await visitor.say(text, undefined, again)).status, 200);
    assert.equal(count(house, 'messages'), after + 1);
    await house.end();
  });

  it('an answer that can’t be stored is made once there is room, without a restart', async () => {
    const cast = await answeringCast();
    cast.ai.says = () => {
      fill(cast.ws);
      return `Yes ${'-'.repeat(30_000)}`;
    };
    await cast.write('Are you open?');
    await eventually(() => assert.equal(cast.jobs()[0]?.attempts, 1));
    assert.equal(cast.said().length, 1);
    cast.ai.says = 'Yes.';
    makeRoom(cast.ws);
    await cast.quiet();
    assert.deepEqual(
      cast.said().map(({ text }) => text),
      ['Are you open?', 'Yes.'],
    );
    assert.ok(cast.runs().every(({ state }) => state !== 'open'));
    assert.ok(
      cast.runs().every(({ cost_micros }) => (cost_micros ?? 0) > 0),
      'what both cost is known',
    );
    await cast.end();
  });

  it('what went out, though that can’t be stored, is uncertain and not sent again', async () => {
    const cast = await answeringCast();
    cast.ai.says = 'Yes.';
    cast.ws.sql.exec(
      "CREATE TEMP TRIGGER ill BEFORE UPDATE OF external_id ON deliveries BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END",
    );
    cast.ws.sql.exec('UPDATE channels SET quiet_ms = 0');
    await cast.write('Are you open?', { channelId: cast.messenger.id });
    await cast.quiet();
    assert.equal(cast.messenger.far.sent.filter(({ text }) => text === 'Yes.').length, 1);
    assert.deepEqual(cast.ws.sql.prepare('SELECT DISTINCT state FROM deliveries').pluck().all(), ['uncertain']);
    await cast.end();
  });
});
