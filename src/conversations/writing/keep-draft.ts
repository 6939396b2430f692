/** What a member has begun to write in a conversation: kept here, so that it is found again on any device. */
import type { Workspace } from '../../workspace.ts';
import { conversationFor } from '../conversation.ts';

export interface ReplyDraft {
  kind: 'reply' | 'note';
  text: string;
  replyTo: number | null;
  /** As they wrote it, where `text` is a translation of it. */
  original: string | null;
  /** It was sent and held back: why. Null while it is only being written. */
  held: 'unseen' | 'variables' | null;
  heldAfter: number | null;
  /** What isn't kept of one that was held back, and has to be given again. */
  leftOut: LeftOut | null;
}

export type LeftOut = 'files' | 'answers' | 'both';

interface Whose {
  conversationId: number;
  userId: number;
}

type NewDraft = Whose & Partial<ReplyDraft> & { text: string };

/**
 * Keeps it in the place of what was kept; without words and without a message to reply to, nothing is kept. `formId` is the
 * composer's own: what comes late from one that was sent is dropped. Throws NoConversation.
 */
export function keepDraft(ws: Workspace, draft: NewDraft & { formId?: string }): void {
  ws.write(() => {
    conversationFor(ws, draft.conversationId);
    if (draft.formId === undefined || sentBy(ws, { ...draft, formId: draft.formId }) === undefined) storeDraft(ws, draft);
  });
}

/** The same inside another's transaction, whichever composer it is from. Tells the team that somebody writes. */
export function storeDraft(ws: Workspace, draft: NewDraft): void {
  const {
    conversationId,
    userId,
    kind = 'reply',
    text,
    replyTo = null,
    original = null,
    held = null,
    heldAfter = null,
    leftOut = null,
  } = draft;
  if (text.trim() === '' && replyTo === null) {
    dropDraft(ws, draft);
    return;
  }
  ws.prepare(
    `INSERT INTO reply_drafts (user_id, conversation_id, kind, text, reply_to, original, held, held_after, left_out, saved_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET kind = excluded.kind, text = excluded.text, reply_to = excluded.reply_to, original = excluded.original,
       held = excluded.held, held_after = excluded.held_after, left_out = excluded.left_out, saved_at = excluded.saved_at`,
  ).run(userId, conversationId, kind, text, replyTo, original, held, heldAfter, leftOut, ws.clock.now());
  const writes = text.trim() !== '' && held === null;
  ws.afterCommit(() => ws.bus.publish({ type: 'writing', conversationId, userId, writes }));
}

/** The message that a composer became; undefined while it wasn't sent. */
export function sentBy(ws: Workspace, { conversationId, userId, formId }: Whose & { formId: string }): number | undefined {
  const sent = 'SELECT id FROM messages WHERE identity_id IS NULL AND external_id = ? AND conversation_id = ?';
  return ws.prepare(sent).pluck().get(sentAs(userId, formId), conversationId) as number | undefined;
}

/** Its mark on the message: a form that is sent twice is one message. */
export function sentAs(userId: number, formId: string): string {
  return `draft:${userId}:${formId}`;
}

/** Inside the transaction that sends it, or that drops it. */
export function dropDraft(ws: Workspace, { conversationId, userId }: Whose): void {
  const dropped = ws.prepare('DELETE FROM reply_drafts WHERE user_id = ? AND conversation_id = ?').run(userId, conversationId).changes;
  if (dropped > 0) ws.afterCommit(() => ws.bus.publish({ type: 'writing', conversationId, userId, writes: false }));
}

/** What they have begun to write there; undefined when it is nothing. */
export function replyDraft(ws: Workspace, { conversationId, userId }: Whose): ReplyDraft | undefined {
  return ws
    .prepare(
      'SELECT kind, text, reply_to AS replyTo, original, held, held_after AS heldAfter, left_out AS leftOut FROM reply_drafts WHERE user_id = ? AND conversation_id = ?',
    )
    .get(userId, conversationId) as ReplyDraft | undefined;
}

/** Conversations in which they have begun to write. */
export function draftsOf(ws: Workspace, userId: number): ReadonlySet<number> {
  return new Set(ws.prepare('SELECT conversation_id FROM reply_drafts WHERE user_id = ?').pluck().all(userId) as number[]);
}
