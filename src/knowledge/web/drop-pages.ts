import { setImmediate } from 'node:timers/promises';
import { eq } from '../../db/drizzle.ts';
import { pages } from '../../db/schema/workspace.ts';
import type { Workspace } from '../../workspace.ts';
import type { Page } from './page-rows.ts';
import { dropPageChunks } from './replace-chunks.ts';

const AT_A_TIME = 500;

type KnownPage = Pick<Page, 'id' | 'key' | 'state' | 'goneAt'>;

/** Deletes pages with their passages, one at a time; asked in the order in which they were found. Rejects with the signal's reason. */
export async function dropPages(
  ws: Workspace,
  sourceId: number,
  isDropped: (page: KnownPage) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const some = ws.prepare('SELECT id, key, state, gone_at AS goneAt FROM pages WHERE source_id = ? AND id > ? ORDER BY id LIMIT ?');
  let last = 0;
  for (;;) {
    const rows = some.all(sourceId, last, AT_A_TIME) as KnownPage[];
    if (rows.length === 0) return;
    for (const page of rows) {
      last = page.id;
      if (!isDropped(page)) continue;
      signal.throwIfAborted();
      await dropPageChunks(ws, { sourceId, pageId: page.id }, signal);
      ws.write(() => ws.db.delete(pages).where(eq(pages.id, page.id)).run());
      await setImmediate();
    }
  }
}
