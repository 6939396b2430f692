import type { Workspace } from '../workspace.ts';
import { conversationFor, touch } from './conversation.ts';
import { channelFor } from './open-channel.ts';
import { callFor } from './receive-message.ts';
import { storeEvent } from './store-message.ts';

/** The bot answers again, and first what nobody has answered yet. Throws NoConversation. */
export function handBack(ws: Workspace, conversationId: number, userId: number): void {
  ws.durable(() => {
    const conversation = conversationFor(ws, conversationId);
    if (conversation.turn === 'bot' || conversation.status !== 'open') return;
    ws.prepare("UPDATE conversations SET turn = 'bot', holder_id = NULL, wanted_since = NULL, wanted_why = NULL WHERE id = ?").run(
      conversationId,
    );
    storeEvent(ws, conversationId, 'handed-back', 'handed back to the bot.', userId);
    touch(ws, conversationId);
    if (waitsForAnswer(ws, conversationId) && !conversation.silenced)
      callFor(ws, channelFor(ws, conversation.channelId), { ...conversation, turn: 'bot', holderId: null });
  });
}

/** Whether the last thing said to each other is the customer's. */
export function waitsForAnswer(ws: Workspace, conversationId: number): boolean {
  const last = ws
    .prepare(
      "SELECT author FROM messages WHERE conversation_id = ? AND author IN ('customer', 'bot', 'person') AND cut_off = 0 ORDER BY id DESC LIMIT 1",
    )
    .get(conversationId) as { author: string } | undefined;
  return last?.author === 'customer';
}
