/** What a contact's page shows beside what is kept of them. */
import type { Workspace } from '../../workspace.ts';

export interface HistoryRow {
  id: number;
  channelKind: string;
  channelName: string;
  status: 'open' | 'resolved';
  lastWords: string;
  lastAt: number;
}

const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

/** Their conversations, newest first; with a query those in which it was said, with the newest message that says it. */
export function contactHistory(ws: Workspace, contactId: number, query: string, limit: number): HistoryRow[] {
  const said = `(SELECT m.text FROM messages m WHERE m.conversation_id = c.id AND m.author <> 'event' AND m.revoked_at IS NULL
    AND m.text LIKE @query ESCAPE '\\' ORDER BY m.id DESC LIMIT 1)`;
  const words = query === '' ? 'c.last_words' : said;
  return ws.sql
    .prepare(
      `SELECT c.id, h.kind AS channelKind, h.name AS channelName, c.status, ${words} AS lastWords, c.last_at AS lastAt
       FROM conversations c JOIN channels h ON h.id = c.channel_id
       WHERE c.contact_id = @contactId AND ${words} IS NOT NULL ORDER BY c.last_at DESC, c.id DESC LIMIT @limit`,
    )
    .all({ contactId, limit, ...(query === '' ? {} : { query: containing(query) }) }) as HistoryRow[];
}

export interface KeptFile {
  id: number;
  name: string | null;
  bytes: number | null;
  at: number;
}

/** Files that they sent or were sent, newest first. */
export function contactFiles(ws: Workspace, contactId: number, limit: number): KeptFile[] {
  return ws
    .prepare(
      `SELECT a.id, a.name, a.bytes, m.said_at AS at FROM conversations c JOIN messages m ON m.conversation_id = c.id
         JOIN message_parts p ON p.message_id = m.id JOIN attachments a ON a.id = p.attachment_id
       WHERE c.contact_id = ? AND a.state = 'kept' AND m.revoked_at IS NULL ORDER BY m.id DESC LIMIT ?`,
    )
    .all(contactId, limit) as KeptFile[];
}

export interface NoticeSeen {
  channelName: string;
  version: string;
  language: string;
  at: number;
}

export function contactNotices(ws: Workspace, contactId: number): NoticeSeen[] {
  return ws
    .prepare(
      `SELECT h.name AS channelName, n.version, n.language, n.at FROM notices_shown n JOIN identities i ON i.id = n.identity_id
         JOIN channels h ON h.id = n.channel_id WHERE i.contact_id = ? ORDER BY n.at`,
    )
    .all(contactId) as NoticeSeen[];
}

export interface Likely {
  id: number;
  name: string | null;
  email: string | null;
  phone: string | null;
}

/** Others with the same e-mail address or number: they may be the same person. */
export function likelySame(ws: Workspace, contactId: number): Likely[] {
  return ws
    .prepare(
      `SELECT o.id, o.name, o.email, o.phone FROM contacts o WHERE o.id <> @id AND o.erased_at IS NULL AND o.restricted_at IS NULL AND o.id IN (
         SELECT p.id FROM contacts p WHERE p.email = (SELECT email FROM contacts WHERE id = @id)
         UNION SELECT p.id FROM contacts p WHERE p.phone = (SELECT phone FROM contacts WHERE id = @id)
         UNION SELECT p.id FROM contacts p WHERE p.phone IN (SELECT '+' || i.external_id FROM identities i WHERE i.contact_id = @id)
         UNION SELECT i.contact_id FROM identities i WHERE i.external_id = (SELECT ltrim(phone, '+') FROM contacts WHERE id = @id)
           AND (SELECT h.kind FROM channels h WHERE h.id = i.channel_id) LIKE 'whatsapp%')
       ORDER BY o.id LIMIT 10`,
    )
    .all({ id: contactId }) as Likely[];
}

export interface MergeView {
  id: number;
  goneName: string | null;
  mergedBy: number;
  mergedAt: number;
}

/** Newest first: the first can be separated. */
export function mergesOf(ws: Workspace, contactId: number): MergeView[] {
  return ws
    .prepare(
      'SELECT id, gone_name AS goneName, merged_by AS mergedBy, merged_at AS mergedAt FROM contact_merges WHERE contact_id = ? ORDER BY id DESC',
    )
    .all(contactId) as MergeView[];
}

/** The contact that one who went was joined with. */
export function joinedWith(ws: Workspace, goneId: number): number | undefined {
  return ws.prepare('SELECT contact_id FROM contact_merges WHERE gone_id = ?').pluck().get(goneId) as number | undefined;
}

export function openConversationsOf(ws: Workspace, contactId: number): number {
  return ws.prepare("SELECT count(*) FROM conversations WHERE contact_id = ? AND status <> 'resolved'").pluck().get(contactId) as number;
}
