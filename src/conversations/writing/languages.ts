/** Which languages meet in a conversation: what a member reads, and what the customer writes. */
import { languageOf } from '../../lib/language.ts';
import type { Workspace } from '../../workspace.ts';

/** The last few messages tell it: who changes to another language is answered in that. */
const LAST_MESSAGES = 5;

/** In which language a member reads what is translated: the one they chose, else the business's own. */
export function languageRead(ws: Workspace, userId: number): string {
  const read = 'SELECT coalesce((SELECT language FROM member_presence WHERE user_id = ?), (SELECT language FROM business WHERE id = 1))';
  return ws.prepare(read).pluck().get(userId) as string;
}

/** What the customer writes in, or what their app or they themselves told; null where nothing tells. */
export function languageWritten(ws: Workspace, conversationId: number): string | null {
  const told = ws
    .prepare('SELECT coalesce(language, (SELECT language FROM contacts WHERE id = contact_id)) FROM conversations WHERE id = ?')
    .pluck()
    .get(conversationId) as string | null | undefined;
  return languageOf(lastWordsOf(ws, conversationId)) ?? told ?? null;
}

/** The customer's last words, newest first; '' when they wrote none. */
export function lastWordsOf(ws: Workspace, conversationId: number): string {
  const words =
    "SELECT text FROM messages WHERE conversation_id = ? AND author = 'customer' AND revoked_at IS NULL ORDER BY id DESC LIMIT ?";
  return (ws.prepare(words).pluck().all(conversationId, LAST_MESSAGES) as string[]).join('\n');
}

/** Whether two BCP 47 tags are one language to a reader: pt and pt-BR are. */
export function isSameLanguage(one: string, other: string): boolean {
  return one.split('-')[0]?.toLowerCase() === other.split('-')[0]?.toLowerCase();
}
