/**
 * What is understood of a customer's file. A bot wants it; the job 'read-attachment', which knows providers and readers, gets it;
 * here it is kept. What was spoken becomes part of its message's text, where everything that reads messages finds it.
 */
import { enqueue } from '../../jobs/enqueue.ts';
import type { Workspace } from '../../workspace.ts';
import { touch } from '../conversation.ts';
import { lastWords } from '../store-message.ts';
import { textOf } from '../text-of.ts';

export const READ_ATTACHMENT = 'read-attachment';

export interface AttachmentText {
  kind: 'voice' | 'picture' | 'document';
  state: 'wanted' | 'read' | 'failed';
  text: string | null;
  says: string | null;
  runId: number | null;
  wantedAt: number;
}

export function attachmentText(ws: Workspace, attachmentId: number): AttachmentText | undefined {
  return ws
    .prepare('SELECT kind, state, text, says, run_id AS runId, wanted_at AS wantedAt FROM attachment_texts WHERE attachment_id = ?')
    .get(attachmentId) as AttachmentText | undefined;
}

/** A bot waits for it. Read at once where the file is here, else when its fetching has ended. Inside a transaction. */
export function wantText(ws: Workspace, attachmentId: number, kind: AttachmentText['kind']): void {
  const insert = "INSERT INTO attachment_texts (attachment_id, kind, state, wanted_at) VALUES (?, ?, 'wanted', ?) ON CONFLICT DO NOTHING";
  ws.prepare(insert).run(attachmentId, kind, ws.clock.now());
  const fetched = ws.prepare("SELECT state <> 'wanted' FROM attachments WHERE id = ?").pluck().get(attachmentId) as number | undefined;
  if (fetched === 1) readIfWanted(ws, attachmentId);
}

/** Its file came, or won't come: whoever waits for its text goes on. Inside a transaction. */
export function readIfWanted(ws: Workspace, attachmentId: number): void {
  if (attachmentText(ws, attachmentId)?.state === 'wanted') enqueue(ws, { kind: READ_ATTACHMENT, key: String(attachmentId) });
}

/** Keeps what was understood, or why nothing was; false when nobody wants it any more. Inside a transaction. */
export function keepText(ws: Workspace, attachmentId: number, read: { text?: string; says?: string; runId?: number }): boolean {
  const { text = null, says = null, runId = null } = read;
  const { changes } = ws
    .prepare(
      "UPDATE attachment_texts SET state = ?, text = ?, says = ?, run_id = ?, ended_at = ? WHERE attachment_id = ? AND state = 'wanted'",
    )
    .run(says === null ? 'read' : 'failed', text, says, runId, ws.clock.now(), attachmentId);
  if (changes === 0) return false;
  const messages = ws
    .prepare('SELECT message_id FROM message_parts WHERE attachment_id IS NOT NULL AND attachment_id = (SELECT ?)')
    .pluck()
    .all(attachmentId) as number[];
  for (const messageId of messages) retell(ws, messageId);
  return true;
}

/** The conversation whose customer sent it; undefined when it is gone. */
export function conversationOfAttachment(ws: Workspace, attachmentId: number): number | undefined {
  return ws
    .prepare(
      `SELECT conversation_id FROM messages WHERE author = 'customer' AND revoked_at IS NULL AND id IN (
         SELECT message_id FROM message_parts WHERE attachment_id IS NOT NULL AND attachment_id = (SELECT ?))`,
    )
    .pluck()
    .get(attachmentId) as number | undefined;
}

interface ToldPart {
  kind: Parameters<typeof textOf>[0][number]['kind'];
  text: string | null;
  spoken: string | null;
}

/** A message was edited: what was spoken in it still is. Inside a transaction. */
export function retellSpoken(ws: Workspace, messageId: number): void {
  const spoken = ws
    .prepare(
      "SELECT 1 FROM attachment_texts WHERE kind = 'voice' AND attachment_id IN (SELECT attachment_id FROM message_parts WHERE message_id = ?)",
    )
    .get(messageId);
  if (spoken) retell(ws, messageId);
}

/** A message's text out of its parts, with what was spoken in them. */
function retell(ws: Workspace, messageId: number): void {
  const parts = ws
    .prepare(
      `SELECT kind, text, (SELECT t.text FROM attachment_texts t WHERE t.attachment_id = p.attachment_id AND t.kind = 'voice') AS spoken
       FROM message_parts p WHERE message_id = ? ORDER BY position`,
    )
    .all(messageId) as ToldPart[];
  const text = textOf(parts.map(({ kind, text, spoken }) => ({ kind, text: [text, spoken].filter(Boolean).join('\n') })));
  const { conversationId } = ws
    .prepare('UPDATE messages SET text = ?, revision = ? WHERE id = ? RETURNING conversation_id AS conversationId')
    .get(text, ws.nextRevision(), messageId) as { conversationId: number };
  const newest = "SELECT max(id) FROM messages WHERE conversation_id = (SELECT ?) AND author IN ('customer', 'bot', 'person')";
  if (ws.prepare(newest).pluck().get(conversationId) === messageId)
    ws.prepare('UPDATE conversations SET last_words = ? WHERE id = ?').run(lastWords(text), conversationId);
  touch(ws, conversationId);
}
