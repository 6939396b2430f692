/** What a conversation comes to in a few lines: a note of the team's own, made by a model. */
import { enqueue } from '../../jobs/enqueue.ts';
import type { Workspace } from '../../workspace.ts';
import { conversationFor } from '../conversation.ts';
import { namedParts } from '../file-view.ts';
import { storeMessage } from '../store-message.ts';

/** The kind of note. */
export const SUMMARY = 'summary';

/** Newest first, as far as anybody reads back. */
const READ_BACK = 400;

export interface Said {
  id: number;
  author: 'customer' | 'bot' | 'person';
  /** Files by their names: "Picture: Like this". */
  text: string;
}

/** What was said to each other, newest first; notes are the team's own. */
export function saidIn(ws: Workspace, conversationId: number): Said[] {
  const rows = ws
    .prepare(
      `SELECT id, author, text FROM messages
       WHERE conversation_id = ? AND author IN ('customer', 'bot', 'person') AND revoked_at IS NULL ORDER BY id DESC LIMIT ?`,
    )
    .all(conversationId, READ_BACK) as Said[];
  return rows.map((row) => (row.author === 'customer' ? { ...row, text: namedParts(row.text) } : row));
}

/** The newest summary, with the newest message that it read, where a model did; undefined where there is none. */
export function summaryOf(ws: Workspace, conversationId: number): { text: string; through: number | null } | undefined {
  return ws
    .prepare(
      `SELECT m.text, (SELECT r.answers_through FROM runs r WHERE r.id = m.run_id) AS through FROM messages m
       WHERE m.conversation_id = ? AND m.author = 'note' AND m.event = '${SUMMARY}' ORDER BY m.id DESC LIMIT 1`,
    )
    .get(conversationId) as ReturnType<typeof summaryOf>;
}

/** Stands among the messages from now on. Inside the transaction that closes its run. */
export function keepSummary(
  ws: Workspace,
  { conversationId, text, runId }: { conversationId: number; text: string; runId: number | null },
): number {
  conversationFor(ws, conversationId);
  return storeMessage(ws, { conversationId, author: 'note', event: SUMMARY, text, runId, parts: [{ kind: 'text', text }] }).messageId;
}

/** Whether the conversation's bot is set to sum up for who takes over. */
export function wantsSummary(ws: Workspace, conversationId: number): boolean {
  const setTo = `
    SELECT json_extract(settings, '$.handoff.sumsUp') FROM bot_versions
    WHERE id = (SELECT published_version_id FROM bots WHERE id = (SELECT bot_id FROM conversations WHERE id = ?))`;
  return ws.prepare(setTo).pluck().get(conversationId) === 1;
}

/** A person is wanted: a job of its own, so that it holds up nobody. Inside that transaction. */
export function wantSummary(ws: Workspace, conversationId: number): void {
  if (wantsSummary(ws, conversationId)) enqueue(ws, { kind: 'sum-up', key: String(conversationId) });
}
