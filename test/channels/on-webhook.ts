import assert from 'node:assert/strict';
import { addChannel, editChannelSettings, startListening, type ChannelRow, type Listening } from '../../src/channels/index.ts';
import { verifyToken } from '../../src/channels/webhook-address.ts';
import { receiveEvents } from '../../src/conversations/index.ts';
import { channels, messages } from '../../src/db/schema/workspace.ts';
import type { Workspace } from '../../src/workspace.ts';
import { TelegramSimulator } from '../simulators/telegram.ts';
import { eventually } from '../support/eventually.ts';
import { startServer, type TestServer } from '../support/http.ts';

/** What the product thinks its address is. */
export const PUBLIC = 'https://desk.aurora.example';

/** Café Aurora's server under a public address, where Telegram's stand-in finds it, with what listens. */
export interface OnWebhook {
  far: TelegramSimulator;
  server: TestServer;
  ws: Workspace;
  /** Connects the bot, and waits until Telegram calls or is asked. */
  connect(mode: string): Promise<ChannelRow>;
  change(mode: string): Promise<void>;
  row(): ChannelRow;
  /** What customers said, in order. */
  texts(): string[];
  /** Posts to the channel's address, as nobody or by its own secret. */
  post(headers: Record<string, string>, body: unknown): Promise<number>;
  secret(): Record<string, string>;
  /** What the page says is wrong, once it says something. */
  says(): Promise<string>;
  /** Everything that listens ends, and begins again as after a start; between the two `act` is done. */
  restart(act?: () => void): Promise<void>;
}

type Hook = (act: () => Promise<void>) => void;

/** Opened at `begin`, shut at `end`; what is returned is filled by then. */
export function onWebhook(begin: Hook, end: Hook): OnWebhook {
  const opened = {} as OnWebhook;
  let listening: Listening;
  begin(async () => {
    const far = await new TelegramSimulator().start();
    const server = await startServer({ env: { TELEGRAM_API_ROOT: far.url, BASE_URL: PUBLIC } });
    far.webhook.leadsTo = server.url;
    const ws = server.installation.workspaces.hold(server.workspace).workspace;
    const listen = () =>
      startListening(server.installation, (at, id, events, state) => receiveEvents(at, id, events, { state }), { firstMs: 5, capMs: 20 });
    listening = listen();
    const row = () => ws.db.select().from(channels).get() ?? assert.fail('there is a channel');
    Object.assign(opened, {
      far,
      server,
      ws,
      row,
      async connect(mode) {
        const channel = await addChannel(ws, { kind: 'telegram', settings: { token: far.token, mode }, botId: null, userId: null });
        await far.until(() => (mode === 'webhook' ? far.updates.webhook !== '' : far.polling));
        return channel;
      },
      change: (mode) => editChannelSettings(ws, { channelId: row().id, settings: { token: '', mode }, userId: server.people.owner }),
      texts: () =>
        ws.db
          .select()
          .from(messages)
          .all()
          .flatMap(({ author, text }) => (author === 'customer' ? [text] : [])),
      async post(headers, body) {
        const about = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
        return (await fetch(`${server.url}/webhooks/${row().publicId}`, about)).status;
      },
      secret: () => ({ 'x-telegram-bot-api-secret-token': verifyToken(ws, row().publicId) }),
      says: () => eventually(() => row().says ?? assert.fail('nothing is said')),
      async restart(act = () => undefined) {
        await listening.stop();
        act();
        listening = listen();
        listening.begin(ws);
      },
    } satisfies OnWebhook);
  });
  end(async () => {
    await listening.stop();
    await opened.far.stop();
    await opened.server.end();
  });
  return opened;
}
