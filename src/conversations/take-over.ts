import { cancelJob } from '../jobs/enqueue.ts';
import type { Workspace } from '../workspace.ts';
import { conversationFor, touch } from './conversation.ts';
import { storeEvent } from './store-message.ts';

/**
 * From this transaction on the bot is silent here: what it has queued is cancelled, what it would answer isn't asked for
 * any more, and a run under way sees the turn change and is dropped.
 */
export function silenceBot(ws: Workspace, conversationId: number, userId: number | null): void {
  ws.prepare(
    `UPDATE conversations SET turn = 'person', holder_id = @userId, assignee_id = coalesce(assignee_id, @userId), snoozed_until = NULL,
       wanted_since = NULL, wanted_why = NULL, silence_told = 0 WHERE id = @conversationId`,
  ).run({ userId, conversationId });
  const cancelled = ws
    .prepare(
      `UPDATE deliveries SET state = 'cancelled', says = 'A person took over.'
       WHERE conversation_id = ? AND state = 'queued' AND message_id IN (SELECT id FROM messages WHERE conversation_id = ? AND author = 'bot')
       RETURNING message_id AS messageId`,
    )
    .all(conversationId, conversationId) as { messageId: number }[];
  for (const { messageId } of cancelled) ws.prepare('UPDATE messages SET revision = ? WHERE id = ?').run(ws.nextRevision(), messageId);
  cancelJob(ws, 'answer', String(conversationId));
  touch(ws, conversationId);
}

/** A member takes the conversation. Taken from a colleague, it says so in the history. Throws NoConversation. */
export function takeOver(ws: Workspace, conversationId: number, userId: number): void {
  ws.durable(() => {
    const conversation = conversationFor(ws, conversationId);
    if (conversation.turn === 'person' && conversation.holderId === userId) return;
    silenceBot(ws, conversationId, userId);
    storeEvent(ws, conversationId, 'took-over', 'took over. The bot is quiet.', userId);
  });
}
