import { eq } from '../db/drizzle.ts';
import { chunks, edits } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';
import { chunkOfEdit, editOf, rewrite, rewriting, sourceSays, type EditRow } from './edits.ts';
import { sourceOf, tell, type Source } from './source.ts';

/** Gives an edit up: the passage says again what its source says, and one that its source says no more is gone. Throws NoSource. */
export async function undoEdit(ws: Workspace, sourceId: number, editId: number): Promise<void> {
  const tools = await rewriting();
  ws.durable(() => {
    giveUp(ws, sourceOf(ws, sourceId), editOf(ws, sourceId, editId), tools);
    tell(ws, sourceId);
  });
}

/** The same inside a transaction of the caller. */
export function giveUp(ws: Workspace, source: Source, edit: EditRow, tools: Awaited<ReturnType<typeof rewriting>>): void {
  const chunk = chunkOfEdit(ws, source, edit.id);
  const says = sourceSays(edit);
  if (chunk && says === null) ws.db.delete(chunks).where(eq(chunks.id, chunk.id)).run();
  else if (chunk && says !== null) rewrite(ws, source, chunk, says, null, tools);
  ws.db.delete(edits).where(eq(edits.id, edit.id)).run();
}
