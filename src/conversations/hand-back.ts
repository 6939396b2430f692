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
    ws.prepare(
      "UPDATE conversations SET turn = 'bot', holder_id = NULL, wanted_since = NULL, wanted_why = NULL, silence_told = 0 WHERE id = ?",
    ).run(conversationId);
    storeEvent(ws, conversationId, 'handed-back', 'handed back to the bot.', userId);
    touch(ws, conversationId);
    if (waitsForAnswer(ws, conversationId) && !conversation.silenced)
      callFor(ws, channelFor(ws, conversation.channelId), { ...conversation, turn: 'bot' });
  });
}

/**
 * Whether the customer has said something that nobody has answered. Not "who spoke last": an answer may be stored after a
 * question that it hasn't read.
 */
export function waitsForAnswer(ws: Workspace, conversationId: number): boolean {
  const row = ws
    .prepare('SELECT coalesce(last_customer_message_id, 0) > answered_through AS waits FROM conversations WHERE id = ?')
    .get(conversationId) as { waits: number } | undefined;
  return row?.waits === 1;
}

/** The newest message that an answer covers. */
export function answeredThrough(ws: Workspace, conversationId: number): number {
  return ws.prepare('SELECT answered_through FROM conversations WHERE id = ?').pluck().get(conversationId) as number;
}
