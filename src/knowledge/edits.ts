/** What the acts on edits share: the passage in use, its edit, and what its source says itself. */
import { and, eq } from '../db/drizzle.ts';
import { chunks, edits } from '../db/schema/workspace.ts';
import { once } from '../lib/once.ts';
import type { Workspace } from '../workspace.ts';
import { chunkHash } from './chunk-hash.ts';
import { NoSource, type Source } from './source.ts';
import { askEmbedding } from './vectors/ask-embedding.ts';

export type ChunkRow = typeof chunks.$inferSelect;
export type EditRow = typeof edits.$inferSelect;

/** Stemmers are loaded where somebody edits, not by each start. */
export const rewriting = once(() => import('./apply-edits.ts'));
type Rewriting = Awaited<ReturnType<typeof rewriting>>;

/** A passage of the reading that is in use. Throws NoSource. */
export function chunkInUse(ws: Workspace, source: Source, id: number): ChunkRow {
  const chunk = ws.db
    .select()
    .from(chunks)
    .where(and(eq(chunks.id, id), eq(chunks.sourceId, source.id), eq(chunks.generation, source.generation)))
    .get();
  if (!chunk) throw new NoSource(`chunk ${id}`);
  return chunk;
}

/** Throws NoSource. */
export function editOf(ws: Workspace, sourceId: number, id: number): EditRow {
  const edit = ws.db
    .select()
    .from(edits)
    .where(and(eq(edits.id, id), eq(edits.sourceId, sourceId)))
    .get();
  if (!edit) throw new NoSource(`edit ${id}`);
  return edit;
}

/** The passage that carries an edit; undefined while its source is read for the first time since. */
export function chunkOfEdit(ws: Workspace, source: Source, id: number): ChunkRow | undefined {
  return ws.db
    .select()
    .from(chunks)
    .where(and(eq(chunks.editId, id), eq(chunks.generation, source.generation)))
    .get();
}

/** What the source says in the place of an edit; null when it says nothing there any more. */
export function sourceSays({ state, original, found }: Pick<EditRow, 'state' | 'original' | 'found'>): string | null {
  return state === 'alone' ? null : state === 'changed' ? (found ?? original) : original;
}

/** Gives a passage another text. Inside the caller's transaction. */
export function rewrite(
  ws: Workspace,
  source: Source,
  chunk: ChunkRow,
  text: string,
  editId: number | null,
  { withText }: Rewriting,
): void {
  // Pages of a site have their titles among their headings.
  const { words, hash } = withText(chunk.pageId === null ? source.title : '', chunk, { id: editId, text });
  ws.db.update(chunks).set({ text, words, hash, editId }).where(eq(chunks.id, chunk.id)).run();
  askEmbedding(ws);
}

/** An edit's next text. From now on it stands in place of what the source says now. Inside the caller's transaction. */
export function decide(ws: Workspace, chunk: ChunkRow, edit: EditRow, { text, by }: { text: string; by: number | null }): number {
  const original = sourceSays(edit);
  const place = original === null ? {} : { state: 'kept' as const, original, originalHash: chunkHash(chunk.path, original) };
  ws.db
    .update(edits)
    .set({ ...place, text, found: null, path: chunk.path, position: chunk.position, editedBy: by, updatedAt: ws.clock.now() })
    .where(eq(edits.id, edit.id))
    .run();
  return edit.id;
}
