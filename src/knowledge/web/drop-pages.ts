import { setImmediate } from 'node:timers/promises';
import { eq } from '../../db/drizzle.ts';
import { pages } from '../../db/schema/workspace.ts';
import type { Workspace } from '../../workspace.ts';
import { dropPageChunks } from './replace-chunks.ts';

const AT_A_TIME = 500;

/** Deletes pages with their passages, one at a time. Rejects with the signal's reason. */
export async function dropPages(
  ws: Workspace,
  sourceId: number,
  isDropped: (key: string, goneAt: number | null) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const some = ws.prepare('SELECT id, key, gone_at AS goneAt FROM pages WHERE source_id = ? AND id > ? ORDER BY id LIMIT ?');
  let last = 0;
  for (;;) {
    const rows = some.all(sourceId, last, AT_A_TIME) as { id: number; key: string; goneAt: number | null }[];
    if (rows.length === 0) return;
    for (const { id, key, goneAt } of rows) {
      last = id;
      if (!isDropped(key, goneAt)) continue;
      signal.throwIfAborted();
      await dropPageChunks(ws, { sourceId, pageId: id }, signal);
      ws.write(() => ws.db.delete(pages).where(eq(pages.id, id)).run());
      await setImmediate();
    }
  }
}
