import { createBot, publishDraft, saveDraft, type BotSettings } from '../../src/bots/index.ts';
import { receiveEvents } from '../../src/conversations/index.ts';
import { addKey } from '../../src/providers/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { openaiSimulator } from '../simulators/openai.ts';
import type { AiSimulator } from '../simulators/http-ai.ts';
import { startServer, type TestServer } from '../support/http.ts';
import { standInChannel } from '../support/stand-in-channel.ts';

/** Café Aurora's server with a bot on a stand-in of a provider, which answers nobody by itself. */
export interface AsideCast {
  server: TestServer;
  ws: Workspace;
  ai: AiSimulator;
  base: string;
  botId: number;
  channelId: number;
  model: { providerKeyId: number; model: string };
  set(changes: Partial<BotSettings>): void;
  /** A customer writes; returns the conversation, and the message. */
  write(who: string, text: string, externalId?: string, edits?: boolean): Promise<{ conversationId: number; messageId: number }>;
  /** Of a conversation. */
  runs(conversationId: number): { kind: string; state: string; why: string | null; cost: number | null; id: number }[];
  end(): Promise<void>;
}

export async function asideCast(): Promise<AsideCast> {
  const server = await startServer();
  const held = server.installation.workspaces.hold(server.workspace);
  const ws = held.workspace;
  const ai = await openaiSimulator();
  const added = await addKey(ws, { provider: 'openai', name: '', key: ai.key ?? '', baseUrl: ai.url }, 'system');
  if (!added.ok) throw new Error('the key was not taken');
  const model = { providerKeyId: added.keyId, model: 'gpt-5-mini' };
  const { botId } = createBot(ws, { userId: null, settings: { name: 'Aurora', ...model } });
  publishDraft(ws, { botId, userId: null });
  const { id: channelId } = standInChannel(ws, { botId });
  let next = 1;
  return {
    server,
    ws,
    ai,
    base: `/w/${ws.id}`,
    botId,
    channelId,
    model,
    set(changes) {
      saveDraft(ws, { botId, changes, userId: null });
      const { problems } = publishDraft(ws, { botId, userId: null });
      if (problems !== undefined) throw new Error(JSON.stringify(problems));
    },
    async write(who, text, externalId = String(next++), edits = false) {
      const [received] = await receiveEvents(ws, channelId, [
        {
          type: 'message',
          thread: who,
          sender: { externalId: who, displayName: who },
          externalId,
          saidAt: server.clock.now(),
          ...(edits ? { revision: next++ } : {}),
          parts: [{ kind: 'text', text }],
        },
      ]);
      const { conversationId, messageId } = received ?? {};
      if (conversationId === undefined || messageId === undefined) throw new Error('nothing was received');
      return { conversationId, messageId };
    },
    runs: (conversationId) =>
      ws.sql
        .prepare('SELECT id, kind, state, why, cost_micros AS cost FROM runs WHERE conversation_id = ? ORDER BY id')
        .all(conversationId) as ReturnType<AsideCast['runs']>,
    async end() {
      held.release();
      await server.end();
      await ai.close();
    },
  };
}
