import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type dns from 'node:dns';
import { OutboundError } from '../../src/lib/outbound.ts';
import { waysOut } from './ways-out.ts';

const never = new AbortController().signal;

describe('a bare connection on the way out', () => {
  let server: Server;
  let port: number;
  let arrived = 0;
  const { way } = waysOut(afterEach);

  beforeEach(async () => {
    arrived = 0;
    server = createServer((socket) => {
      arrived++;
      socket.on('error', () => undefined).end('220 here\r\n');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => void server.close());

  const refused = async (act: Promise<unknown>): Promise<OutboundError> => {
    const error = await act.then(
      () => assert.fail('it was let out'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof OutboundError, String(error));
    assert.equal(error.maybeSent, false);
    return error;
  };

  it('reaches a private host where the operator allows it', async () => {
    const socket = await way({ allowPrivate: true }).socket('127.0.0.1', port, never);
    const [greeting] = (await once(socket, 'data')) as [Buffer];
    assert.equal(greeting.toString(), '220 here\r\n');
    socket.destroy();
  });

  it('refuses private addresses by number, by odd notation and by what a name leads to, before anything is sent', async () => {
    const lookup = ((_name: string, _options: dns.LookupAllOptions, done: (error: null, found: dns.LookupAddress[]) => void) =>
      done(null, [{ address: '127.0.0.1', family: 4 }])) as typeof dns.lookup;
    const outbound = way({ allowPrivate: false, lookup });
    for (const host of ['127.0.0.1', '::1', '10.0.0.7', '169.254.169.254', '::ffff:127.0.0.1', 'mail.example.com', '0x7f.1'])
      assert.equal((await refused(outbound.socket(host, port, never))).kind, 'blocked', host);
    assert.equal(arrived, 0);
  });

  it('says in plain words that nothing listens', async () => {
    server.close();
    const error = await refused(way({ allowPrivate: true }).socket('127.0.0.1', port, never));
    assert.equal(error.kind, 'unreachable');
    assert.match(error.says, /^Nothing answers at 127\.0\.0\.1\./);
  });

  it('throws the caller’s own reason when it is aborted', async () => {
    const reason = new Error('the server stops');
    await assert.rejects(way({ allowPrivate: true }).socket('127.0.0.1', port, AbortSignal.abort(reason)), reason);
  });
});
