import { cancelJob } from '../jobs/enqueue.ts';
import type { Workspace } from '../workspace.ts';
import { conversationFor, openConversation, touch } from './conversation.ts';
import { wantRating } from './rating/ask-rating.ts';
import { storeEvent } from './store-message.ts';
import { wantPerson } from './want-person.ts';

/**
 * The conversation is done; what the customer writes next opens a new one. `userId`: null where its bot ends it. Throws
 * NoConversation.
 */
export function resolveConversation(ws: Workspace, conversationId: number, userId: number | null): void {
  ws.durable(() => {
    const conversation = conversationFor(ws, conversationId);
    if (conversation.status === 'resolved') return;
    ws.prepare(
      "UPDATE conversations SET status = 'resolved', resolved_at = ?, wanted_since = NULL, wanted_why = NULL, snoozed_until = NULL, unread = 0 WHERE id = ?",
    ).run(ws.clock.now(), conversationId);
    cancelJob(ws, 'answer', String(conversationId));
    storeEvent(ws, conversationId, 'resolved', userId === null ? 'The bot marked this as done.' : 'marked this as done.', userId);
    wantRating(ws, conversation);
    touch(ws, conversationId);
  });
}

export type Reopened = { ok: true } | { ok: false; says: string; openId: number };

/**
 * Opens it again, unless the same person has meanwhile begun another: then it says which. `userId`: null where its customer asks.
 * Throws NoConversation.
 */
export function reopenConversation(ws: Workspace, conversationId: number, userId: number | null): Reopened {
  return ws.durable(() => {
    const conversation = conversationFor(ws, conversationId);
    if (conversation.status === 'open') return { ok: true };
    const other = openConversation(ws, conversation.channelId, conversation.identityId, conversation.thread);
    if (other) return { ok: false, says: 'They have begun a new conversation since. It goes on there.', openId: other.id };
    ws.prepare("UPDATE conversations SET status = 'open', resolved_at = NULL WHERE id = ?").run(conversationId);
    // Who wants people only may have said so since.
    ws.prepare(
      'UPDATE conversations SET bot_id = NULL WHERE id = ? AND (SELECT people_only_at FROM contacts WHERE id = contact_id) IS NOT NULL',
    ).run(conversationId);
    storeEvent(ws, conversationId, 'reopened', userId === null ? 'This is open again.' : 'opened this again.', userId);
    // The bot is silent in it, and what had been called for a person ended as it was resolved.
    if (conversation.turn === 'person' && conversation.holderId === null)
      wantPerson(ws, conversation, 'This was opened again, and nobody has it.', { tellIfNobody: false });
    touch(ws, conversationId);
    return { ok: true };
  });
}

/** A member has seen what was said. */
export function markRead(ws: Workspace, conversationId: number): void {
  ws.write(() => {
    if (ws.prepare('UPDATE conversations SET unread = 0 WHERE id = ? AND unread > 0').run(conversationId).changes > 0)
      touch(ws, conversationId);
  });
}
