import type { Workspace } from '../../workspace.ts';

const SHOWN = 3;

/** The first items as they are read, whether they are in use yet or not. */
export function sampleItems(ws: Workspace, sourceId: number): { text: string; url: string | null }[] {
  return ws
    .prepare(
      `SELECT text, (SELECT url FROM pages WHERE id = page_id) AS url FROM chunks
       WHERE source_id = ? AND generation = 0 ORDER BY page_id, position LIMIT ?`,
    )
    .all(sourceId, SHOWN) as { text: string; url: string | null }[];
}
