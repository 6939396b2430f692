import { eq } from '../db/drizzle.ts';
import { sources } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';
import { askReading, sourceOf, tell } from './source.ts';

/**
 * Gives a source another title. Its words count in every chunk, so it is read anew; those of the web stand under the titles
 * of their pages. Throws NoSource.
 */
export function renameSource(ws: Workspace, id: number, title: string): void {
  ws.durable(() => {
    const before = sourceOf(ws, id);
    if (before.title === title) return;
    ws.db.update(sources).set({ title }).where(eq(sources.id, id)).run();
    if (before.rules === null) askReading(ws, id);
    else tell(ws, id);
  });
}
