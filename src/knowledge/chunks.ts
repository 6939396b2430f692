/** Writing and deleting passages in small transactions, with a breath between: a source may have tens of thousands. */
import { setImmediate } from 'node:timers/promises';
import { and, eq } from '../db/drizzle.ts';
import { chunks } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';
import type { EditedChunk } from './apply-edits.ts';
import { askEmbedding } from './vectors/ask-embedding.ts';

/** About 4 ms of the write connection. */
const AT_A_TIME = 40;

/** Writes the chunks of a reading as one generation, out of use until the source points at it. Rejects with the signal's reason. */
export async function writeChunks(
  ws: Workspace,
  sourceId: number,
  generation: number,
  written: readonly EditedChunk[],
  signal: AbortSignal,
): Promise<void> {
  const off = switchedOff(ws, sourceId);
  for (let at = 0; at < written.length; at += AT_A_TIME) {
    signal.throwIfAborted();
    ws.write(() => {
      written.slice(at, at + AT_A_TIME).forEach((chunk, place) => {
        const row = { ...chunk, sourceId, generation, position: at + place, enabled: !off.has(chunk.hash), createdAt: ws.clock.now() };
        ws.db.insert(chunks).values(row).run();
      });
      askEmbedding(ws);
    });
    await setImmediate();
  }
}

/** Deletes a source's chunks, but for the generation that is kept. */
export async function dropChunks(ws: Workspace, sourceId: number, kept: number | null, signal: AbortSignal): Promise<void> {
  const drop = ws.prepare('DELETE FROM chunks WHERE id IN (SELECT id FROM chunks WHERE source_id = ? AND generation <> ? LIMIT ?)');
  while (ws.write(() => drop.run(sourceId, kept ?? -1, AT_A_TIME).changes) > 0) {
    signal.throwIfAborted();
    await setImmediate();
  }
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
