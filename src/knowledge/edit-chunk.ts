import { edits } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';
import { chunkInUse, decide, editOf, rewrite, rewriting, sourceSays, type ChunkRow } from './edits.ts';
import { sourceOf, tell } from './source.ts';
import { giveUp } from './undo-edit.ts';

/**
 * Writes a passage anew. It keeps this text whenever its source is read again, until somebody undoes it; writing what the
 * source says is to undo it. Over a text that the source has changed meanwhile it is the decision for one's own.
 * Throws NoSource when source or passage isn't there.
 */
export async function editChunk(
  ws: Workspace,
  sourceId: number,
  chunkId: number,
  { text, by }: { text: string; by: number },
): Promise<void> {
  const tools = await rewriting();
  ws.durable(() => {
    const source = sourceOf(ws, sourceId);
    const chunk = chunkInUse(ws, source, chunkId);
    const edit = chunk.editId === null ? null : editOf(ws, sourceId, chunk.editId);
    if (text === (edit ? sourceSays(edit) : chunk.text)) {
      if (edit) giveUp(ws, source, edit, tools);
    } else {
      rewrite(ws, source, chunk, text, edit ? decide(ws, chunk, edit, { text, by }) : begin(ws, chunk, { text, by }), tools);
    }
    tell(ws, sourceId);
  });
}

function begin(ws: Workspace, chunk: ChunkRow, { text, by }: { text: string; by: number }): number {
  const { sourceId, pageId, path, position, hash: originalHash, text: original } = chunk;
  const now = ws.clock.now();
  const place = { sourceId, pageId, path, position, originalHash, original };
  return ws.db
    .insert(edits)
    .values({ ...place, state: 'kept', text, editedBy: by, createdAt: now, updatedAt: now })
    .returning({ id: edits.id })
    .get().id;
}
