import type { Workspace } from '../workspace.ts';

const BATCH = 500;
const CURSOR = 'messages_fts';

/**
 * Brings the inbox's search index up to the newest message. Messages enter in batches, not one by one on the way in: a
 * trigram insert would cost each more than storing it does. Deletions and edits reach the index by triggers.
 */
export function indexMessages(ws: Workspace): void {
  for (;;) {
    const done = ws.write(() => {
      const from = ws.prepare('SELECT value FROM cursors WHERE name = ?').pluck().get(CURSOR) as number;
      const through = ws
        .prepare('SELECT max(id) FROM (SELECT id FROM messages WHERE id > ? ORDER BY id LIMIT ?)')
        .pluck()
        .get(from, BATCH) as number | null;
      if (through === null) return true;
      ws.prepare('INSERT INTO messages_fts (rowid, text) SELECT id, text FROM messages WHERE id > ? AND id <= ?').run(from, through);
      ws.prepare('UPDATE cursors SET value = ? WHERE name = ?').run(through, CURSOR);
      return false;
    });
    if (done) return;
  }
}

export interface MessageMatch {
  conversationId: number;
  messageId: number;
  /** The words around what was found; \u0002 and \u0003 stand around the match. */
  excerpt: string;
}

/**
 * Finds messages that hold every word of `query`, newest first, one per conversation. Words of one or two letters can't
 * be found by trigrams and are looked for in the newest messages. Nothing in the query is an operator.
 */
export function searchMessages(ws: Workspace, query: string, limit: number): MessageMatch[] {
  // A null byte would end the query in the middle of a word.
  const words = query
    .normalize('NFC')
    .split(/[\s\p{Cc}]+/u)
    .filter(Boolean)
    .slice(0, 8);
  if (words.length === 0) return [];
  indexMessages(ws);
  const long = words.filter((word) => [...word].length >= 3);
  const short = words.filter((word) => [...word].length < 3);
  const like = short.map(() => "AND m.text LIKE ? ESCAPE '\\'").join(' ');
  const shortValues = short.map((word) => `%${word.replace(/[\\%_]/g, (c) => `\\${c}`)}%`);
  const rows =
    long.length > 0
      ? ws
          .prepare(
            `SELECT m.conversation_id AS conversationId, m.id AS messageId, snippet(messages_fts, 0, char(2), char(3), '…', 60) AS excerpt
             FROM messages_fts JOIN messages m ON m.id = messages_fts.rowid
             WHERE messages_fts MATCH ? AND m.author <> 'event' ${like} ORDER BY messages_fts.rowid DESC LIMIT ?`,
          )
          .all(long.map((word) => `"${word.replaceAll('"', '""')}"`).join(' '), ...shortValues, limit * 8)
      : ws
          .prepare(
            `SELECT m.conversation_id AS conversationId, m.id AS messageId, substr(m.text, 1, 120) AS excerpt
             FROM (SELECT * FROM messages ORDER BY id DESC LIMIT 20000) m WHERE m.author <> 'event' ${like} ORDER BY m.id DESC LIMIT ?`,
          )
          .all(...shortValues, limit * 8);
  const first = new Map<number, MessageMatch>();
  for (const row of rows as MessageMatch[])
    if (!first.has(row.conversationId)) first.set(row.conversationId, { ...row, excerpt: wholeWords(row.excerpt) });
  return [...first.values()].slice(0, limit);
}

/** Trigrams are cut anywhere; an excerpt begins and ends with whole words. */
function wholeWords(excerpt: string): string {
  return excerpt.replace(/^…[^\s\u0002]*\s+/u, '…').replace(/\s+[^\s\u0003]*…$/u, '…');
}
