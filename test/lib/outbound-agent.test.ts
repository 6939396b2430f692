import assert from 'node:assert/strict';
import type dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { once } from 'node:events';
import { mock } from 'node:test';
import { OutboundError, type Outbound, type OutboundErrorKind } from '../../src/lib/outbound.ts';
import { listening, httpSimulator, type HttpSimulator } from '../simulators/http.ts';
import { waysOut } from './ways-out.ts';

/** A resolver that answers every name with this address. */
function answering(address: string): typeof dns.lookup {
  const lookup = (_name: string, _options: dns.LookupAllOptions, done: (error: null, found: dns.LookupAddress[]) => void) =>
    done(null, [{ address, family: 4 }]);
  return lookup as typeof dns.lookup;
}

/** What an SDK does with an agent: one request, its text read to the end. */
function ask(url: string, agent: http.Agent, options: https.RequestOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const { request } = url.startsWith('https:') ? https : http;
    const asking = request(url, { agent, ...options }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('error', reject);
      response.on('end', () => resolve(text));
    });
    asking.on('error', reject).end();
  });
}

async function failsWith(kind: OutboundErrorKind, act: () => unknown, maybeSent = false): Promise<OutboundError> {
  const error = await Promise.resolve()
    .then(act)
    .then(
      () => assert.fail('it went through'),
      (thrown: unknown) => thrown,
    );
  assert.ok(error instanceof OutboundError, String(error));
  assert.deepEqual([error.kind, error.maybeSent], [kind, maybeSent], error.message);
  return error;
}

describe('the way out for an SDK that takes an agent', () => {
  let outbound: Outbound;
  let server: HttpSimulator;
  afterEach(() => mock.timers.reset());
  const { opened, way } = waysOut(afterEach);
  const simulator = async (options: { tls?: boolean } = {}) => {
    const made = await httpSimulator((request, response) => {
      if (request.url === '/cut') return void response.destroy();
      return void response.end(`hello from ${request.url}`);
    }, options);
    opened.push(made);
    return made;
  };

  beforeEach(async () => {
    outbound = way({ allowPrivate: true });
    server = await simulator();
  });

  it('reaches its own origin, and keeps the connection for the next request', async () => {
    const ports = new Set<number | undefined>();
    const far = http.createServer((request, response) => void (ports.add(request.socket.remotePort), response.end('yes')));
    const { url, close } = await listening(far);
    opened.push({ close });
    for (let n = 0; n < 3; n++) assert.equal(await ask(url, outbound.agent(url)), 'yes');
    assert.equal(ports.size, 1);
  });

  it('[P4.2-c] connects to no other origin, whatever the request says', async () => {
    const other = await simulator();
    const agent = outbound.agent(server.url);
    for (const target of [other.url, server.url.replace('127.0.0.1', 'localhost'), 'http://169.254.169.254'])
      await failsWith('blocked', () => ask(target, agent));
    await failsWith('blocked', () => ask(server.url, agent, { socketPath: '/var/run/docker.sock' }));
    await assert.rejects(() => ask(server.url.replace('http:', 'https:'), agent), { code: 'ERR_INVALID_PROTOCOL' });
    assert.equal(await ask(server.url, agent, { lookup: answering('169.254.169.254') }), 'hello from /');
    assert.deepEqual([other.requests.length, server.requests.length], [0, 1]);
  });

  for (const address of [
    'https://127.0.0.1',
    'https://[::1]',
    'https://0x7f.1',
    'http://example.com',
    'http://10.0.0.1',
    'https://a:b@c.example',
    '',
  ]) {
    it(`refuses ${address || 'an empty address'} at once where private addresses aren’t allowed`, () =>
      failsWith('blocked', () => way({ allowPrivate: false }).agent(address)));
  }

  it('checks each address that a name leads to', async () => {
    const leadsTo = (address: string, allowPrivate: boolean) => way({ allowPrivate, lookup: answering(address) });
    await failsWith('blocked', () => ask('https://shop.example/', leadsTo('10.0.0.7', false).agent('https://shop.example')));
    await failsWith('blocked', () => ask('http://inside.example/', leadsTo('169.254.169.254', true).agent('http://inside.example')));
    const plain = await failsWith('blocked', () =>
      ask('http://shop.example/', leadsTo('93.184.215.14', true).agent('http://shop.example')),
    );
    assert.match(plain.says, /https/);
    const name = server.url.replace('127.0.0.1', 'inside.example');
    assert.equal(await ask(name, leadsTo('127.0.0.1', true).agent(name)), 'hello from /');
  });

  it('[P4.2-c] sends nothing where the certificate can’t be verified, even if the request would', async () => {
    const secure = await simulator({ tls: true });
    const error = await failsWith('unreachable', () => ask(secure.url, outbound.agent(secure.url), { rejectUnauthorized: false }));
    assert.match(error.says, /certificate/);
    assert.equal(secure.requests.length, 0);
  });

  it('tells a connection that was never made from one that broke', async () => {
    await assert.rejects(ask(`${server.url}/cut`, outbound.agent(server.url)), (error) => !(error instanceof OutboundError));
    const { url } = server;
    await server.close();
    const error = await failsWith('unreachable', () => ask(url, outbound.agent(url)));
    assert.match(error.says, /Nothing answers at 127\.0\.0\.1/);
    await failsWith('unreachable', () => ask('https://nowhere.invalid', outbound.agent('https://nowhere.invalid')));
  });

  it('gives up on a server that takes the connection and never finishes its handshake', async () => {
    const mute = net.createServer().listen(0, '127.0.0.1');
    await once(mute, 'listening');
    opened.push({ close: async () => void mute.close() });
    mock.timers.enable({ apis: ['setTimeout'] });
    const { port } = mute.address() as net.AddressInfo;
    const asking = failsWith('timeout', () => ask(`https://127.0.0.1:${port}`, outbound.agent(`https://127.0.0.1:${port}`)));
    const [socket] = (await once(mute, 'connection')) as [net.Socket];
    mock.timers.tick(10_000);
    await asking;
    socket.destroy();
  });

  it('lets go of its connections when the process stops', async () => {
    const far = http.createServer((_request, response) => void response.end('yes'));
    const connected = once(far, 'connection') as Promise<[net.Socket]>;
    const { url, close } = await listening(far);
    opened.push({ close });
    await ask(url, outbound.agent(url));
    const [socket] = await connected;
    assert.equal(socket.closed, false);
    const closed = once(socket, 'close');
    await outbound.close();
    await closed;
  });
});
