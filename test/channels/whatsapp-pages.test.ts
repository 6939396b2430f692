import assert from 'node:assert/strict';
import { addChannel, channelAccess, checkAccess, disconnectChannel } from '../../src/channels/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { MetaSimulator } from '../simulators/meta.ts';
import { ayse, onWhatsapp } from './on-whatsapp.ts';
import { startServer, type Client, type TestServer } from '../support/http.ts';

const DAY_MS = 24 * 3600_000;

describe('connecting WhatsApp', () => {
  let far: MetaSimulator;
  let server: TestServer;
  let ws: Workspace;
  let mira: Client;
  let base: string;

  beforeEach(async () => {
    far = await new MetaSimulator().start();
    server = await startServer({ env: { META_API_ROOT: far.url, META_FILE_ROOT: far.url } });
    ws = server.installation.workspaces.hold(server.workspace).workspace;
    mira = await server.as('owner');
    base = `/w/${ws.id}/channels`;
  });
  afterEach(async () => {
    await server.end();
    await far.stop();
  });

  const connect = (more: Partial<MetaSimulator['settings']> = {}) =>
    mira.post(`${base}/new/whatsapp`, { ...far.settings, ...more, botId: '' });
  const rows = () =>
    ws.sql.prepare('SELECT id, name, account_id AS accountId, status, settings, ends_at AS endsAt FROM channels').all() as {
      id: number;
      name: string;
    }[];

  it('a shop owner gets through alone: steps, a check at once, then the address and the token to copy', async () => {
    const form = (await mira.get(`${base}/new/whatsapp`)).text;
    for (const words of ['Create app', 'API setup', 'System users', 'App settings, Basic']) assert.ok(form.includes(words), words);
    const { status, location } = await connect();
    assert.equal(status, 303);
    assert.deepEqual(rows(), [
      {
        id: 1,
        name: 'Café Aurora, +49 30 1234588',
        accountId: far.phoneNumberId,
        status: 'connecting',
        settings: JSON.stringify({ phoneNumberId: far.phoneNumberId, businessAccountId: far.businessAccountId }),
        endsAt: null,
      },
    ]);
    assert.deepEqual(far.subscribed, [far.businessAccountId], 'the app hears what comes to the account');
    const page = (await mira.get(location ?? '')).text;
    assert.match(page, /Nothing heard yet/);
    const [, address = ''] = /id="callback">([^<]+)</.exec(page.replaceAll('&#x3D;', '=')) ?? [];
    const [, token = ''] = /id="verify">([^<]+)</.exec(page) ?? [];
    const asked = await fetch(
      `${address}?${new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.verify_token': token, 'hub.challenge': '42' })}`,
    );
    assert.equal(await asked.text(), '42');
    assert.match(page, /Meta posts to public addresses with https alone/, 'a test’s address is none');
    assert.deepEqual(await far.deliver(address, far.says(ayse, 'Hello')), [200]);
    assert.match((await mira.get(location ?? '')).text, /WhatsApp is open\./);
  });

  it('secrets are sealed, and never shown again', async () => {
    await connect();
    const pages = await Promise.all([base, `${base}/1`].map(async (path) => (await mira.get(path)).text));
    const stored = ws.sql.serialize().toString('latin1');
    for (const secret of [far.token, far.appSecret]) assert.ok(![...pages, stored].some((text) => text.includes(secret)));
    assert.equal(channelAccess(ws, 1, AbortSignal.abort()).access.settings['appSecret'], far.appSecret);
  });

  for (const [what, more, field, says] of [
    ['a phone number instead of its ID', { phoneNumberId: '+49 30 1234588' }, 'phoneNumberId', /This is no phone number ID/],
    ['an ID that Meta doesn’t know', { phoneNumberId: '123456789012345' }, 'phoneNumberId', /Meta doesn’t know this ID/],
    ['another account', { businessAccountId: '999999999999999' }, 'businessAccountId', /Meta doesn’t know this ID/],
    ['a token that has ended', { token: `EAA${'z'.repeat(60)}` }, 'token', /no longer accepts the access token/],
    ['another app’s secret', { appSecret: 'f'.repeat(32) }, 'appSecret', /doesn’t belong to the app/],
    ['half a secret', { appSecret: 'abc' }, 'appSecret', /has 32 letters and digits/],
  ] as const) {
    it(`${what} is refused at its own field, in plain words, and nothing is stored`, async () => {
      const { status, text } = await connect(more);
      assert.equal(status, 422);
      const foot = new RegExp(`id="f-${field}-foot"[^>]*>([^<]|<(?!/p))*`).exec(text)?.[0] ?? '';
      assert.match(foot, says);
      assert.deepEqual(rows(), []);
      assert.ok(!text.includes(far.appSecret) && !text.includes(far.token), 'what was typed is not put back where it is secret');
    });
  }

  it('a token without the rights says which one is missing', async () => {
    far.scopes = ['whatsapp_business_management'];
    assert.match((await connect()).text, /lacks whatsapp_business_messaging\./);
  });

  it('a number of another account is refused', async () => {
    far.fail('phone_numbers', { code: 100 });
    assert.match((await connect()).text, /Meta doesn’t know this ID/);
  });

  it('what is disconnected takes nothing more, and its history stays', async () => {
    await connect();
    const channel = ws.sql.prepare('SELECT public_id AS publicId FROM channels').get() as { publicId: string };
    const address = `${server.url}/webhooks/${channel.publicId}`;
    await far.deliver(address, far.says(ayse, 'Hello'));
    await disconnectChannel(ws, { channelId: 1, userId: server.people.owner });
    assert.deepEqual(await far.deliver(address, far.says(ayse, 'Still there?')), [404]);
    assert.match((await mira.get(`/w/${ws.id}/conversations/1`)).text, /Hello/);
  });
});

