import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import type dns from 'node:dns';
import { OutboundError, type Outbound, type OutboundErrorKind } from '../../src/lib/outbound.ts';
import { reachOf } from '../../src/lib/addresses.ts';
import { httpSimulator, type HttpSimulator } from '../simulators/http.ts';
import { waysOut } from './ways-out.ts';

/** A resolver that answers every name with these addresses, as a hostile DNS server would. */
function answering(...addresses: string[]): typeof dns.lookup {
  const lookup = (_name: string, _options: dns.LookupAllOptions, done: (error: null, found: dns.LookupAddress[]) => void) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  return lookup as typeof dns.lookup;
}

async function failsWith(kind: OutboundErrorKind, act: () => unknown): Promise<OutboundError> {
  let caught: unknown;
  await assert.rejects(
    async () => act(),
    (error) => ((caught = error), true),
  );
  assert.ok(caught instanceof OutboundError, String(caught));
  assert.equal(caught.kind, kind, caught.message);
  return caught;
}

describe('the way out', () => {
  let outbound: Outbound;
  let server: HttpSimulator;
  const { opened, way } = waysOut(afterEach);

  beforeEach(async () => {
    outbound = way({ allowPrivate: true });
    server = await httpSimulator((request, response) => {
      if (request.url === '/hang') return;
      if (request.url === '/big') return void response.end(Buffer.alloc(5000));
      if (request.url === '/bomb') return void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(500_000)));
      if (request.url === '/drip') return void response.write('a');
      if (request.url === '/cut') return void response.writeHead(200, { 'content-length': 10 }).write('abc', () => response.destroy());
      const to = /^\/to\?(.*)$/.exec(request.url ?? '')?.[1];
      if (to) return void response.writeHead(307, { location: decodeURIComponent(to) }).end();
      if (request.url === '/circle') return void response.writeHead(302, { location: '/circle' }).end();
      return void response.end(`hello from ${request.url}`);
    });
    opened.push(server);
  });

  it('reaches the origin it was made for, and no other', async () => {
    const fetch = outbound.to(server.url);
    assert.equal(await (await fetch(`${server.url}/a`)).text(), 'hello from /a');
    const other = await httpSimulator((_request, response) => void response.end('other'));
    opened.push(other);
    await failsWith('blocked', () => fetch(`${other.url}/a`));
    await failsWith('blocked', () => fetch('https://example.com/'));
    assert.equal(other.requests.length, 0);
  });

  describe('without private addresses', () => {
    for (const address of [
      'https://127.0.0.1',
      'https://10.0.0.1',
      'https://192.168.1.1',
      'https://172.16.0.1',
      'https://169.254.169.254',
      'https://100.64.0.1',
      'https://0.0.0.0',
      'https://0x7f.1',
      'https://2130706433',
      'https://0177.0.0.1',
      'https://127.1',
      'https://[::1]',
      'https://[::]',
      'https://[fe80::1]',
      'https://[fd00::1]',
      'https://[::ffff:127.0.0.1]',
      'https://[::ffff:a00:1]',
      'https://[64:ff9b::7f00:1]',
      'https://[2002:7f00:1::]',
      'https://①②⑦.⓪.⓪.①',
      'http://example.com',
      'http://93.184.215.14',
      'ftp://example.com',
      'file:///etc/passwd',
      'https://user:secret@example.com',
      'not an address',
      '',
    ]) {
      it(`refuses ${address || 'an empty address'} before anything is sent`, () =>
        failsWith('blocked', () => way({ allowPrivate: false }).to(address)));
    }

    it('refuses a name that leads to this machine', async () => {
      const error = await failsWith('blocked', () => way({ allowPrivate: false }).to('https://localhost:4443')('https://localhost:4443/'));
      assert.equal(error.maybeSent, false);
    });

    for (const addresses of [
      ['10.0.0.7'],
      ['::1'],
      ['::ffff:192.168.0.1'],
      ['169.254.169.254'],
      ['93.184.215.14', '127.0.0.1'],
      ['0.0.0.0'],
    ]) {
      it(`refuses a name whose DNS answer is ${addresses.join(' and ')}`, () =>
        failsWith('blocked', () =>
          way({ allowPrivate: false, lookup: answering(...addresses) }).to('https://shop.example')('https://shop.example/'),
        ));
    }
  });

  it('reaches private addresses by name and number where the operator allows them', async () => {
    const name = server.url.replace('127.0.0.1', 'localhost');
    assert.equal((await way({ allowPrivate: true, lookup: answering('127.0.0.1') }).to(name)(name)).status, 200);
    assert.equal((await outbound.to(server.url)(server.url)).status, 200);
  });

  it('never reaches a cloud’s metadata, even where private addresses are allowed', async () => {
    await failsWith('blocked', () => outbound.to('http://169.254.169.254'));
    await failsWith('blocked', () => outbound.to('http://[fd00:ec2::254]'));
    await failsWith('blocked', () =>
      way({ allowPrivate: true, lookup: answering('169.254.169.254') }).to('http://inside.example')('http://inside.example/'),
    );
  });

  it('uses plain http for private addresses only', async () => {
    const error = await failsWith('blocked', () =>
      way({ allowPrivate: true, lookup: answering('93.184.215.14') }).to('http://shop.example')('http://shop.example/'),
    );
    assert.match(error.says, /https/);
  });

  it('[P4.2-c] takes a key to no other host by a redirect', async () => {
    const other = await httpSimulator((_request, response) => void response.end('other'));
    opened.push(other);
    const fetch = outbound.to(server.url);
    const key = { headers: { authorization: 'Bearer secret' } };
    await failsWith('blocked', () => fetch(`${server.url}/to?${encodeURIComponent(`${other.url}/x`)}`, key));
    await failsWith('blocked', () => fetch(`${server.url}/to?${encodeURIComponent('http://169.254.169.254/')}`, key));
    await failsWith('blocked', () => fetch(`${server.url}/to?${encodeURIComponent(`//127.0.0.1:${other.port}/x`)}`, key));
    assert.equal(other.requests.length, 0);
  });

  it('follows a redirect on the same origin, but not in circles, and never for a post', async () => {
    const fetch = outbound.to(server.url);
    assert.equal(await (await fetch(`${server.url}/to?%2Fb`)).text(), 'hello from /b');
    await failsWith('blocked', () => fetch(`${server.url}/circle`));
    assert.equal(server.requests.filter(({ path }) => path === '/circle').length, 4);
    const error = await failsWith('blocked', () => fetch(`${server.url}/to?%2Fb`, { method: 'POST', body: 'x' }));
    assert.equal(error.maybeSent, true);
  });

  it('[P4.2-c] sends nothing where the certificate can’t be verified', async () => {
    const secure = await httpSimulator((_request, response) => void response.end('secret'), { tls: true });
    opened.push(secure);
    const error = await failsWith('unreachable', () =>
      outbound.to(secure.url)(secure.url, { headers: { authorization: 'Bearer secret' } }),
    );
    assert.match(error.says, /certificate/);
    assert.equal(error.maybeSent, false);
    assert.equal(secure.requests.length, 0);
  });

  it('says in plain words that nothing answers, and that a name is unknown', async () => {
    const { url } = server;
    await server.close();
    const refused = await failsWith('unreachable', () => outbound.to(url)(url));
    assert.match(refused.says, /Nothing answers at 127\.0\.0\.1/);
    assert.equal(refused.maybeSent, false);
    const unknown = await failsWith('unreachable', () => outbound.to('https://nowhere.invalid')('https://nowhere.invalid/'));
    assert.match(unknown.says, /nowhere\.invalid was not found/);
  });

  it('stops reading at the size limit, compressed or not', async () => {
    await failsWith('too-large', async () => (await outbound.to(server.url, { maxBytes: 4000 })(`${server.url}/big`)).text());
    await failsWith('too-large', async () => (await outbound.to(server.url, { maxBytes: 4000 })(`${server.url}/bomb`)).text());
    assert.equal((await (await outbound.to(server.url, { maxBytes: 5000 })(`${server.url}/big`)).arrayBuffer()).byteLength, 5000);
  });

  it('gives up on a server that doesn’t answer, and on one that never ends', async () => {
    const fetch = outbound.to(server.url, { timeoutMs: 30 });
    const error = await failsWith('timeout', () => fetch(`${server.url}/hang`));
    assert.equal(error.maybeSent, true);
    await failsWith('timeout', async () => (await fetch(`${server.url}/drip`)).text());
  });

  it('lets go of a body that nobody wants to read', async () => {
    let closed = false;
    const endless = await httpSimulator((_request, response) => {
      response.on('close', () => (closed = true));
      response.write('begins');
    });
    opened.push(endless);
    await (await outbound.to(endless.url)(endless.url)).body?.cancel();
    for (let n = 0; n < 100 && !closed; n++) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.ok(closed);
  });

  it('tells a connection that was cut from one that was never made', async () => {
    const error = await failsWith('unreachable', async () => (await outbound.to(server.url)(`${server.url}/cut`)).text());
    assert.equal(error.maybeSent, true);
  });

  it('throws the caller’s own reason when it is aborted', async () => {
    const abort = new AbortController();
    const reason = new Error('a newer message came');
    const answer = outbound.to(server.url)(`${server.url}/hang`, { signal: abort.signal });
    abort.abort(reason);
    await assert.rejects(answer, (error) => error === reason);
  });
});

describe('addresses', () => {
  it('knows how far each reaches', () => {
    const expected = {
      '93.184.215.14': 'public',
      '2606:2800:21f:cb07:6820:80da:af6b:8b2c': 'public',
      '64:ff9b::5db8:d70e': 'public',
      '::ffff:93.184.215.14': 'public',
      '127.0.0.1': 'private',
      '10.1.2.3': 'private',
      '100.64.0.1': 'private',
      'fd00::1': 'private',
      '::1': 'private',
      '::ffff:10.0.0.1': 'private',
      '169.254.1.1': 'never',
      'fe80::1': 'never',
      '0.0.0.0': 'never',
      '255.255.255.255': 'never',
      '224.0.0.1': 'never',
      '100.100.100.200': 'never',
      '192.0.0.192': 'never',
      '2001::1': 'never',
      '64:ff9b::a9fe:a9fe': 'never',
      'example.com': 'never',
      '': 'never',
    };
    assert.deepEqual(Object.fromEntries(Object.keys(expected).map((address) => [address, reachOf(address)])), expected);
  });
});
