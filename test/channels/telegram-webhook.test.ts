/** Telegram calls Deskbell: posts are proved, stored, answered; the two ways take turns without losing anything. */
import assert from 'node:assert/strict';
import {
  addChannel,
  disconnectChannel,
  editChannelSettings,
  pauseChannel,
  resumeChannel,
  startListening,
  type Listening,
} from '../../src/channels/index.ts';
import { verifyToken } from '../../src/channels/webhook-address.ts';
import { receiveEvents } from '../../src/conversations/index.ts';
import type { ChannelRow } from '../../src/channels/index.ts';
import { channels, messages, unrecognised } from '../../src/db/schema/workspace.ts';
import type { Workspace } from '../../src/workspace.ts';
import { Problem } from '../../src/web/errors.ts';
import { TelegramSimulator } from '../simulators/telegram.ts';
import { Refusal } from '../simulators/telegram-updates.ts';
import { eventually } from '../support/eventually.ts';
import { startServer, type TestServer } from '../support/http.ts';

const ayse = { chat: 501, name: 'Ayşe Demir' };
const PUBLIC = 'https://desk.aurora.example';

describe('Telegram by webhook', () => {
  let far: TelegramSimulator;
  let server: TestServer;
  let ws: Workspace;
  let channel: ChannelRow;
  let listening: Listening;

  beforeEach(async () => {
    far = await new TelegramSimulator().start();
    server = await startServer({ env: { TELEGRAM_API_ROOT: far.url, BASE_URL: PUBLIC } });
    far.webhook.leadsTo = server.url;
    ws = server.installation.workspaces.hold(server.workspace).workspace;
    listening = listen();
  });
  afterEach(async () => {
    await listening.stop();
    await far.stop();
    await server.end();
  });

  const listen = () =>
    startListening(server.installation, (at, id, events, state) => receiveEvents(at, id, events, { state }), { firstMs: 5, capMs: 20 });
  const row = () => ws.db.select().from(channels).get() ?? assert.fail('there is a channel');
  const texts = () =>
    ws.db
      .select()
      .from(messages)
      .all()
      .flatMap(({ author, text }) => (author === 'customer' ? [text] : []));
  const connect = async (mode: string) => {
    channel = await addChannel(ws, { kind: 'telegram', settings: { token: far.token, mode }, botId: null, userId: null });
    if (mode === 'webhook') await far.until(() => far.updates.webhook !== '');
    else await far.until(() => far.polling);
  };
  const change = async (mode: string) => {
    await editChannelSettings(ws, { channelId: channel.id, settings: { token: '', mode }, userId: server.people.owner });
  };
  const address = () => `${server.url}/webhooks/${channel.publicId}`;
  const post = (headers: Record<string, string>, body: unknown = { update_id: 1, message: messageOf('forged') }) =>
    fetch(address(), { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  const messageOf = (text: string) => ({
    message_id: 99,
    date: 1,
    chat: { id: 7, type: 'private' },
    from: { id: 7, first_name: 'X' },
    text,
  });
  const says = () => eventually(() => row().says ?? assert.fail('nothing is said'));

  it('is set with its secret and without dropping anything; what waited and what comes is stored, and nobody polls', async () => {
    far.say(ayse, 'before');
    await connect('webhook');
    assert.equal(far.updates.webhook, `${PUBLIC}/webhooks/${channel.publicId}`);
    far.say(ayse, 'after');
    await far.until(() => far.waiting === 0);
    assert.deepEqual([texts(), far.polling, far.updates.offsets], [['before', 'after'], false, []]);
    assert.equal(row().status, 'connected');
    assert.deepEqual(new Set(far.webhook.answers), new Set([200]));
  });

  it('is “open” only once something came by it', async () => {
    await connect('webhook');
    assert.equal(row().status, 'connecting');
    far.say(ayse, 'Hi');
    await eventually(() => assert.equal(row().status, 'connected'));
  });

  it('takes nothing from anybody who doesn’t show its secret', async () => {
    await connect('webhook');
    const other = verifyToken(ws, 'ch_another_channel');
    for (const headers of [
      {},
      { 'x-telegram-bot-api-secret-token': '' },
      { 'x-telegram-bot-api-secret-token': other },
      { 'x-hub-signature-256': 'sha256=00' },
    ])
      assert.equal((await post(headers as Record<string, string>)).status, 401, JSON.stringify(headers));
    assert.deepEqual(texts(), []);
    assert.equal((await post({ 'x-telegram-bot-api-secret-token': verifyToken(ws, channel.publicId) })).status, 200);
    assert.deepEqual(texts(), ['forged']);
  });

  it('a post that can’t be stored is answered with an error and comes again; it is stored once', async () => {
    await connect('webhook');
    ws.sql.exec("CREATE TRIGGER ill BEFORE INSERT ON messages BEGIN SELECT raise(ABORT, 'ill'); END");
    far.say(ayse, 'Hi');
    await eventually(() => assert.ok(far.webhook.answers.includes(500)));
    ws.sql.exec('DROP TRIGGER ill');
    await far.until(() => far.waiting === 0);
    assert.deepEqual(texts(), ['Hi']);
  });

  it('the same post twice is one message', async () => {
    await connect('webhook');
    const update = far.say(ayse, 'Hi');
    await far.until(() => far.waiting === 0);
    const secret = { 'x-telegram-bot-api-secret-token': verifyToken(ws, channel.publicId) };
    assert.equal((await post(secret, update)).status, 200);
    assert.deepEqual(texts(), ['Hi']);
  });

  it('what is no update is kept, and answered, so that it doesn’t come for ever', async () => {
    await connect('webhook');
    const secret = { 'x-telegram-bot-api-secret-token': verifyToken(ws, channel.publicId) };
    for (const body of [null, 'text', [], { update_id: 'x' }]) assert.equal((await post(secret, body)).status, 200);
    assert.equal(ws.db.select().from(unrecognised).all().length, 3, 'an empty list says nothing');
  });

  it('a touched button comes to rest by the answer to its post', async () => {
    await connect('webhook');
    far.say(ayse, 'Hi');
    const sent = {
      chat: 501,
      text: '',
      visible: 'Which?',
      parseMode: undefined,
      messageId: 2,
      buttons: [{ text: 'Two', callback_data: 'two' }],
    };
    far.touch(ayse, sent, 'Two');
    await far.until(() => far.touches.size === 0);
    assert.deepEqual(texts(), ['Hi', 'Two']);
  });

  it('changing the way and back loses nothing and repeats nothing', async () => {
    await connect('polling');
    far.say(ayse, '1');
    await far.until(() => far.waiting === 0);
    await change('webhook');
    far.say(ayse, '2');
    await far.until(() => far.waiting === 0 && far.updates.webhook !== '');
    far.webhook.leadsTo = '';
    far.say(ayse, '3');
    await change('polling');
    await far.until(() => far.polling && far.waiting === 0);
    far.say(ayse, '4');
    await far.until(() => far.polling && far.waiting === 0);
    assert.deepEqual(texts(), ['1', '2', '3', '4']);
    assert.equal(far.updates.webhook, '');
  });

  it('while it is paused Telegram keeps what comes, and hands it over afterwards', async () => {
    await connect('webhook');
    pauseChannel(ws, { channelId: channel.id, userId: server.people.owner });
    far.say(ayse, 'Hi');
    await eventually(() => assert.ok(far.webhook.answers.includes(503)));
    assert.deepEqual(texts(), []);
    await resumeChannel(ws, { channelId: channel.id, userId: server.people.owner });
    await far.until(() => far.waiting === 0);
    assert.deepEqual(texts(), ['Hi']);
  });

  it('a disconnected channel leaves no webhook behind', async () => {
    await connect('webhook');
    await disconnectChannel(ws, { channelId: channel.id, userId: server.people.owner });
    assert.equal(far.updates.webhook, '');
    assert.equal((await post({ 'x-telegram-bot-api-secret-token': verifyToken(ws, channel.publicId) })).status, 404);
  });

  it('a webhook of its own that was left behind doesn’t keep it from asking', async () => {
    await connect('polling');
    far.updates.webhook = `${PUBLIC}/webhooks/${channel.publicId}`;
    far.updates.endPoll(conflict());
    await far.until(() => far.polling);
    assert.deepEqual([far.updates.webhook, row().status], ['', 'connected']);
  });

  it('another program’s webhook is left to a person, in words', async () => {
    await connect('polling');
    far.updates.webhook = 'https://other.example/hook';
    far.updates.endPoll(conflict());
    assert.match(await says(), /Another program has taken this bot over/);
    assert.deepEqual([far.updates.webhook, row().status], ['https://other.example/hook', 'broken']);
  });

  for (const [what, message, words] of [
    ['a server that can’t be reached', 'Connection timed out', /can’t reach desk\.aurora\.example/],
    ['a certificate', 'SSL error {error:0A000086:SSL routines::certificate verify failed}', /doesn’t trust the certificate/],
    ['a name without an address', 'Failed to resolve host: Name or service not known', /no address for the name/],
    ['a proxy’s error', 'Wrong response from the webhook: 502 Bad Gateway', /gets an error \(502\)/],
    ['an error that nobody knows', 'Something else', /can’t reach/],
  ] as const) {
    it(`says of ${what} what is wrong and how much waits, and is well again by itself`, async () => {
      await connect('webhook');
      await listening.stop();
      far.webhook.leadsTo = '';
      far.say(ayse, 'Hi');
      far.webhook.failed(message);
      listening = listen();
      listening.begin(ws);
      const said = await says();
      assert.match(said, words);
      assert.match(said, /One thing waits there/);
      assert.doesNotMatch(said, /error:0A|Bad Gateway|Name or service/, 'Telegram’s own words stay in the log');
      far.webhook.leadsTo = server.url;
      await far.webhook.post();
      await eventually(() => assert.deepEqual([row().status, row().says], ['connected', null]));
    });
  }

  it('says so when Telegram doesn’t call the port of this server', async () => {
    server.installation.settings.baseUrl = `${PUBLIC}:8080`;
    channel = await addChannel(ws, { kind: 'telegram', settings: { token: far.token, mode: 'webhook' }, botId: null, userId: null });
    assert.match(await says(), /ports 443, 80, 88 and 8443 alone, not desk\.aurora\.example:8080/);
  });

  it('is refused at its field where this server has no public address, and the channel stays as it is', async () => {
    await connect('polling');
    for (const baseUrl of ['http://desk.aurora.example', 'https://localhost', 'https://192.168.1.7']) {
      server.installation.settings.baseUrl = baseUrl;
      await assert.rejects(change('webhook'), (error) => {
        assert.ok(error instanceof Problem && error.field === 'mode', String(error));
        return /none/.test(error.says);
      });
    }
    assert.deepEqual([row().settings, far.updates.webhook], [{ mode: 'polling' }, '']);
  });

  it('stops in words when the address is public no longer', async () => {
    await connect('webhook');
    await listening.stop();
    server.installation.settings.baseUrl = 'http://localhost:8080';
    listening = listen();
    listening.begin(ws);
    assert.match(await says(), /public addresses with https alone/);
    assert.equal(row().status, 'broken');
  });

  it('a token that was revoked stops it in words', async () => {
    await connect('webhook');
    await listening.stop();
    far.revoke();
    listening = listen();
    listening.begin(ws);
    assert.match(await says(), /no longer accepts this token/);
  });
});

const conflict = () =>
  new Refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
