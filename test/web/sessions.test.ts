import assert from 'node:assert/strict';
import { sweepSessions } from '../../src/web/sessions.ts';
import { cast, PASSWORD, startServer, type TestServer } from '../support/http.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const signIn = { email: cast.owner.email, password: PASSWORD };

describe('sessions', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.end());

  const rows = (): { token_hash: string; last_seen_at: number; user_id: number }[] =>
    server.installation.control.sql.prepare('SELECT token_hash, last_seen_at, user_id FROM sessions ORDER BY id').all() as ReturnType<
      typeof rows
    >;

  it('the cookie is for this server alone, and no script can read it', async () => {
    const answer = await server.stranger().post('/sign-in', signIn);
    const [cookie = ''] = answer.headers.getSetCookie();
    assert.match(cookie, /^deskbell=[\w-]{43}; /);
    assert.match(cookie, /HttpOnly/);
    assert.match(cookie, /SameSite=Lax/);
    assert.match(cookie, /Path=\//);
    assert.doesNotMatch(cookie, /Domain/);
  });

  it('the token is stored as a hash only', async () => {
    const client = await server.as('owner');
    const token = client.cookie?.split('=')[1] ?? '';
    assert.equal(rows().length, 1);
    assert.ok(!JSON.stringify(rows()).includes(token));
  });

  it('a planted cookie never becomes a session', async () => {
    const client = server.stranger();
    client.cookie = `deskbell=${'a'.repeat(43)}`;
    await client.post('/sign-in', signIn);
    assert.notEqual(client.cookie, `deskbell=${'a'.repeat(43)}`);
    const planted = server.stranger();
    planted.cookie = `deskbell=${'a'.repeat(43)}`;
    assert.equal((await planted.get('/account')).location, '/sign-in?next=%2Faccount');
  });

  it('signing in again in the same browser ends the session before', async () => {
    const client = server.stranger();
    await client.post('/sign-in', signIn);
    const before = client.cookie;
    await client.post('/sign-in', signIn);
    assert.equal(rows().length, 1);
    client.cookie = before;
    assert.equal((await client.get('/account')).status, 303);
  });

  it('giving the password again changes the token, and the old one opens nothing', async () => {
    const client = await server.as('owner');
    const before = client.cookie;
    await client.post('/account/confirm', { password: PASSWORD, next: '/' });
    assert.notEqual(client.cookie, before);
    assert.equal((await client.get('/account')).status, 200);
    client.cookie = before;
    assert.equal((await client.get('/account')).status, 303);
  });

  it('ends after 12 hours without a visit', async () => {
    const client = await server.as('owner');
    server.clock.move(12 * HOUR - MINUTE);
    assert.equal((await client.get('/account')).status, 200);
    server.clock.move(12 * HOUR);
    assert.equal((await client.get('/account')).status, 303);
  });

  it('ends after 30 days, however often one comes', async () => {
    const client = await server.as('owner');
    for (let hours = 0; hours < 30 * 24 - 10; hours += 10) {
      server.clock.move(10 * HOUR);
      await client.get('/account');
    }
    assert.equal((await client.get('/account')).status, 200);
    server.clock.move(10 * HOUR);
    assert.equal((await client.get('/account')).status, 303);
  });

  it('writes down when it was last seen once a minute at most', async () => {
    const client = await server.as('owner');
    const at = (): number | undefined => rows()[0]?.last_seen_at;
    const began = at();
    server.clock.move(59_000);
    await client.get('/account');
    assert.equal(at(), began);
    server.clock.move(1_000);
    await client.get('/account');
    assert.equal(at(), (began ?? 0) + MINUTE);
  });

  it('what no cookie can open any more is removed', async () => {
    await server.as('owner');
    server.clock.move(11 * HOUR);
    await server.as('admin');
    server.clock.move(HOUR);
    assert.equal(sweepSessions(server.installation), 1);
    assert.deepEqual(
      rows().map(({ user_id }) => user_id),
      [server.people.admin],
    );
  });

  it('signing out ends it on the server too', async () => {
    const client = await server.as('owner');
    const before = client.cookie;
    const answer = await client.post('/sign-out');
    assert.equal(answer.location, '/sign-in');
    assert.equal(client.cookie, undefined);
    client.cookie = before;
    assert.equal((await client.get('/account')).status, 303);
  });

  it('behind https the cookie is bound to the host, and a plain one is not read', async () => {
    const secure = await startServer({ env: { BASE_URL: 'https://desk.example', TRUST_PROXY: '1' } });
    const client = secure.stranger();
    const answer = await client.post('/sign-in', signIn, {
      'X-Forwarded-Proto': 'https',
      Host: 'desk.example',
      Origin: 'https://desk.example',
    });
    const [cookie = ''] = answer.headers.getSetCookie();
    assert.match(cookie, /^__Host-deskbell=[\w-]{43}; /);
    assert.match(cookie, /Secure/);
    client.cookie = client.cookie?.replace('__Host-', '');
    assert.equal((await client.get('/account')).status, 303);
    await secure.end();
  });
});
