import assert from 'node:assert/strict';
import { request } from 'node:http';
import { isPrivateHost } from '../../src/web/hosts.ts';
import { cast, PASSWORD, startServer, type TestServer } from '../support/http.ts';

interface Got {
  status: number;
  text: string;
  cookie: string | undefined;
}

/** `fetch` sets Host by itself; what is tried here is another one. */
function ask(server: TestServer, host: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Got> {
  return new Promise((resolve, reject) => {
    const form = body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' };
    const asked = request(
      server.url + path,
      { method: body === undefined ? 'GET' : 'POST', headers: { Accept: 'text/html', ...form, ...headers, Host: host } },
      (answer) => {
        let text = '';
        answer.on('data', (part: Buffer) => (text += part.toString()));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, cookie: answer.headers['set-cookie']?.[0] }));
      },
    );
    asked.on('error', reject).end(body);
  });
}

describe('without TLS', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.end());

  it('[P7.1-b] a public address serves one page that says how to get TLS, and nothing else', async () => {
    for (const host of ['chat.example.com', '203.0.114.7', '203.0.114.7:3000', '[2a01:4f8::1]:80', '169.254.169.254']) {
      for (const path of ['/', '/sign-in', '/setup?token=x', `/w/${server.workspace}/settings`, '/nothing']) {
        const got = await ask(server, host, path);
        assert.equal(got.status, 403, `${host}${path}`);
        assert.match(got.text, /needs TLS first/);
        assert.doesNotMatch(got.text, /<form|Without TLS/);
      }
    }
  });

  it('[P7.1-b] plain http sign-in on a public address is refused, though the password is right', async () => {
    const body = new URLSearchParams({ email: cast.owner.email, password: PASSWORD }).toString();
    const got = await ask(server, 'chat.example.com', '/sign-in', {}, body);
    assert.equal(got.status, 403);
    assert.equal(got.cookie, undefined);
    assert.equal((await ask(server, 'localhost:3000', '/sign-in', {}, body)).status, 303);
  });

  it('a program is told in JSON', async () => {
    const got = await ask(server, 'chat.example.com', '/sign-in', { Accept: 'application/json' });
    assert.match((JSON.parse(got.text) as { error: string }).error, /DOMAIN=your\.domain docker compose up -d/);
  });

  it('a proxy’s word for https counts only where it is trusted', async () => {
    const forwarded = { 'X-Forwarded-Proto': 'https' };
    const untrusted = await ask(server, 'chat.example.com', '/sign-in', forwarded);
    assert.equal(untrusted.status, 403);
    assert.match(untrusted.text, /TRUST_PROXY=1/);
    const behind = await startServer({ env: { TRUST_PROXY: '1', BASE_URL: 'https://chat.example.com' } });
    assert.equal((await ask(behind, 'chat.example.com', '/sign-in', forwarded)).status, 200);
    assert.equal((await ask(behind, 'chat.example.com', '/sign-in', { 'X-Forwarded-Proto': 'http' })).status, 403);
    await behind.end();
  });

  it('this machine works as it is, a private network with a warning, and health answers everywhere', async () => {
    for (const host of ['localhost:3000', '127.0.0.1', '[::1]:3000'])
      assert.doesNotMatch((await ask(server, host, '/sign-in')).text, /Without TLS/, host);
    for (const host of ['192.168.1.20:3000', '10.0.0.2', 'nas.local', 'deskbell', '[fd12::1]']) {
      const got = await ask(server, host, '/sign-in');
      assert.equal(got.status, 200, host);
      assert.match(got.text, /Without TLS/, host);
    }
    assert.equal((await ask(server, 'chat.example.com', '/livez')).status, 200);
  });

  it('knows what can only be a machine or network of one’s own', () => {
    for (const host of [
      '127.0.0.1',
      '::1',
      '[::1]',
      '10.1.2.3',
      '172.20.0.1',
      '192.168.0.1',
      '100.64.1.1',
      'fd00::1',
      'localhost',
      'a.localhost',
      'nas.local',
      'desk.lan',
      'deskbell',
    ]) {
      assert.ok(isPrivateHost(host), host);
    }
    for (const host of [
      '8.8.8.8',
      '172.32.0.1',
      'example.com',
      'localhost.example.com',
      '1.1.1.1.nip.io',
      '2a00::1',
      '::ffff:8.8.8.8',
      '0.0.0.0',
    ]) {
      assert.ok(!isPrivateHost(host), host);
    }
  });
});
