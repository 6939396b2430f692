import assert from 'node:assert/strict';
import { channelAccess, checkAccess, editChannelSettings, openWays } from '../../src/channels/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { MetaMessagingSimulator } from '../simulators/meta-messaging.ts';
import { startServer, type Client, type TestServer } from '../support/http.ts';
import { AYSE, onMessaging, type Product } from './on-messaging.ts';

const DAY_MS = 24 * 3600_000;

const products: (Product & { steps: string[]; fields: string[]; named: string; title: string; plain: string })[] = [
  {
    product: 'messenger',
    title: 'Messenger',
    steps: ['Create app', 'Messenger API settings', 'Generate access tokens', 'App settings, Basic'],
    fields: ['messages', 'message_echoes', 'message_reads', 'standby'],
    named: 'Café Aurora',
    plain: '{}',
  },
  {
    product: 'instagram',
    login: 'instagram',
    title: 'Instagram',
    steps: ['professional', 'Create app', 'API setup with Instagram login', 'Instagram app secret', 'Generate access tokens'],
    fields: ['messages', 'messaging_seen', 'standby'],
    named: '@cafe.aurora',
    plain: '{"login":"instagram"}',
  },
  {
    product: 'instagram',
    login: 'facebook',
    title: 'Instagram',
    steps: ['With Facebook login'],
    fields: ['messages', 'message_echoes', 'standby'],
    named: '@cafe.aurora',
    plain: '{"login":"facebook"}',
  },
];

for (const { steps, fields, named, title, plain, ...options } of products) {
  describe(`connecting ${title}${options.product === 'instagram' ? `, with ${options.login} login` : ''}`, () => {
    let far: MetaMessagingSimulator;
    let server: TestServer;
    let ws: Workspace;
    let mira: Client;
    let base: string;

    beforeEach(async () => {
      far = await new MetaMessagingSimulator(options).start();
      server = await startServer({ env: far.env });
      ws = server.installation.workspaces.hold(server.workspace).workspace;
      mira = await server.as('owner');
      base = `/w/${ws.id}/channels`;
    });
    afterEach(async () => {
      await server.end();
      await far.stop();
    });

    const connect = (more: Record<string, string> = {}) =>
      mira.post(`${base}/new/${options.product}`, { ...far.settings, ...more, botId: '' });
    const rows = () => ws.sql.prepare('SELECT name, account_id AS accountId, status, settings FROM channels').all();
    const footOf = (text: string, field: string) => new RegExp(`id="f-${field}-foot"[^>]*>([^<]|<(?!/p))*`).exec(text)?.[0] ?? '';

    it('a shop owner gets through alone: steps, a check at once, then the address and the token to copy', async () => {
      const form = (await mira.get(`${base}/new/${options.product}`)).text;
      for (const words of steps) assert.ok(form.includes(words), words);
      const { status, location } = await connect();
      assert.equal(status, 303);
      assert.deepEqual(rows(), [{ name: named, accountId: far.account, status: 'connecting', settings: plain }]);
      for (const field of fields) assert.ok(far.subscribed.includes(field), field);
      const page = (await mira.get(location ?? '')).text;
      assert.match(page, /Nothing heard yet/);
      const [, address = ''] = /id="callback">([^<]+)</.exec(page.replaceAll('&#x3D;', '=')) ?? [];
      const [, token = ''] = /id="verify">([^<]+)</.exec(page) ?? [];
      const asked = await fetch(
        `${address}?${new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.verify_token': token, 'hub.challenge': '42' })}`,
      );
      assert.equal(await asked.text(), '42');
      assert.deepEqual(await far.deliver(address, far.says(AYSE, 'Hello')), [200]);
      assert.match((await mira.get(location ?? '')).text, new RegExp(`${title} is open\\.`));
    });

    it('secrets are sealed, and never shown again', async () => {
      await connect();
      const pages = await Promise.all([base, `${base}/1`].map(async (path) => (await mira.get(path)).text));
      const stored = ws.sql.serialize().toString('latin1');
      for (const secret of [far.token, far.appSecret]) assert.ok(![...pages, stored].some((text) => text.includes(secret)));
    });

    for (const [what, more, field, says] of [
      ['a token that has ended', { token: `EAA${'z'.repeat(60)}` }, 'token', /no longer accepts the access token/],
      ['no token', { token: 'Bearer x' }, 'token', /This is no access token/],
      ['another app’s secret', { appSecret: 'f'.repeat(32) }, 'appSecret', /doesn’t belong to the app/],
      ['half a secret', { appSecret: 'abc' }, 'appSecret', /has 32 letters and digits/],
    ] as const) {
      it(`${what} is refused at its own field, in plain words, and nothing is stored`, async () => {
        const { status, text } = await connect(more);
        assert.equal(status, 422);
        assert.match(footOf(text, field), says);
        assert.deepEqual(rows(), []);
        assert.ok(!text.includes(far.appSecret) && !text.includes(far.token), 'what was typed is not put back where it is secret');
      });
    }

    if (options.login !== 'instagram') {
      it('a person’s token, and a Page’s that lacks a right, are told from the right one', async () => {
        far.tokenType = 'USER';
        assert.match(footOf((await connect()).text, 'token'), /not a Page/);
        far.tokenType = 'PAGE';
        far.scopes = far.scopes.filter((scope) => scope !== 'pages_manage_metadata');
        assert.match(footOf((await connect()).text, 'token'), /lacks pages_manage_metadata\./);
      });
    }

    if (options.product === 'instagram' && options.login === 'facebook') {
      it('a Page without an Instagram account says so', async () => {
        far.linked = false;
        assert.match(footOf((await connect()).text, 'token'), /No Instagram account is linked to this Page/);
      });
    }

    it('customers can be led to it once it is open', async () => {
      const { location } = await connect();
      const { publicId } = ws.sql.prepare('SELECT public_id AS publicId FROM channels').get() as { publicId: string };
      await far.deliver(`${server.url}/webhooks/${publicId}`, far.says(AYSE, 'Hello'));
      assert.match((await mira.get(location ?? '')).text, /is open\./);
      const url = options.product === 'messenger' ? `https://m.me/${far.account}` : 'https://ig.me/m/cafe.aurora';
      assert.deepEqual(openWays(ws), [{ title, url }]);
    });
  });
}

