/** Which passages have no vector yet. */
import { setImmediate } from 'node:timers/promises';
import { estimateTokens } from '../../lib/tokens.ts';
import type { Workspace } from '../../workspace.ts';

export interface Missing {
  hash: string;
  text: string;
  /** By our own estimate. */
  tokens: number;
}

/** Two milliseconds of the thread that answers everybody. */
const WINDOW = 1000;
/** No model reads more; a passage is longer only when a person wrote it so. */
const LONGEST = 8000;

/**
 * Subselects: SQLite's STAT4 prepares a join anew whenever its parameters are bound. A site that its owner hasn't agreed to
 * has generation -1: nothing of it is sent to a model.
 */
const MISSING = `
  SELECT hash, path, text FROM chunks
  WHERE id > (SELECT ?) AND id <= (SELECT ?) AND (SELECT generation FROM sources s WHERE s.id = source_id) >= 0
    AND NOT EXISTS (SELECT 1 FROM embeddings e WHERE e.hash = chunks.hash AND e.model_id = (SELECT ?))`;

/** What a model hasn't seen, in the order of the chunks, with a breath after each few. `modelId` 0 has seen nothing. */
export async function* missingTexts(ws: Workspace, modelId: number): AsyncGenerator<Missing> {
  const last = Number(ws.prepare('SELECT coalesce(max(id), 0) FROM chunks').pluck().get());
  for (let from = 0; from < last; from += WINDOW) {
    const rows = ws.prepare(MISSING).all(from, from + WINDOW, modelId) as { hash: string; path: string; text: string }[];
    const texts = new Map(rows.map(({ hash, path, text }) => [hash, (path === '' ? text : `${path}\n${text}`).slice(0, LONGEST)]));
    for (const [hash, text] of texts) yield { hash, text, tokens: estimateTokens(text) };
    await setImmediate();
  }
}

/** The same, as much at a time as goes into one call. */
export async function* missingBatches(ws: Workspace, modelId: number, most: { texts: number; tokens: number }): AsyncGenerator<Missing[]> {
  let batch: Missing[] = [];
  let tokens = 0;
  for await (const each of missingTexts(ws, modelId)) {
    if (batch.length > 0 && (batch.length >= most.texts || tokens + each.tokens > most.tokens)) {
      yield batch;
      batch = [];
      tokens = 0;
    }
    batch.push(each);
    tokens += each.tokens;
  }
  if (batch.length > 0) yield batch;
}

/** How much a model would have to read. */
export async function estimateMissing(ws: Workspace, modelId: number): Promise<{ texts: number; tokens: number }> {
  const sum = { texts: 0, tokens: 0 };
  for await (const { tokens } of missingTexts(ws, modelId)) {
    sum.texts += 1;
    sum.tokens += tokens;
  }
  return sum;
}
