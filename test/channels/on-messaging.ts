import assert from 'node:assert/strict';
import { addChannel, type ChannelRow } from '../../src/channels/index.ts';
import { verifyToken } from '../../src/channels/webhook-address.ts';
import type { Workspace } from '../../src/workspace.ts';
import { MetaMessagingSimulator } from '../simulators/meta-messaging.ts';
import type { Json } from '../simulators/meta-webhooks.ts';
import { TestClock } from '../support/clock.ts';
import { startServer, type TestServer } from '../support/http.ts';

export type Product = { product: 'messenger' | 'instagram'; login?: 'facebook' | 'instagram' };

/** Customers, by the ids that a Page or an account knows them by. */
export const AYSE = '7512340000000501';
export const JONAS = '7512340000000502';

/** Café Aurora's server with a Page on Messenger or an account on Instagram, answered by people alone. */
export interface OnMessaging {
  far: MetaMessagingSimulator;
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

export function onMessaging(options: Product, begin: Hook, end: Hook): OnMessaging {
  const opened = {} as OnMessaging;
  begin(async () => {
    const clock = new TestClock();
    const far = await new MetaMessagingSimulator({ now: () => clock.now(), ...options }).start();
    const server = await startServer({ clock, env: far.env });
    const ws = server.installation.workspaces.hold(server.workspace).workspace;
    const channel = await addChannel(ws, { kind: options.product, settings: far.settings, botId: null, userId: null });
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
    } satisfies OnMessaging);
  });
  end(async () => {
    await opened.server.end();
    await opened.far.stop();
  });
  return opened;
}
