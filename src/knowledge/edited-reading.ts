/** A new reading together with what people wrote over the one before. Whoever writes chunks goes through here. */
import { and, asc, eq, isNull } from '../db/drizzle.ts';
import { edits } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';
import type { Edit, EditedChunk, Outcome } from './apply-edits.ts';
import type { Chunk } from './reading/material.ts';

export interface EditedReading {
  chunks: EditedChunk[];
  /**
   * Writes down what became of the edits. Call it in the transaction that puts the chunks in use. False when somebody
   * edited meanwhile: then these chunks lack it, and the reading is to be asked for again.
   */
  settle(): boolean;
}

/** Applies the edits of a source, or of one page of it. `title` is what the chunks were read under. */
export async function withEdits(
  ws: Workspace,
  of: { sourceId: number; pageId: number | null },
  title: string,
  read: readonly Chunk[],
): Promise<EditedReading> {
  const applied = editsOf(ws, of);
  const fresh = (): boolean => stateOf(editsOf(ws, of)) === stateOf(applied);
  if (applied.length === 0) return { chunks: read.map((chunk) => ({ ...chunk, editId: null })), settle: fresh };
  // Stemmers are loaded where somebody edited, not by each start.
  const { applyEdits } = await import('./apply-edits.ts');
  const { chunks, outcomes } = applyEdits(title, read, applied);
  return {
    chunks,
    settle() {
      if (!fresh()) return false;
      for (const outcome of outcomes) settleOne(ws, outcome);
      return true;
    },
  };
}

function editsOf(ws: Workspace, { sourceId, pageId }: { sourceId: number; pageId: number | null }): Edit[] {
  return ws.db
    .select()
    .from(edits)
    .where(and(eq(edits.sourceId, sourceId), pageId === null ? isNull(edits.pageId) : eq(edits.pageId, pageId)))
    .orderBy(asc(edits.id))
    .all();
}

/** Everything that an act on an edit changes. */
function stateOf(all: readonly Edit[]): string {
  return JSON.stringify(all.map(({ id, state, text, originalHash, updatedAt }) => [id, state, text, originalHash, updatedAt]));
}

function settleOne(ws: Workspace, { id, state, found }: Outcome): void {
  if (state === 'fulfilled') ws.db.delete(edits).where(eq(edits.id, id)).run();
  else ws.db.update(edits).set({ state, found }).where(eq(edits.id, id)).run();
}
