import assert from 'node:assert/strict';
import { eq } from '../../src/db/drizzle.ts';
import { auditEvents, channels } from '../../src/db/schema/workspace.ts';
import { findByPublicId, setHealth } from '../../src/channels/index.ts';
import { createBot, publishDraft } from '../../src/bots/index.ts';
import { cafeAurora } from '../support/installation.ts';
import { TelegramSimulator } from '../simulators/telegram.ts';
import { openCafe, type Cafe } from './cafe.ts';

describe('the channels’ pages', () => {
  let far: TelegramSimulator;
  let cafe: Cafe;
  before(async () => void (far = await new TelegramSimulator().start()));
  after(() => far.stop());
  beforeEach(async () => void (cafe = await openCafe(far)));
  afterEach(() => cafe.server.end());

  it('an empty workspace is led on to its first channel', async () => {
    const { owner, base } = cafe;
    const { status, text } = await owner.get(base);
    assert.equal(status, 200);
    assert.match(text, /Customers can’t write to you here yet/);
    for (const kind of ['telegram', 'whatsapp', 'messenger', 'instagram', 'widget']) assert.ok(text.includes(`href="${base}/new/${kind}"`));
  });

  it('the check turns green by itself when the first page shows the bubble', async () => {
    const { server, ws, owner, base, only } = cafe;
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
    const { server, ws, owner, base, only, connectTelegram } = cafe;
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
    await owner.post(`${base}/${id}/settings`, { token: far.token, mode: 'polling' });
    assert.equal((await owner.post(`${base}/${id}/resume`)).status, 303);
    assert.equal(only().status, 'connecting');
    assert.equal((await owner.post(`${base}/${id}/disconnect`)).status, 303);
    const row = only();
    assert.deepEqual([row.status, row.secretsSealed, row.stateSealed], ['disconnected', null, null]);
    assert.equal(findByPublicId(server.installation, publicId), null);
    assert.equal((await owner.get(`${base}/${id}`)).status, 404);
    assert.equal((await connectTelegram()).status, 303, 'the account is free again');
    const acts = ws.db
      .select({ action: auditEvents.action })
      .from(auditEvents)
      .all()
      .map(({ action }) => action);
    assert.deepEqual(
      acts.filter((action) => action.startsWith('channel.')),
      ['channel.connected', 'channel.paused', 'channel.edited', 'channel.resumed', 'channel.disconnected', 'channel.connected'],
    );
  });

  it('a published bot can answer, from the next message on; one that isn’t there can’t', async () => {
    const { ws, owner, base, only, connectTelegram } = cafe;
    const bot = createBot(ws, { settings: { name: 'Bella' }, userId: null });
    await connectTelegram();
    const { id } = only();
    assert.doesNotMatch((await owner.get(`${base}/${id}`)).text, /Bella/, 'a draft answers nobody');
    publishDraft(ws, { botId: bot.botId, userId: null });
    assert.match((await owner.get(`${base}/${id}`)).text, /Bella/);
    assert.equal((await owner.post(`${base}/${id}/answers`, { botId: String(bot.botId), quietMs: '3000' })).status, 303);
    assert.deepEqual([only().botId, only().quietMs], [bot.botId, 3000]);
    for (const [botId, quietMs] of [
      ['999', ''],
      ['x', ''],
      ['', '7777'],
      ['', 'NaN'],
    ] as const) {
      assert.equal((await owner.post(`${base}/${id}/answers`, { botId, quietMs })).status, 422, `${botId} ${quietMs}`);
    }
    assert.deepEqual([only().botId, only().quietMs], [bot.botId, 3000]);
    await owner.post(`${base}/${id}/answers`, { botId: '', quietMs: '' });
    assert.deepEqual([only().botId, only().quietMs], [null, null]);
  });

  it('what is wrong stands on top, with what to do; people who can’t mend it see it too', async () => {
    const { server, ws, owner, base, only, connectTelegram } = cafe;
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
    const { server, owner, base, only, connectTelegram } = cafe;
    await connectTelegram();
    const other = cafeAurora(server.installation, 'Bistro Nord');
    assert.equal((await owner.get(`/w/${other}/channels/${only().id}`)).status, 404);
    for (const kind of ['pigeon-post', '__proto__', 'constructor'])
      assert.equal((await owner.get(`${base}/new/${kind}`)).status, 404, kind);
  });

  it('health is never written over a pause, and only when it changed', async () => {
    const { ws, owner, base, only, connectTelegram } = cafe;
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
