import assert from 'node:assert/strict';
import { eq } from '../../src/db/drizzle.ts';
import { auditEvents, channels } from '../../src/db/schema/workspace.ts';
import { addChannel, channelAccess, findByPublicId, rebuildRoutes, setHealth } from '../../src/channels/index.ts';
import { createBot, publishDraft } from '../../src/bots/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { startServer, type Client, type TestServer } from '../support/http.ts';
import { cafeAurora } from '../support/installation.ts';
import { TelegramSimulator } from '../simulators/telegram.ts';

describe('the channels’ pages', () => {
  let far: TelegramSimulator;
  let server: TestServer;
  let ws: Workspace;
  let owner: Client;
  let base: string;

  before(async () => void (far = await new TelegramSimulator().start()));
  after(() => far.stop());
  beforeEach(async () => {
    server = await startServer({ env: { TELEGRAM_API_ROOT: far.url } });
    ws = server.installation.workspaces.hold(server.workspace).workspace;
    owner = await server.as('owner');
    base = `/w/${server.workspace}/channels`;
  });
  afterEach(() => server.end());

  const rows = () => ws.db.select().from(channels).all();
  const only = () => rows()[0] ?? assert.fail('there is a channel');
  const connectTelegram = () => owner.post(`${base}/new/telegram`, { token: far.token, botId: '' });

  it('an empty workspace is led on to its first channel', async () => {
    const { status, text } = await owner.get(base);
    assert.equal(status, 200);
    assert.match(text, /Customers can’t write to you here yet/);
    for (const kind of ['telegram', 'widget']) assert.ok(text.includes(`href="${base}/new/${kind}"`));
    assert.doesNotMatch(text, /WhatsApp|Instagram|Messenger/);
  });

  it('a Telegram bot is connected by its token, which is checked, sealed and never shown again', async () => {
    const { status, location } = await owner.post(`${base}/new/telegram`, { token: `Done! Use this token to access the HTTP API:\n${far.token}\nKeep it secure.`, botId: '' });
    assert.equal(status, 303);
    const row = only();
    assert.equal(location, `${base}/${row.id}`);
    assert.deepEqual([row.name, row.accountId, row.status, row.settings], ['@aurora_cafe_bot', String(far.account.id), 'connecting', {}]);
    assert.equal(channelAccess(ws, row.id, AbortSignal.abort()).access.settings['token'], far.token);
    assert.deepEqual(findByPublicId(server.installation, row.publicId), { workspaceId: ws.id, channelId: row.id });
    for (const path of [base, `${base}/${row.id}`]) {
      const { text } = await owner.get(path);
      assert.match(text, /@aurora_cafe_bot/);
      assert.ok(!text.includes(far.token.slice(12)), path);
    }
    const stored = ws.sql.serialize().toString('latin1') + server.installation.control.sql.serialize().toString('latin1');
    assert.ok(!stored.includes(far.token.slice(12)), 'the token is nowhere in the databases as it is');
  });

  for (const [what, token, says] of [
    ['is no token', 'hello', /This is no bot token/],
    ['Telegram doesn’t know', '8123456789:AAHzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz', /no longer accepts this token/],
  ] as const) {
    it(`a token that ${what} is refused at its field, in plain words, and nothing is stored`, async () => {
      const { status, text } = await owner.post(`${base}/new/telegram`, { token, botId: '' });
      assert.equal(status, 422);
      assert.match(text, says);
      assert.match(text, /id="f-token-foot"/);
      assert.ok(!text.includes(`value="${token}"`));
      assert.equal(rows().length, 0);
    });
  }

  it('says so when Telegram can’t be reached, and stores nothing', async () => {
    far.fail('getMe', { cut: 'after' });
    const { status, text } = await connectTelegram();
    assert.equal(status, 422);
    assert.match(text, /didn’t answer\. Nothing was changed/);
    assert.equal(rows().length, 0);
  });

  it('one account is connected once on the whole server', async () => {
    await connectTelegram();
    const again = await connectTelegram();
    assert.equal(again.status, 422);
    assert.match(again.text, /already connected to Deskbell/);
    assert.equal(rows().length, 1);
    const other = server.installation.workspaces.hold(cafeAurora(server.installation, 'Bistro Nord')).workspace;
    await assert.rejects(addChannel(other, { kind: 'telegram', settings: { token: far.token }, botId: null, userId: null }), /already connected/);
    assert.equal(other.db.select().from(channels).all().length, 0);
  });

  it('of two that connect the same account at once one is refused', async () => {
    const [one, two] = await Promise.all([connectTelegram(), connectTelegram()]);
    assert.deepEqual([one?.status, two?.status].sort(), [303, 422]);
    assert.equal(rows().length, 1);
  });

  it('routes are rebuilt at the start as the workspaces say', async () => {
    await connectTelegram();
    const { publicId, id } = only();
    server.installation.control.sql.exec("DELETE FROM routes; INSERT INTO routes VALUES ('wc_left_by_a_kill', (SELECT id FROM workspaces), 'channel', 99)");
    rebuildRoutes(server.installation);
    assert.deepEqual(findByPublicId(server.installation, publicId), { workspaceId: ws.id, channelId: id });
    assert.equal(findByPublicId(server.installation, 'wc_left_by_a_kill'), null);
    assert.equal((await connectTelegram()).status, 422, 'its account is held again, too');
  });

  it('a widget gets its line and its page, and is open once a page has shown it', async () => {
    const form = await owner.get(`${base}/new/widget`);
    assert.match(form.text, /https:\/\/aurora\.example/, 'the business’s own website stands there already');
    const { status, location } = await owner.post(`${base}/new/widget`, { colour: '#aa3311', origins: 'aurora.example', language: 'visitor', botId: '' });
    assert.equal(status, 303);
    const row = only();
    assert.match(row.publicId, /^wc_/);
    const page = await owner.get(location ?? '');
    assert.match(page.text, new RegExp(`/widget\\.js.+${row.publicId}`));
    assert.match(page.text, /Not seen yet/);
    setHealth(ws, row.id, { status: 'connected' });
    assert.match((await owner.get(location ?? '')).text, /Website is open/);
    assert.equal((await owner.post(`${base}/new/widget`, { colour: '#000000', origins: '', language: 'visitor', botId: '' })).status, 303, 'a second one may be made');
  });

  it('a website that is none is refused at its field, and what was typed is kept', async () => {
    const { status, text } = await owner.post(`${base}/new/widget`, { colour: '#aa3311', origins: '*.aurora.example', language: 'visitor', botId: '' });
    assert.equal(status, 422);
    assert.match(text, /id="f-origins-foot"/);
    assert.match(text, /\*\.aurora\.example/);
    assert.equal(rows().length, 0);
  });

  it('the check turns green by itself when the first page shows the bubble', async () => {
    await owner.post(`${base}/new/widget`, { colour: '#aa3311', origins: '', language: 'visitor', botId: '' });
    const { id } = only();
    const abort = new AbortController();
    const response = await fetch(`${server.url}${base}/${id}/live`, { headers: { Cookie: owner.cookie ?? '' }, signal: abort.signal });
    const reader = (response.body ?? assert.fail('a stream')).pipeThrough(new TextDecoderStream()).getReader();
    let seen = '';
    const until = async (words: string) => {
      while (!seen.includes(words)) seen += (await reader.read()).value ?? assert.fail(`the stream ended: ${seen}`);
    };
    await until('Not seen yet');
    setHealth(ws, id, { status: 'connected' });
    await until('is-well');
    abort.abort();
  });

  it('pauses, resumes after asking Telegram, and disconnects for good', async () => {
    await connectTelegram();
    const { id, publicId } = only();
    const flashOf = async () => (await owner.get(`${base}/${id}`)).text;
    assert.equal((await owner.post(`${base}/${id}/pause`)).status, 303);
    assert.equal(only().status, 'paused');
    assert.match(await flashOf(), /Paused\./);
    far.revoke();
    const refused = await owner.post(`${base}/${id}/resume`);
    assert.equal(refused.status, 422);
    assert.match(refused.text, /no longer accepts this token/);
    assert.equal(only().status, 'paused');
    far.newToken();
    await owner.post(`${base}/${id}/settings`, { token: far.token });
    assert.equal((await owner.post(`${base}/${id}/resume`)).status, 303);
    assert.equal(only().status, 'connecting');
    assert.equal((await owner.post(`${base}/${id}/disconnect`)).status, 303);
    const row = only();
    assert.deepEqual([row.status, row.secretsSealed, row.stateSealed], ['disconnected', null, null]);
    assert.equal(findByPublicId(server.installation, publicId), null);
    assert.equal((await owner.get(`${base}/${id}`)).status, 404);
    assert.equal((await connectTelegram()).status, 303, 'the account is free again');
    const acts = ws.db.select({ action: auditEvents.action }).from(auditEvents).all().map(({ action }) => action);
    assert.deepEqual(acts.filter((action) => action.startsWith('channel.')), ['channel.connected', 'channel.paused', 'channel.edited', 'channel.resumed', 'channel.disconnected', 'channel.connected']);
  });

  it('a token of another bot isn’t taken for a channel whose conversations hang on its own', async () => {
    await connectTelegram();
    const other = await new TelegramSimulator({ id: 9_000_000_001, username: 'nord_bot' }).start();
    try {
      server.installation.settings.telegramApiRoot = other.url;
      const { status, text } = await owner.post(`${base}/${only().id}/settings`, { token: other.token });
      assert.equal(status, 422);
      assert.match(text, /another account than @aurora_cafe_bot/);
      assert.equal(channelAccess(ws, only().id, AbortSignal.abort()).access.settings['token'], far.token);
    } finally {
      await other.stop();
    }
  });

  it('an empty token field leaves the token as it is', async () => {
    await connectTelegram();
    assert.equal((await owner.post(`${base}/${only().id}/settings`, { token: '' })).status, 303);
    assert.equal(channelAccess(ws, only().id, AbortSignal.abort()).access.settings['token'], far.token);
  });

  it('a published bot can answer, from the next message on; one that isn’t there can’t', async () => {
    const bot = createBot(ws, { settings: { name: 'Bella' }, userId: null });
    await connectTelegram();
    const { id } = only();
    assert.doesNotMatch((await owner.get(`${base}/${id}`)).text, /Bella/, 'a draft answers nobody');
    publishDraft(ws, { botId: bot.botId, userId: null });
    assert.match((await owner.get(`${base}/${id}`)).text, /Bella/);
    assert.equal((await owner.post(`${base}/${id}/answers`, { botId: String(bot.botId), quietMs: '3000' })).status, 303);
    assert.deepEqual([only().botId, only().quietMs], [bot.botId, 3000]);
    for (const [botId, quietMs] of [['999', ''], ['x', ''], ['', '7777'], ['', 'NaN']] as const) {
      assert.equal((await owner.post(`${base}/${id}/answers`, { botId, quietMs })).status, 422, `${botId} ${quietMs}`);
    }
    assert.deepEqual([only().botId, only().quietMs], [bot.botId, 3000]);
    await owner.post(`${base}/${id}/answers`, { botId: '', quietMs: '' });
    assert.deepEqual([only().botId, only().quietMs], [null, null]);
  });

  it('what is wrong stands on top, with what to do; people who can’t mend it see it too', async () => {
    await connectTelegram();
    setHealth(ws, only().id, { status: 'broken', says: 'Telegram no longer accepts this token.' });
    const { text } = await owner.get(base);
    assert.match(text, /Telegram needs you: it has stopped\./);
    assert.match(text, /no longer accepts this token/);
    assert.ok(text.includes(`href="${base}/${only().id}"`));
    const agent = await (await server.as('agent')).get(base);
    assert.match(agent.text, /no longer accepts this token/);
    assert.ok(!agent.text.includes('Mend it') && !agent.text.includes('/new/telegram'));
  });

  it('another workspace’s channel isn’t there', async () => {
    await connectTelegram();
    const other = cafeAurora(server.installation, 'Bistro Nord');
    assert.equal((await owner.get(`/w/${other}/channels/${only().id}`)).status, 404);
    for (const kind of ['whatsapp', '__proto__', 'constructor']) assert.equal((await owner.get(`${base}/new/${kind}`)).status, 404, kind);
  });

  it('health is never written over a pause, and only when it changed', async () => {
    await connectTelegram();
    const { id } = only();
    setHealth(ws, id, { status: 'connected' });
    const changes = Number(ws.sql.prepare('SELECT total_changes()').pluck().get());
    setHealth(ws, id, { status: 'connected' });
    assert.equal(Number(ws.sql.prepare('SELECT total_changes()').pluck().get()), changes);
    await owner.post(`${base}/${id}/pause`);
    setHealth(ws, id, { status: 'connected' });
    setHealth(ws, id, { status: 'broken', says: 'x' });
    assert.equal(ws.db.select().from(channels).where(eq(channels.id, id)).get()?.status, 'paused');
  });
});
