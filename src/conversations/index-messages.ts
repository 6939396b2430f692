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