describe('the end of WhatsApp’s access token', () => {
  const on = onWhatsapp(beforeEach, afterEach);
  const shown = async () => (await (await on.server.as('owner')).get(`/w/${on.ws.id}/channels/${on.channel.id}`)).text;
  const ends = (ms: number) => void (on.far.tokenEndsAt = Math.floor((on.clock.now() + ms) / 1000));

  it('is seen two weeks ahead, each night, with what to do', async () => {
    await on.post(on.far.says(ayse, 'Hello'));
    ends(15 * DAY_MS);
    await checkAccess(on.ws);
    assert.doesNotMatch(await shown(), /access token ends/);
    ends(6 * DAY_MS + 1000);
    await checkAccess(on.ws);
    assert.match(await shown(), /Token ends in 6 days/);
    assert.match(await shown(), /Make a new one, best one that never ends/);
    on.far.tokenEndsAt = 0;
    await checkAccess(on.ws);
    assert.doesNotMatch(await shown(), /access token ends/);
  });

  it('a token that was taken back is found that night, before a customer meets it; a fault of Meta’s is not taken for it', async () => {
    await on.post(on.far.says(ayse, 'Hello'));
    on.far.fail(on.far.phoneNumberId, { page: 502 });
    await checkAccess(on.ws);
    assert.match(await shown(), /WhatsApp is open/);
    on.far.revoke();
    await checkAccess(on.ws);
    assert.match(await shown(), /needs you: it has stopped/);
    assert.match(await shown(), /no longer accepts the access token/);
  });

  it('a voice note is fetched by its id with the same token, and nowhere else', async () => {
    const { kind, access } = channelAccess(on.ws, on.channel.id, AbortSignal.timeout(5000));
    on.far.files.set('media1', Buffer.from('OggS voice'));
    const chunks: Uint8Array[] = [];
    for await (const chunk of (await kind.fetchAttachment?.(access, 'media1')) ?? []) chunks.push(chunk);
    assert.equal(Buffer.concat(chunks).toString(), 'OggS voice');
    await assert.rejects(async () => kind.fetchAttachment?.(access, 'media2'), /no longer has this file/);
    const stray = await new MetaSimulator().start();
    try {
      const elsewhere = { ...access, fetchFile: on.server.installation.outbound.to(stray.url) };
      await assert.rejects(async () => kind.fetchAttachment?.(elsewhere, 'media1'), /This connection is for/);
    } finally {
      await stray.stop();
    }
    on.far.revoke();
    await assert.rejects(async () => kind.fetchAttachment?.(access, 'media1'), { kind: 'account' });
  });

  it('one number is connected once', async () => {
    await assert.rejects(
      addChannel(on.ws, { kind: 'whatsapp', settings: on.far.settings, botId: null, userId: null }),
      /already connected/,
    );
  });
});
