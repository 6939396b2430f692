import assert from 'node:assert/strict';
import { createBot, publishDraft } from '../../src/bots/index.ts';
import { addChannel, disconnectChannel, editChannelSettings, pauseChannel, resumeChannel } from '../../src/channels/index.ts';
import { sayAsPerson, takeOver } from '../../src/conversations/index.ts';
import { eq } from '../../src/db/drizzle.ts';
import { channels, conversations, deliveries, sources } from '../../src/db/schema/workspace.ts';
import { addQuestions } from '../../src/knowledge/index.ts';
import { startWork, type Work } from '../../src/work.ts';
import type { Workspace } from '../../src/workspace.ts';
import { TelegramSimulator } from '../simulators/telegram.ts';
import { addCast } from '../support/http.ts';
import { eventually } from '../support/eventually.ts';
import { cafeAurora, testInstallation, type TestInstallation } from '../support/installation.ts';

const ayse = { chat: 501, name: 'Ayşe Demir', language: 'en' };

describe('a conversation by Telegram, with everything that runs', function () {
  this.timeout(20_000);
  let far: TelegramSimulator;
  let test: TestInstallation;
  let ws: Workspace;
  let work: Work;
  let mira: number;
  let channelId: number;

  beforeEach(async () => {
    far = await new TelegramSimulator().start();
    test = await testInstallation({ env: { TELEGRAM_API_ROOT: far.url } });
    const id = cafeAurora(test.installation);
    ws = test.installation.workspaces.hold(id).workspace;
    mira = (await addCast(test.installation, id)).owner;
    const { botId } = createBot(ws, { settings: { name: 'Aurora' }, userId: mira });
    publishDraft(ws, { botId, userId: mira });
    work = await startWork(test.installation);
    addQuestions(ws, {
      title: 'Hours',
      by: mira,
      pairs: [{ question: 'Are you open on Sunday?', answer: 'On Sunday we open at ten and close at four.' }],
    });
    await eventually(() => assert.equal(ws.db.select().from(sources).get()?.state, 'ready'));
    channelId = (await addChannel(ws, { kind: 'telegram', settings: { token: far.token }, botId, userId: mira })).id;
    ws.db.update(channels).set({ quietMs: 0 }).run();
  });
  afterEach(async () => {
    await work.stop(1000);
    await test.end();
    await far.stop();
  });

  const read = () => far.sent.map(({ visible }) => visible).join('\n');
  const states = () =>
    ws.db
      .select({ state: deliveries.state })
      .from(deliveries)
      .all()
      .map(({ state }) => state);
  const conversation = () => ws.db.select().from(conversations).get() ?? assert.fail('there is a conversation');

  it('a customer asks, the bot answers from the knowledge, a person steps in', async () => {
    far.say(ayse, 'Are you open on Sunday?');
    await far.until(() => /open at ten/.test(read()));
    takeOver(ws, conversation().id, mira);
    sayAsPerson(ws, { conversationId: conversation().id, userId: mira, text: 'Shall I keep you a **table**?' });
    await far.until(() => /keep you a table/.test(read()));
    far.say(ayse, 'Yes please, are you open on Sunday?');
    await far.until(() => far.polling && far.waiting === 0);
    assert.equal(far.sent.filter(({ visible }) => /open at ten/.test(visible)).length, 1, 'the bot is silent now');
    assert.ok(ws.db.select().from(channels).where(eq(channels.id, channelId)).get()?.lastOutAt);
  });

  it('a rate limit is waited out, and the answer goes out once', async () => {
    far.fail('sendMessage', { status: 429, retryAfter: 0.05 });
    far.say(ayse, 'Are you open on Sunday?');
    await far.until(() => /open at ten/.test(read()));
    assert.equal(far.sent.filter(({ visible }) => /open at ten/.test(visible)).length, 1);
  });

  it('what may have arrived is marked uncertain and not sent again', async () => {
    far.fail('sendMessage', { cut: 'after' }, { cut: 'after' });
    far.say(ayse, 'Are you open on Sunday?');
    await eventually(() => assert.deepEqual(new Set(states()), new Set(['uncertain'])));
    const texts = far.sent.map(({ text }) => text);
    assert.equal(new Set(texts).size, texts.length, 'nothing went out twice');
    assert.ok(conversation().wantedSince, 'a person looks at it');
  });

  it('an answer waits while the token is revoked, and goes out once it is mended', async () => {
    far.say(ayse, 'Hello');
    await far.until(() => far.polling && far.waiting === 0);
    takeOver(ws, conversation().id, mira);
    far.revoke();
    sayAsPerson(ws, { conversationId: conversation().id, userId: mira, text: 'We are here.' });
    await eventually(() => assert.equal(ws.db.select().from(channels).get()?.status, 'broken'));
    assert.ok(!/We are here/.test(read()));
    far.newToken();
    await editChannelSettings(ws, { channelId, settings: { token: far.token }, userId: mira });
    await far.until(() => /We are here/.test(read()));
    assert.equal(far.sent.filter(({ visible }) => /We are here/.test(visible)).length, 1);
  });

  it('what was said while the channel was paused goes out at once when it is resumed', async () => {
    far.say(ayse, 'Hello');
    await far.until(() => far.polling && far.waiting === 0);
    takeOver(ws, conversation().id, mira);
    pauseChannel(ws, { channelId, userId: mira });
    sayAsPerson(ws, { conversationId: conversation().id, userId: mira, text: 'We are here.' });
    const wait = () => ws.sql.prepare("SELECT due_at - ? FROM jobs WHERE kind = 'deliver' AND lease IS NULL").pluck().get(ws.clock.now());
    await eventually(() => assert.ok(Number(wait()) > 20_000, 'by itself it looks again in half a minute'));
    await resumeChannel(ws, { channelId, userId: mira });
    await far.until(() => /We are here/.test(read()));
  });

  it('what waits for a channel that is disconnected is given up, and a person is told', async () => {
    far.say(ayse, 'Hello');
    await far.until(() => far.polling && far.waiting === 0);
    takeOver(ws, conversation().id, mira);
    pauseChannel(ws, { channelId, userId: mira });
    sayAsPerson(ws, { conversationId: conversation().id, userId: mira, text: 'We are here.' });
    await disconnectChannel(ws, { channelId, userId: mira });
    await eventually(() => assert.equal(states().at(-1), 'failed'));
    assert.ok(!/We are here/.test(read()));
  });
});
