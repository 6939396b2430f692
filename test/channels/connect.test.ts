import assert from 'node:assert/strict';
import { addChannel, channelAccess, findByPublicId, rebuildRoutes, setHealth } from '../../src/channels/index.ts';
import { cafeAurora } from '../support/installation.ts';
import { channels } from '../../src/db/schema/workspace.ts';
import { TelegramSimulator } from '../simulators/telegram.ts';
import { openCafe, type Cafe } from './cafe.ts';

describe('connecting a channel', () => {
  let far: TelegramSimulator;
  let cafe: Cafe;
  before(async () => void (far = await new TelegramSimulator().start()));
  after(() => far.stop());
  beforeEach(async () => void (cafe = await openCafe(far)));
  afterEach(() => cafe.server.end());

  it('a Telegram bot is connected by its token, which is checked, sealed and never shown again', async () => {
    const { server, ws, owner, base, only } = cafe;
    const { status, location } = await owner.post(`${base}/new/telegram`, {
      token: `Done! Use this token to access the HTTP API:\n${far.token}\nKeep it secure.`,
      botId: '',
    });
    assert.equal(status, 303);
    const row = only();
    assert.equal(location, `${base}/${row.id}`);
    assert.deepEqual(
      [row.name, row.accountId, row.status, row.settings],
      ['@aurora_cafe_bot', String(far.account.id), 'connecting', { mode: 'polling' }],
    );
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
      const { owner, base, rows } = cafe;
      const { status, text } = await owner.post(`${base}/new/telegram`, { token, botId: '' });
      assert.equal(status, 422);
      assert.match(text, says);
      assert.match(text, /id="f-token-foot"/);
      assert.ok(!text.includes(`value="${token}"`));
      assert.equal(rows().length, 0);
    });
  }

  it('says so when Telegram can’t be reached, and stores nothing', async () => {
    const { rows, connectTelegram } = cafe;
    far.fail('getMe', { cut: 'after' });
    const { status, text } = await connectTelegram();
    assert.equal(status, 422);
    assert.match(text, /didn’t answer\. Nothing was changed/);
    assert.equal(rows().length, 0);
  });

  it('one account is connected once on the whole server', async () => {
    const { server, rows, connectTelegram } = cafe;
    await connectTelegram();
    const again = await connectTelegram();
    assert.equal(again.status, 422);
    assert.match(again.text, /already connected to Deskbell/);
    assert.equal(rows().length, 1);
    const other = server.installation.workspaces.hold(cafeAurora(server.installation, 'Bistro Nord')).workspace;
    await assert.rejects(
      addChannel(other, { kind: 'telegram', settings: { token: far.token }, botId: null, userId: null }),
      /already connected/,
    );
    assert.equal(other.db.select().from(channels).all().length, 0);
  });

  it('of two that connect the same account at once one is refused', async () => {
    const { rows, connectTelegram } = cafe;
    const [one, two] = await Promise.all([connectTelegram(), connectTelegram()]);
    assert.deepEqual([one?.status, two?.status].sort(), [303, 422]);
    assert.equal(rows().length, 1);
  });

  it('routes are rebuilt at the start as the workspaces say', async () => {
    const { server, ws, only, connectTelegram } = cafe;
    await connectTelegram();
    const { publicId, id } = only();
    server.installation.control.sql.exec(
      "DELETE FROM routes; INSERT INTO routes VALUES ('wc_left_by_a_kill', (SELECT id FROM workspaces), 'channel', 99)",
    );
    rebuildRoutes(ws);
    assert.deepEqual(findByPublicId(server.installation, publicId), { workspaceId: ws.id, channelId: id });
    assert.equal(findByPublicId(server.installation, 'wc_left_by_a_kill'), null);
    assert.equal((await connectTelegram()).status, 422, 'its account is held again, too');
  });

  it('a widget gets its line and its page, and is open once a page has shown it', async () => {
    const { ws, owner, base, only } = cafe;
    const form = await owner.get(`${base}/new/widget`);
    assert.match(form.text, /https:\/\/aurora\.example/, 'the business’s own website stands there already');
    const { status, location } = await owner.post(`${base}/new/widget`, {
      colour: '#aa3311',
      origins: 'aurora.example',
      language: 'visitor',
      botId: '',
    });
    assert.equal(status, 303);
    const row = only();
    assert.match(row.publicId, /^wc_/);
    const page = await owner.get(location ?? '');
    assert.match(page.text, new RegExp(`/widget\\.js.+${row.publicId}`));
    assert.match(page.text, /Not seen yet/);
    setHealth(ws, row.id, { status: 'connected' });
    assert.match((await owner.get(location ?? '')).text, /Website is open/);
    assert.equal(
      (await owner.post(`${base}/new/widget`, { colour: '#000000', origins: '', language: 'visitor', botId: '' })).status,
      303,
      'a second one may be made',
    );
  });

  it('a website that is none is refused at its field, and what was typed is kept', async () => {
    const { owner, base, rows } = cafe;
    const { status, text } = await owner.post(`${base}/new/widget`, {
      colour: '#aa3311',
      origins: '*.aurora.example',
      language: 'visitor',
      botId: '',
    });
    assert.equal(status, 422);
    assert.match(text, /id="f-origins-foot"/);
    assert.match(text, /\*\.aurora\.example/);
    assert.equal(rows().length, 0);
  });

  it('a token of another bot isn’t taken for a channel whose conversations hang on its own', async () => {
    const { server, ws, owner, base, only, connectTelegram } = cafe;
    await connectTelegram();
    const other = await new TelegramSimulator({ id: 9_000_000_001, username: 'nord_bot' }).start();
    try {
      server.installation.settings.telegramApiRoot = other.url;
      const { status, text } = await owner.post(`${base}/${only().id}/settings`, { token: other.token, mode: 'polling' });
      assert.equal(status, 422);
      assert.match(text, /another account than @aurora_cafe_bot/);
      assert.equal(channelAccess(ws, only().id, AbortSignal.abort()).access.settings['token'], far.token);
    } finally {
      await other.stop();
    }
  });

  it('an empty token field leaves the token as it is', async () => {
    const { ws, owner, base, only, connectTelegram } = cafe;
    await connectTelegram();
    assert.equal((await owner.post(`${base}/${only().id}/settings`, { token: '', mode: 'polling' })).status, 303);
    assert.equal(channelAccess(ws, only().id, AbortSignal.abort()).access.settings['token'], far.token);
  });
});
