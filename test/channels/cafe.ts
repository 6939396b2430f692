/** Café Aurora's server with its owner signed in, for the tests of the channels' pages. */
import assert from 'node:assert/strict';
import { channels } from '../../src/db/schema/workspace.ts';
import type { Workspace } from '../../src/workspace.ts';
import { startServer, type Answer, type Client, type TestServer } from '../support/http.ts';
import type { TelegramSimulator } from '../simulators/telegram.ts';

export interface Cafe {
  server: TestServer;
  ws: Workspace;
  owner: Client;
  /** Where its channels are. */
  base: string;
  rows(): (typeof channels.$inferSelect)[];
  only(): typeof channels.$inferSelect;
  connectTelegram(): Promise<Answer>;
}

export async function openCafe(far: TelegramSimulator): Promise<Cafe> {
  const server = await startServer({ env: { TELEGRAM_API_ROOT: far.url } });
  const ws = server.installation.workspaces.hold(server.workspace).workspace;
  const owner = await server.as('owner');
  const base = `/w/${server.workspace}/channels`;
  const rows = () => ws.db.select().from(channels).all();
  return {
    server,
    ws,
    owner,
    base,
    rows,
    only: () => rows()[0] ?? assert.fail('there is a channel'),
    connectTelegram: () => owner.post(`${base}/new/telegram`, { token: far.token, botId: '' }),
  };
}
