import { eq } from '../db/drizzle.ts';
import { sources } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';
import { askReading, NoSource, sourceOf } from './source.ts';

/** Changes a written text; it is read anew. Throws NoSource. */
export function editText(ws: Workspace, id: number, { title, text }: { title: string; text: string }): void {
  ws.durable(() => {
    if (sourceOf(ws, id).kind !== 'text') throw new NoSource(`source ${id} is no text`);
    ws.db.update(sources).set({ title, text }).where(eq(sources.id, id)).run();
    askReading(ws, id);
  });
}