describe('the end of a Page’s token', () => {
  const on = onMessaging({ product: 'messenger' }, beforeEach, afterEach);
  const shown = async () => (await (await on.server.as('owner')).get(`/w/${on.ws.id}/channels/${on.channel.id}`)).text;

  it('is seen two weeks ahead; one that was taken back is found that night', async () => {
    await on.post(on.far.says(AYSE, 'Hello'));
    on.far.tokenEndsAt = on.clock.now() + 6 * DAY_MS + 1000;
    await checkAccess(on.ws);
    assert.match(await shown(), /Token ends in 6 days/);
    on.far.revoke();
    await checkAccess(on.ws);
    assert.match(await shown(), /no longer accepts the access token/);
  });
});

describe('the token of an Instagram account, which ends after sixty days', () => {
  const on = onMessaging({ product: 'instagram', login: 'instagram' }, beforeEach, afterEach);
  const endsAt = () => on.one<{ endsAt: number }>('SELECT ends_at AS endsAt FROM channels').endsAt;
  const token = () => channelAccess(on.ws, on.channel.id, AbortSignal.abort()).access.settings['token'];

  it('is renewed at night, and the new one is sealed in the place of the old one', async () => {
    const first = on.far.token;
    assert.equal(endsAt(), on.clock.now() + 60 * DAY_MS);
    on.clock.move(DAY_MS);
    await checkAccess(on.ws);
    assert.notEqual(on.far.token, first);
    assert.equal(token(), on.far.token);
    assert.equal(endsAt(), on.clock.now() + 60 * DAY_MS);
    assert.ok(!on.ws.sql.serialize().toString('latin1').includes(on.far.token));
    on.clock.move(59 * DAY_MS);
    await checkAccess(on.ws);
    assert.equal(endsAt(), on.clock.now() + 60 * DAY_MS, 'and again');
  });

  it('one that is too young to be renewed stays, and what passes by itself is asked again', async () => {
    const [first, ends] = [on.far.token, endsAt()];
    await checkAccess(on.ws);
    on.clock.move(DAY_MS);
    on.far.fail('refresh_access_token', { page: 502 });
    await checkAccess(on.ws);
    assert.deepEqual([token(), endsAt()], [first, ends]);
    assert.equal(on.one<{ status: string }>('SELECT status FROM channels').status, 'connecting');
    await checkAccess(on.ws);
    assert.notEqual(token(), first);
  });

  it('one that a person replaced while the old one was renewed is kept', async () => {
    on.clock.move(DAY_MS);
    const answer = Promise.withResolvers<void>();
    on.far.fail('refresh_access_token', { late: answer.promise });
    const [night, first] = [checkAccess(on.ws), on.far.token];
    await on.far.until(() => on.far.token !== first);
    on.far.newToken();
    await editChannelSettings(on.ws, { channelId: on.channel.id, settings: on.far.settings, userId: on.server.people.owner });
    answer.resolve();
    await night;
    assert.equal(token(), `EAA${'y'.repeat(60)}`);
  });
});
