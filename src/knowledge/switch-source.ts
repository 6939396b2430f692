import { and, eq } from '../db/drizzle.ts';
import { chunks, sources } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';
import { NoSource, sourceOf, tell } from './source.ts';

/** Takes a source out of use, or back into it. It stays read, and answers no question while it is off. Throws NoSource. */
export function switchSource(ws: Workspace, id: number, enabled: boolean): void {
  ws.durable(() => {
    sourceOf(ws, id);
    ws.db.update(sources).set({ enabled, updatedAt: ws.clock.now() }).where(eq(sources.id, id)).run();
    tell(ws, id);
  });
}

/** The same for one passage. It stays off when the source is read anew, as long as it says the same. Throws NoSource. */
export function switchChunk(ws: Workspace, sourceId: number, chunkId: number, enabled: boolean): void {
  ws.durable(() => {
    const { generation } = sourceOf(ws, sourceId);
    const { changes } = ws.db
      .update(chunks)
      .set({ enabled })
      .where(and(eq(chunks.id, chunkId), eq(chunks.sourceId, sourceId), eq(chunks.generation, generation)))
      .run();
    if (changes === 0) throw new NoSource(`chunk ${chunkId}`);
    tell(ws, sourceId);
  });
}
