import { receiveEvents } from '../../src/conversations/index.ts';
import { storeMessage, type NewMessage } from '../../src/conversations/store-message.ts';
import type { Workspace } from '../../src/workspace.ts';
import { startServer, type TestServer } from '../support/http.ts';
import { standInChannel, type FarSide } from '../support/stand-in-channel.ts';

/** Café Aurora's inbox: a server, a channel with a bot that answers nothing by itself, and customers who write. */
export interface InboxCast {
  server: TestServer;
  ws: Workspace;
  base: string;
  far: FarSide;
  /** A customer writes, or touches a choice; returns the conversation. */
  write(who: string, text: string, choice?: string): Promise<number>;
  /** The bot says something, without having been asked. */
  botSays(conversationId: number, text: string, more?: Partial<NewMessage>): number;
  delivery(messageId: number, state: string, says?: string): number;
  /** A run behind a message. */
  run(conversationId: number, question: string): number;
  /** Lets go of the workspace, so that its file can be seen to; and holds it again, opened anew. */
  letGo(): void;
  holdAgain(): void;
  end(): Promise<void>;
}

export async function inboxCast(): Promise<InboxCast> {
  const server = await startServer();
  let held = server.installation.workspaces.hold(server.workspace);
  const ws = held.workspace;
  const botId = ws.durable(() => Number(ws.sql.prepare("INSERT INTO bots (name, created_at) VALUES ('Aurora', 0)").run().lastInsertRowid));
  const versionId = ws.durable(() =>
    Number(
      ws.sql.prepare("INSERT INTO bot_versions (bot_id, number, settings, created_at, updated_at) VALUES (?, 1, '{}', 0, 0)").run(botId)
        .lastInsertRowid,
    ),
  );
  const { id: channelId, far } = standInChannel(ws, { botId });
  ws.durable(() => ws.sql.prepare("UPDATE channels SET name = 'Telegram' WHERE id = ?").run(channelId));
  let next = 1;
  const cast: InboxCast = {
    server,
    ws,
    base: `/w/${ws.id}`,
    far,
    async write(who, text, choice) {
      const [received] = await receiveEvents(ws, channelId, [
        {
          type: 'message',
          thread: who,
          sender: { externalId: `49151-${who}`, displayName: who },
          externalId: String(next++),
          saidAt: server.clock.now(),
          parts: [{ kind: 'text', text, ...(choice === undefined ? {} : { detail: { choice } }) }],
        },
      ]);
      if (received?.conversationId === undefined) throw new Error('nothing was received');
      return received.conversationId;
    },
    botSays: (conversationId, text, more = {}) =>
      ws.durable(() => storeMessage(ws, { conversationId, author: 'bot', text, parts: [{ kind: 'text', text }], ...more }).messageId),
    delivery(messageId, state, says) {
      return ws.durable(() =>
        Number(
          ws.sql
            .prepare(
              `INSERT INTO deliveries (conversation_id, message_id, part_id, channel_id, state, reference, queued_at, says)
               SELECT m.conversation_id, m.id, p.id, ?, ?, 'ref-' || m.id || '-' || ?, ?, ? FROM messages m JOIN message_parts p ON p.message_id = m.id WHERE m.id = ?`,
            )
            .run(channelId, state, next++, server.clock.now(), says ?? null, messageId).lastInsertRowid,
        ),
      );
    },
    run(conversationId, question) {
      const passages = [
        {
          n: 1,
          chunkId: 1,
          sourceId: 1,
          title: 'Cakes and orders',
          path: 'page 2',
          text: 'Twelve slices suit eleven people.',
          score: 0.92,
          used: true,
        },
        { n: 2, chunkId: 2, sourceId: 1, title: 'Allergens', path: '', text: 'Lemon cake: wheat.', score: 0.38, used: false },
      ];
      const prompt = [
        { role: 'system', text: 'You answer for <Café Aurora>.' },
        { role: 'user', text: question },
      ];
      return ws.durable(() => {
        const runId = Number(
          ws.sql
            .prepare(
              `INSERT INTO runs (conversation_id, bot_version_id, kind, boot, state, question, passages, prompt, answer, search_ms, first_token_ms, total_ms, input_tokens, output_tokens, cost_micros, currency, started_at, ended_at)
               VALUES (?, ?, 'answer', 'b', 'answered', ?, ?, ?, 'Yes.[1]', 9, 600, 1340, 1184, 46, 2100, 'EUR', 0, 1)`,
            )
            .run(conversationId, versionId, question, JSON.stringify(passages), JSON.stringify(prompt)).lastInsertRowid,
        );
        ws.sql
          .prepare(
            `INSERT INTO provider_calls (run_id, provider, host, model, state, input_tokens, output_tokens, cost_micros, currency, started_at, ended_at)
             VALUES (?, 'openai', 'api.openai.com', 'gpt-5-mini', 'ended', 1184, 46, 2100, 'EUR', 0, 1300)`,
          )
          .run(runId);
        return runId;
      });
    },
    letGo: () => held.release(),
    holdAgain() {
      held = server.installation.workspaces.hold(server.workspace);
      cast.ws = held.workspace;
    },
    async end() {
      held.release();
      await server.end();
    },
  };
  return cast;
}
