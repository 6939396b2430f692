import assert from 'node:assert/strict';
import { addChannel, type ChannelRow } from '../../src/channels/index.ts';
import { verifyToken } from '../../src/channels/webhook-address.ts';
import type { Workspace } from '../../src/workspace.ts';
import { MetaSimulator } from '../simulators/meta.ts';
import type { Json } from '../simulators/meta-webhooks.ts';
import { TestClock } from '../support/clock.ts';
import { startServer, type TestServer } from '../support/http.ts';

export const ayse = { name: 'Ayşe Demir', phone: '4915112345678' };

/** Café Aurora's server with a number of WhatsApp, answered by people alone. */
export interface OnWhatsapp {
  far: MetaSimulator;
  server: TestServer;
  clock: TestClock;
  ws: Workspace;
  channel: ChannelRow;
  /** Where Meta posts. */
  address: string;
  verify: string;
  /** Meta posts, once; it must be answered with 200. */
  post(body: Json): Promise<void>;
  all<T>(sql: string, ...values: unknown[]): T[];
  one<T>(sql: string, ...values: unknown[]): T;
}

type Hook = (act: () => Promise<void>) => void;

export function onWhatsapp(begin: Hook, end: Hook): OnWhatsapp {
  const opened = {} as OnWhatsapp;
  begin(async () => {
    const clock = new TestClock();
    const far = await new MetaSimulator({ now: () => clock.now() }).start();
    const server = await startServer({ clock, env: { META_API_ROOT: far.url, META_FILE_ROOT: far.url } });
    const ws = server.installation.workspaces.hold(server.workspace).workspace;
    const channel = await addChannel(ws, { kind: 'whatsapp', settings: far.settings, botId: null, userId: null });
    const address = `${server.url}/webhooks/${channel.publicId}`;
    Object.assign(opened, {
      far,
      server,
      clock,
      ws,
      channel,
      address,
      verify: verifyToken(ws, channel.publicId),
      post: async (body) => assert.deepEqual(await far.deliver(address, body), [200]),
      all: <T>(sql: string, ...values: unknown[]) => ws.sql.prepare(sql).all(...values) as T[],
      one: <T>(sql: string, ...values: unknown[]) => ws.sql.prepare(sql).get(...values) as T,
    } satisfies OnWhatsapp);
  });
  end(async () => {
    await opened.server.end();
    await opened.far.stop();
  });
  return opened;
}
