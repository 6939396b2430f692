import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import type { AddressInfo } from 'node:net';
import express, { Router } from 'express';
import pino from 'pino';
import { beginRequest, may } from '../../src/web/guard.ts';
import { errorHandler, notFound } from '../../src/web/errors.ts';
import { limit } from '../../src/web/limits.ts';
import { requestLog } from '../../src/web/logging.ts';
import { Client, startServer, type TestServer } from '../support/http.ts';

describe('the request log and limits', () => {
  let server: TestServer;
  let client: Client;
  let end: () => Promise<void>;
  const lines: string[] = [];

  before(async () => {
    server = await startServer();
    const log = pino(
      { base: null },
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          lines.push(chunk.toString());
          done();
        },
      }),
    );
    const router = Router();
    router.get('/w/:workspace/people/:name', may('conversation.read'), (_req, res) => void res.send('ok'));
    router.post('/echo', may('public'), (_req, res) => void res.send('ok'));
    router.get('/slow', may('public'), limit({ points: 3, seconds: 60 }), (_req, res) => void res.send('ok'));
    const app = express()
      .set('trust proxy', 1)
      .use(beginRequest(server.installation))
      .use(requestLog(log, server.clock))
      .use(router)
      .use(notFound)
      .use(errorHandler(log));
    const listening = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => listening.once('listening', resolve));
    client = new Client(`http://127.0.0.1:${(listening.address() as AddressInfo).port}`);
    end = async () => {
      listening.closeAllConnections();
      listening.close();
      await server.end();
    };
  });
  after(() => end());

  it('a line has ids, the route’s pattern, status and time, and nothing of the person', async () => {
    client.cookie = (await server.as('owner')).cookie;
    await client.get(`/w/${server.workspace}/people/leyla-secret?q=find-me`, { 'User-Agent': 'agent-secret' });
    await client.send('POST', '/echo', { body: 'text=message-secret', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } });
    await client.get('/nothing-secret');
    while (lines.length < 3) await new Promise((resolve) => setImmediate(resolve));
    const [first = '{}'] = lines;
    const { request, route, status, method, user, workspace, ms } = JSON.parse(first) as Record<string, unknown>;
    assert.match(String(request), /^req_/);
    assert.deepEqual(
      { route, status, method, user, workspace },
      { route: '/w/:workspace/people/:name', status: 200, method: 'GET', user: server.people.owner, workspace: server.workspace },
    );
    assert.equal(typeof ms, 'number');
    assert.doesNotMatch(lines.join(''), /secret|find-me|127\.0\.0\.1|aurora|Cookie|deskbell=/);
  });

  it('too many requests of one address get 429 with Retry-After; others go on', async () => {
    const from = (ip: string): ReturnType<Client['get']> => client.get('/slow', { 'X-Forwarded-For': ip });
    for (let i = 0; i < 3; i += 1) assert.equal((await from('203.0.114.1')).status, 200);
    const refused = await from('203.0.114.1');
    assert.equal(refused.status, 429);
    const seconds = Number(refused.headers.get('Retry-After'));
    assert.ok(seconds > 0 && seconds <= 60, String(seconds));
    assert.match(refused.text, /Try again in \d+ seconds\./);
    assert.equal((await from('203.0.114.2')).status, 200);
  });

  it('an IPv6 household counts as one', async () => {
    for (const ip of ['2a01:4f8:1:2::1', '2a01:4f8:1:2:ffff::2', '2a01:4f8:1:2:3:4:5:6'])
      assert.equal((await client.get('/slow', { 'X-Forwarded-For': ip })).status, 200);
    assert.equal((await client.get('/slow', { 'X-Forwarded-For': '2a01:4f8:1:2::99' })).status, 429);
    assert.equal((await client.get('/slow', { 'X-Forwarded-For': '2a01:4f8:1:3::1' })).status, 200);
  });
});
