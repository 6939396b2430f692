import assert from 'node:assert/strict';
import { eq } from '../../src/db/drizzle.ts';
import { attachments, channels, messages, unrecognised } from '../../src/db/schema/workspace.ts';
import {
  addChannel,
  disconnectChannel,
  editChannelSettings,
  pauseChannel,
  resumeChannel,
  startListening,
  type Listening,
  type OnEvents,
} from '../../src/channels/index.ts';
import { receiveEvents } from '../../src/conversations/index.ts';
import { onTelegram } from './on-telegram.ts';

const ayse = { chat: 501, name: 'Ayşe Demir' };
const QUICK = { firstMs: 5, capMs: 20 };
const store: OnEvents = (ws, channelId, events, state) => receiveEvents(ws, channelId, events, { state });

describe('the listeners', () => {
  let listening: Listening | null = null;
  afterEach(async () => {
    await listening?.stop();
    listening = null;
  });
  const aurora = onTelegram(beforeEach, afterEach);

  const listen = (onEvents: OnEvents = store) => {
    const started = startListening(aurora.test.installation, onEvents, QUICK);
    listening = started;
    void aurora.test.installation.workspaces.each((each) => started.begin(each));
  };
  const connect = () => addChannel(aurora.ws, { kind: 'telegram', settings: { token: aurora.far.token }, botId: null, userId: null });
  const rowOf = (id: number) =>
    aurora.ws.db.select().from(channels).where(eq(channels.id, id)).get() ?? assert.fail('the channel is there');
  const texts = () =>
    aurora.ws.db
      .select({ text: messages.text, author: messages.author })
      .from(messages)
      .all()
      .flatMap((row) => (row.author === 'customer' ? [row.text] : []));
  /** Resolves when the channel's row is like this; it is asked after each change. */
  const until = async (id: number, holds: (row: ReturnType<typeof rowOf>) => boolean) => {
    while (!holds(rowOf(id))) {
      await new Promise<void>((resolve) => {
        const stop = aurora.ws.bus.subscribe('all', () => {
          stop();
          resolve();
        });
      });
    }
    return rowOf(id);
  };

  it('a channel says it is connected only after Telegram was heard', async () => {
    const { id } = await connect();
    assert.equal(rowOf(id).status, 'connecting');
    const held = aurora.far.hold('getUpdates');
    listen();
    await held;
    assert.equal(rowOf(id).status, 'connecting');
    await listening?.stop();
    listen();
    assert.equal((await until(id, (row) => row.status === 'connected')).says, null);
  });

  it('[P3.2-a] what a customer writes is stored before it is confirmed to Telegram, also when storing fails at first', async () => {
    const { id } = await connect();
    let failures = 2;
    listen(async (...given) => {
      if (failures-- > 0) throw new Error('the disk is full');
      return store(...given);
    });
    await until(id, (row) => row.status === 'connected');
    for (const text of ['Hi', 'Are you open?']) aurora.far.say(ayse, text);
    await until(id, (row) => row.says !== null);
    assert.equal(aurora.far.waiting, 2);
    await aurora.far.until(() => aurora.far.waiting === 0);
    assert.deepEqual(texts(), ['Hi', 'Are you open?']);
    assert.equal((await until(id, (row) => row.status === 'connected')).says, null);
  });

  it('a message that Telegram gives twice is stored once', async () => {
    await connect();
    listen();
    for (const text of ['one', 'two', 'three']) aurora.far.say(ayse, text);
    await aurora.far.until(() => aurora.far.polling && aurora.far.waiting === 0);
    aurora.far.updates.redeliver({ reversed: true });
    await aurora.far.until(() => aurora.far.polling && aurora.far.waiting === 0);
    assert.deepEqual(texts(), ['one', 'two', 'three']);
  });

  it('what was written while the server was down comes in at the next start, once', async () => {
    const { id } = await connect();
    listen();
    aurora.far.say(ayse, 'before');
    await aurora.far.until(() => aurora.far.polling && aurora.far.waiting === 0);
    await listening?.stop();
    aurora.far.say(ayse, 'meanwhile');
    const installation = await aurora.test.reopen();
    aurora.ws = installation.workspaces.hold(aurora.ws.id).workspace;
    listen();
    await aurora.far.until(() => aurora.far.polling && aurora.far.waiting === 0);
    assert.deepEqual(texts(), ['before', 'meanwhile']);
    assert.equal(rowOf(id).status, 'connected');
  });

  it('an edited message has its new words, and a photo is kept with its reference', async () => {
    await connect();
    listen();
    const first = aurora.far.say(ayse, 'A table for two');
    aurora.far.say(ayse, { photo: [{ file_id: 'photo-1', file_size: 900 }], caption: 'Like this one' });
    aurora.far.edit(ayse, (first['message'] as { message_id: number }).message_id, 'A table for three');
    await aurora.far.until(() => aurora.far.polling && aurora.far.waiting === 0);
    assert.deepEqual(texts(), ['A table for three', '[image] Like this one']);
    assert.equal(aurora.ws.db.select().from(attachments).all()[0]?.reference, 'photo-1');
  });

  it('what nobody knows is kept, and doesn’t hold up the rest', async () => {
    await connect();
    listen();
    await aurora.far.until(() => aurora.far.polling);
    aurora.far.push({ message: { message_id: 1, chat: { id: 7, type: 'private' }, pinned_message: {} } });
    aurora.far.say(ayse, 'Hi');
    await aurora.far.until(() => aurora.far.polling && aurora.far.waiting === 0);
    assert.deepEqual(texts(), ['Hi']);
    assert.equal(aurora.ws.db.select().from(unrecognised).all().length, 1);
  });

  it('is never two for one channel, however often it is told of changes', async () => {
    const { id } = await connect();
    listen();
    await aurora.far.until(() => aurora.far.polling);
    for (let n = 0; n < 5; n++) {
      pauseChannel(aurora.ws, { channelId: id, userId: 1 });
      await resumeChannel(aurora.ws, { channelId: id, userId: 1 });
    }
    aurora.far.say(ayse, 'still there?');
    await aurora.far.until(() => aurora.far.polling && aurora.far.waiting === 0);
    assert.deepEqual(texts(), ['still there?']);
    assert.equal(aurora.far.updates.conflicts, 0);
  });

  it('a listener with a new token begins only when the old one has stored what it had', async () => {
    const { id } = await connect();
    let release = () => undefined as void;
    const storing = new Promise<void>((resolve) => {
      listen(async (...given) => {
        resolve();
        await new Promise<void>((go) => (release = go));
        return store(...given);
      });
    });
    aurora.far.say(ayse, 'Hi');
    await storing;
    aurora.far.newToken();
    await editChannelSettings(aurora.ws, { channelId: id, settings: { token: aurora.far.token }, userId: 1 });
    const asked = aurora.far.updates.offsets.length;
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(aurora.far.updates.offsets.length, asked);
    release();
    await aurora.far.until(() => aurora.far.polling && aurora.far.waiting === 0);
    assert.deepEqual(texts(), ['Hi']);
    assert.equal(aurora.far.updates.conflicts, 0);
  });

  it('a paused channel fetches nothing; resumed, it takes what waited', async () => {
    const { id } = await connect();
    listen();
    await aurora.far.until(() => aurora.far.polling);
    pauseChannel(aurora.ws, { channelId: id, userId: 1 });
    await aurora.far.until(() => !aurora.far.polling);
    aurora.far.say(ayse, 'Anybody?');
    assert.equal(aurora.far.waiting, 1);
    assert.equal(rowOf(id).status, 'paused');
    await resumeChannel(aurora.ws, { channelId: id, userId: 1 });
    await aurora.far.until(() => aurora.far.polling && aurora.far.waiting === 0);
    assert.deepEqual(texts(), ['Anybody?']);
  });

  it('a revoked token stops it and says what to do; a new token of the same bot mends it', async () => {
    const { id } = await connect();
    listen();
    await until(id, (row) => row.status === 'connected');
    aurora.far.revoke();
    assert.match((await until(id, (row) => row.status === 'broken')).says ?? '', /BotFather/);
    const asked = aurora.far.updates.offsets.length;
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(aurora.far.updates.offsets.length, asked, 'it doesn’t knock on a closed door');
    aurora.far.newToken();
    await editChannelSettings(aurora.ws, { channelId: id, settings: { token: aurora.far.token }, userId: 1 });
    aurora.far.say(ayse, 'back?');
    await aurora.far.until(() => aurora.far.polling && aurora.far.waiting === 0);
    assert.deepEqual(texts(), ['back?']);
    assert.equal(rowOf(id).status, 'connected');
  });

  it('after a fault it tries again, and says so meanwhile', async () => {
    const { id } = await connect();
    aurora.far.fail('getUpdates', { status: 502 }, { cut: 'before' }, { status: 429, retryAfter: 0.01 }, { page: 502 });
    listen();
    assert.match((await until(id, (row) => row.says !== null)).says ?? '', /tries again by itself/);
    assert.equal(rowOf(id).status, 'connecting');
    assert.equal((await until(id, (row) => row.status === 'connected')).says, null);
  });

  it('stops within a second though a poll is open', async () => {
    await connect();
    listen();
    await aurora.far.until(() => aurora.far.polling);
    const before = performance.now();
    await listening?.stop();
    assert.ok(performance.now() - before < 1000);
  });

  it('a channel that is disconnected is listened to no more', async () => {
    const { id } = await connect();
    listen();
    await aurora.far.until(() => aurora.far.polling);
    await disconnectChannel(aurora.ws, { channelId: id, userId: 1 });
    await aurora.far.until(() => !aurora.far.polling);
    assert.equal(rowOf(id).status, 'disconnected');
  });
});
