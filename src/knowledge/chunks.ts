/** Writing and deleting the passages of a source: there may be tens of thousands. */
import { and, eq } from '../db/drizzle.ts';
import { chunks } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';
import type { EditedChunk } from './apply-edits.ts';
import { askEmbedding } from './vectors/ask-embedding.ts';
import { writeInSteps } from '../db/write-in-steps.ts';

/** Writes the chunks of a reading as one generation, out of use until the source points at it. Rejects with the signal's reason. */
export async function writeChunks(
  ws: Workspace,
  sourceId: number,
  generation: number,
  written: readonly EditedChunk[],
  signal: AbortSignal,
): Promise<void> {
  const off = switchedOff(ws, sourceId);
  let position = 0;
  const next = (): boolean => {
    const chunk = written[position];
    if (!chunk) return false;
    const row = { ...chunk, sourceId, generation, position, enabled: !off.has(chunk.hash), createdAt: ws.clock.now() };
    ws.db.insert(chunks).values(row).run();
    position += 1;
    if (position === written.length) askEmbedding(ws);
    return position < written.length;
  };
  await writeInSteps(ws, next, signal);
}

/** Deletes a source's chunks, but for the generation that is kept. */
export async function dropChunks(ws: Workspace, sourceId: number, kept: number | null, signal: AbortSignal): Promise<void> {
  const drop = ws.prepare('DELETE FROM chunks WHERE id IN (SELECT id FROM chunks WHERE source_id = ? AND generation <> ? LIMIT 1)');
  await writeInSteps(ws, () => drop.run(sourceId, kept ?? -1).changes > 0, signal);
}

/** What somebody switched off stays off, as long as it says the same. */
function switchedOff(ws: Workspace, sourceId: number): Set<string> {
  const rows = ws.db
    .select({ hash: chunks.hash })
    .from(chunks)
    .where(and(eq(chunks.sourceId, sourceId), eq(chunks.enabled, false)))
    .all();
  return new Set(rows.map(({ hash }) => hash));
}
