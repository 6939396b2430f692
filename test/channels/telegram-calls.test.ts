/** What telegraf's client makes of a far side that isn't Telegram at its best, held against what the core has to know. */
import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { DeliveryError, type ChannelAccess } from '../../src/channels/channel.ts';
import { telegram } from '../../src/channels/telegram/index.ts';
import type { TelegramSettings } from '../../src/channels/telegram/settings.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createOutbound, type Outbound } from '../../src/lib/outbound.ts';
import { httpSimulator, type HttpSimulator } from '../simulators/http.ts';

const token = `8123456789:AAH${'x'.repeat(32)}`;
const json = { 'content-type': 'application/json' };

describe('a call to Telegram', () => {
  let outbound: Outbound;
  let far: HttpSimulator;
  let answers: (request: IncomingMessage, response: ServerResponse) => void;
  beforeEach(async () => {
    outbound = createOutbound({ allowPrivate: true });
    far = await httpSimulator((request, response) => answers(request, response));
  });
  afterEach(async () => {
    await outbound.close();
    await far.close();
  });

  const access = (more: Partial<ChannelAccess> = {}): ChannelAccess<TelegramSettings> => ({
    channelId: 1,
    state: null,
    apiRoot: far.url,
    fetch: outbound.to(far.url),
    agent: () => outbound.agent(far.url),
    clock: systemClock,
    signal: new AbortController().signal,
    ...more,
    settings: { token, mode: 'polling' },
  });
  const send = (more?: Partial<ChannelAccess>) =>
    telegram.send(access(more), {
      thread: '501',
      recipient: '501',
      reference: 'r',
      attempt: 1,
      author: 'bot',
      kind: 'text',
      text: 'We open at nine.',
    });
  /** The failure, looked through for the token in all that it holds. */
  const failure = async (more?: Partial<ChannelAccess>): Promise<DeliveryError> => {
    const error = await send(more).then(
      () => assert.fail('it went through'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof DeliveryError, inspect(error));
    for (let at: unknown = error; at instanceof Error; at = at.cause)
      assert.ok(![at.message, at.stack, inspect(at, { depth: 9, showHidden: true })].join(' ').includes(token.slice(-20)), inspect(at));
    return error;
  };
  const says = (status: number, body: unknown, headers: Record<string, string> = json) => {
    answers = (_request, response) => void response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const ok = { ok: true, result: { message_id: 7 } };

  it('goes to the method under the token, and keeps its connection for the next one', async () => {
    const ports = new Set<number | undefined>();
    answers = (request, response) => {
      ports.add(request.socket.remotePort);
      response.writeHead(200, json).end(JSON.stringify(ok));
    };
    for (let n = 0; n < 3; n++) assert.deepEqual(await send(), { externalId: '7', state: 'sent' });
    assert.deepEqual([ports.size, far.requests[0]?.path], [1, `/bot${token}/sendMessage`]);
  });

  it('reaches a Bot API server under a path of its own', async () => {
    says(200, ok);
    await send({ apiRoot: `${far.url}/telegram` });
    assert.equal(far.requests[0]?.path, `/telegram/bot${token}/sendMessage`);
  });

  for (const [what, status, body, headers] of [
    ['a page', 200, '<html>', { 'content-type': 'text/html' }],
    ['a page that says it is JSON', 200, '<html>', json],
    ['JSON that is nothing', 200, 'null', json],
    ['JSON of another shape', 200, {}, json],
    ['a result of another shape', 200, { ok: true, result: { id: 7 } }, json],
    ['a fault that only the body names', 400, { ok: false, error_code: 500, description: 'Internal Server Error' }, json],
    ['a gateway’s own 503 in JSON', 503, { message: 'no healthy upstream' }, json],
    ['a gateway’s page', 502, '<html>'.repeat(50_000), { 'content-type': 'text/html' }],
  ] as const) {
    it(`${what} leaves the outcome unknown`, async () => {
      says(status, body, headers);
      assert.equal((await failure()).outcome, 'unknown');
    });
  }

  it('a proxy’s page that lets nothing through is told from an answer', async () => {
    says(407, `<html>no way to /bot${token}/sendMessage`, { 'content-type': 'text/html' });
    assert.deepEqual([(await failure()).outcome, (await failure()).says.includes('proxy')], ['not-sent', true]);
  });

  for (const status of [301, 303, 307]) {
    it(`a redirect by ${status} is not followed, on the same origin or off it`, async () => {
      const other = await httpSimulator((_request, response) => void response.end(JSON.stringify(ok)));
      for (const location of ['/elsewhere', `${other.url}/x`]) {
        says(status, '', { location });
        assert.equal((await failure()).outcome, 'unknown');
      }
      await other.close();
      assert.deepEqual([far.requests.length, other.requests.length], [2, 0]);
    });
  }

  it('an answer that is cut in the middle is known at once, whatever length it promised', async () => {
    for (const headers of [{ ...json, 'content-length': '1000' }, json]) {
      answers = (_request, response) => void response.writeHead(200, headers).write('{"ok":', () => response.destroy());
      assert.equal((await failure()).outcome, 'unknown');
    }
  });

  it('stops reading an answer that is too long, packed or not', async () => {
    const long = JSON.stringify({ ...ok, padding: 'x'.repeat(9 * 1024 * 1024) });
    says(200, long);
    assert.equal((await failure()).outcome, 'unknown');
    says(200, ok);
    assert.equal((await send()).externalId, '7');
    const bomb = gzipSync(long);
    answers = (_request, response) => void response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(bomb);
    assert.equal((await failure()).outcome, 'unknown');
    assert.equal(far.requests[0]?.headers['accept-encoding'], 'identity');
  });

  it('a stop before there is a connection is no send', async () => {
    const abort = new AbortController();
    answers = () => assert.fail('nothing was to arrive');
    const failing = failure({
      signal: abort.signal,
      agent: () => (setImmediate(() => abort.abort()), outbound.agent('http://10.255.255.1')),
      apiRoot: 'http://10.255.255.1',
    });
    assert.equal((await failing).outcome, 'not-sent');
  });

  it('a name that leads inside, and a certificate that can’t be verified, are said as what they are', async () => {
    const blocked = await failure({
      apiRoot: 'https://localhost:4443',
      agent: () => createOutbound({ allowPrivate: false }).agent('https://localhost:4443'),
    });
    assert.match(blocked.says, /private or reserved/);
    const secure = await httpSimulator(() => assert.fail('nothing was to arrive'), { tls: true });
    const unverified = await failure({ apiRoot: secure.url, agent: () => outbound.agent(secure.url) });
    assert.match(unverified.says, /certificate/);
    await secure.close();
    assert.deepEqual([blocked.outcome, unverified.outcome], ['not-sent', 'not-sent']);
  });
});
