import { eq } from '../db/drizzle.ts';
import { sources } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';
import { askReading, sourceOf } from './source.ts';

/** Gives a source another title. Its words count in every chunk, so it is read anew. Throws NoSource. */
export function renameSource(ws: Workspace, id: number, title: string): void {
  ws.durable(() => {
    if (sourceOf(ws, id).title === title) return;
    ws.db.update(sources).set({ title }).where(eq(sources.id, id)).run();
    askReading(ws, id);
  });
}
