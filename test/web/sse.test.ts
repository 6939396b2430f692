import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express, { Router, type Express } from 'express';
import { beginRequest, may } from '../../src/web/guard.ts';
import { beatStreams, closeStreams, sse, type Stream } from '../../src/web/sse.ts';
import { Client, startServer, type TestServer } from '../support/http.ts';

describe('event streams', () => {
  let server: TestServer;
  let app: Express;
  let url: string;
  let port: number;
  let end: () => Promise<void>;
  let opened: Stream[];

  before(async () => {
    server = await startServer();
    opened = [];
    const router = Router();
    router.get('/stream', may('visitor'), (req, res) => void opened.push(sse(req, res)));
    router.get('/w/:workspace/stream', may('conversation.read'), (req, res) => void opened.push(sse(req, res)));
    app = express().use(beginRequest(server.installation)).use(router);
    const listening = app.listen(0, '127.0.0.1');
    await once(listening, 'listening');
    port = (listening.address() as AddressInfo).port;
    url = `http://127.0.0.1:${port}`;
    end = async () => {
      closeStreams(app);
      listening.closeAllConnections();
      listening.close();
      await server.end();
    };
  });
  after(() => end());
  beforeEach(() => {
    opened.length = 0;
  });

  async function open(
    path: string,
    headers: Record<string, string> = {},
  ): Promise<{ stream: Stream; read(until: string): Promise<string>; ended: Promise<void> }> {
    const response = await fetch(url + path, { headers });
    assert.equal(response.headers.get('Content-Type'), 'text/event-stream; charset=utf-8');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const stream = opened.at(-1);
    if (!reader || !stream) throw new Error('no stream was opened');
    let text = '';
    let wake = (): void => undefined;
    const ended = (async () => {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        text += value;
        wake();
      }
    })();
    const read = async (until: string): Promise<string> => {
      while (!text.includes(until)) await new Promise<void>((resolve) => (wake = resolve));
      return text;
    };
    return { stream, read, ended };
  }

  it('an event has its id, name and every line of its text', async () => {
    const { stream, read } = await open('/stream');
    assert.equal(stream.send({ id: 7, event: 'message', data: 'one\ntwo\r\n\nid: 99' }), true);
    assert.match(await read('id: 99'), /id: 7\nevent: message\ndata: one\ndata: two\ndata: \ndata: id: 99\n\n/);
  });

  it('resumes after the last event seen, by header or by address, and from now on without either', async () => {
    assert.equal((await open('/stream', { 'Last-Event-ID': '41' })).stream.after, 41);
    assert.equal((await open('/stream?after=12')).stream.after, 12);
    assert.equal((await open('/stream?after=12', { 'Last-Event-ID': '41' })).stream.after, 41);
    for (const path of ['/stream', '/stream?after=x', '/stream?after=-1', '/stream?after=1&after=2', `/stream?after=${'9'.repeat(40)}`]) {
      assert.equal((await open(path)).stream.after, undefined, path);
    }
  });

  it('drops a client that leaves more than 64 kB unread', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.pause();
    socket.write('GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n');
    while (opened.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const [stream] = opened;
    let sent = 0;
    // The kernel takes some megabytes before anything is left unread here.
    while (stream?.send({ data: 'x'.repeat(32_768) })) {
      sent += 1;
      assert.ok(sent < 2000, 'the stream was never dropped');
      await new Promise((resolve) => setImmediate(resolve));
    }
    while (!stream?.closed) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(stream.send({ data: 'more' }), false);
    socket.destroy();
  });

  it('beats while nothing happens', async () => {
    const { read } = await open('/stream');
    beatStreams(app);
    assert.match(await read('here'), /: still here\n\n/);
  });

  it('ends when the session was revoked, and when the membership was taken away', async () => {
    const path = `/w/${server.workspace}/stream`;
    const agent = await server.as('agent');
    const viewer = await server.as('viewer');
    const kept = await open(path, { Cookie: (await server.as('owner')).cookie ?? '' });
    const signedOut = await open(path, { Cookie: agent.cookie ?? '' });
    const removed = await open(path, { Cookie: viewer.cookie ?? '' });
    await agent.post('/sign-out');
    await (await server.as('owner')).post(`/w/${server.workspace}/settings/members/${server.people.viewer}/remove`);
    beatStreams(app);
    await Promise.all([signedOut.ended, removed.ended]);
    assert.equal(kept.stream.closed, false);
  });

  it('can be ended from our side, and says when it has ended', async () => {
    const client = new Client(url);
    client.cookie = (await server.as('owner')).cookie;
    const { stream, ended } = await open(`/w/${server.workspace}/stream`, { Cookie: client.cookie ?? '' });
    const closed = new Promise<void>((resolve) => stream.onClose(resolve));
    stream.close();
    await Promise.all([ended, closed]);
    assert.equal(stream.closed, true);
  });

  it('all end at a stop, so that the server can close', async () => {
    const streams = await Promise.all([open('/stream'), open('/stream'), open('/stream')]);
    closeStreams(app);
    await Promise.all(streams.map(({ ended }) => ended));
  });
});
