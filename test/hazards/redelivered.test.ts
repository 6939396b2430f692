/** Channels deliver again for seven days. What comes again, after whatever happened here meanwhile, brings nobody back and is answered by nobody. */
import assert from 'node:assert/strict';
import type { ChannelEvent } from '../../src/channels/index.ts';
import { forgetSeen, receiveEvents, rememberAsSeen, sayAsBusiness } from '../../src/conversations/index.ts';
import { connect } from '../../src/db/connect.ts';
import { castOf, type Cast } from '../conversations/cast.ts';

const DAY_MS = 24 * 3600_000;

describe('what a channel delivers again', () => {
  let cast: Cast;
  beforeEach(async () => {
    cast = await castOf();
  });
  afterEach(() => cast.test.end());

  const count = (table: string): number => Number(cast.ws.sql.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
  const jobs = (): unknown[] => cast.all("SELECT * FROM jobs WHERE kind = 'answer'");

  /** As an erasure does: hashes first, then everything of theirs, in one transaction. */
  function purge(conversationId: number): void {
    cast.ws.durable(() => {
      rememberAsSeen(cast.ws, conversationId);
      cast.ws.sql.exec(
        'DELETE FROM deliveries; DELETE FROM message_parts; DELETE FROM messages; DELETE FROM jobs; DELETE FROM conversations; DELETE FROM notices_shown; DELETE FROM identities; DELETE FROM contacts',
      );
    });
  }

  it('within eight days of a purge is known, makes no message and wakes no bot', async () => {
    const { conversationId = 0 } = await cast.write('Hello', { externalId: '1' });
    await cast.write('And this', { externalId: '2' });
    purge(conversationId);
    for (let day = 0; day < 8; day++) {
      forgetSeen(cast.ws);
      assert.equal((await cast.write('Hello', { externalId: '1' })).outcome, 'duplicate', `on day ${day}`);
      cast.clock.move(DAY_MS);
    }
    assert.deepEqual([count('messages'), count('conversations'), count('contacts'), count('identities'), jobs()], [0, 0, 0, 0, []]);
    // The contact who writes anew, in words of today, is a new one.
    assert.equal((await cast.write('Hello again', { externalId: '3' })).outcome, 'stored');
  });

  it('of what we said, and that comes back as an echo, brings nobody back either', async () => {
    const { conversationId = 0 } = await cast.write('Hello', { externalId: '1' });
    cast.ws.durable(() => sayAsBusiness(cast.ws, conversationId, 'We are here.'));
    cast.ws.sql.exec("UPDATE deliveries SET state = 'sent', external_id = 'out-1'");
    const thread = String(cast.ws.sql.prepare('SELECT thread FROM conversations').pluck().get());
    purge(conversationId);
    const echo: ChannelEvent = {
      type: 'echo',
      thread,
      recipient: { externalId: thread },
      reference: 'dl_gone',
      externalId: 'out-1',
      saidAt: cast.clock.now(),
      parts: [{ kind: 'text', text: 'We are here.' }],
    };
    const [received] = await receiveEvents(cast.ws, cast.channelId, [echo]);
    assert.equal(received?.outcome, 'duplicate');
    assert.deepEqual([count('messages'), count('contacts')], [0, 0]);
  });

  it('is forgotten after that: no hash of anybody is kept for ever', async () => {
    const { conversationId = 0 } = await cast.write('Hello', { externalId: '1' });
    await cast.write('Hello?', { externalId: '1', revision: 1 });
    await receiveEvents(cast.ws, cast.channelId, [{ type: 'receipt', externalId: 'x', state: 'read', at: cast.clock.now() }]);
    purge(conversationId);
    assert.ok(count('seen') >= 1 && count('waiting_receipts') === 1);
    cast.clock.move(8 * DAY_MS + 1);
    forgetSeen(cast.ws);
    assert.deepEqual([count('seen'), count('waiting_receipts')], [0, 0]);
  });

  it('while everything is still here is known too, in whatever order and company it comes', async () => {
    const batch = ['1', '2', '3'].map((externalId) => ({
      type: 'message' as const,
      thread: '7',
      sender: { externalId: '7' },
      externalId,
      saidAt: cast.clock.now(),
      parts: [{ kind: 'text' as const, text: externalId }],
    }));
    await receiveEvents(cast.ws, cast.channelId, batch);
    const again = await Promise.all([
      receiveEvents(cast.ws, cast.channelId, batch.toReversed()),
      receiveEvents(cast.ws, cast.channelId, [...batch, ...batch]),
    ]);
    assert.ok(again.flat().every(({ outcome }) => outcome === 'duplicate'));
    assert.equal(count('messages'), 3);
  });
});

describe('a database’s one write connection', () => {
  it('is in WAL, overwrites what it deletes, holds foreign keys, and keeps checkpoints off the way of messages', async () => {
    const cast = await castOf();
    for (const sql of [cast.ws.sql, cast.test.installation.control.sql, connect(':memory:')]) {
      const is = (name: string): unknown => sql.pragma(name, { simple: true });
      if (!sql.memory) assert.equal(is('journal_mode'), 'wal');
      assert.deepEqual([is('secure_delete'), is('foreign_keys'), is('wal_autocheckpoint'), is('trusted_schema')], [1, 1, 16_000, 0]);
    }
    await cast.test.end();
  });
});
