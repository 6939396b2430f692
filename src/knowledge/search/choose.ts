/** Which chunks are looked at closely: those that hold most of what was asked. */
import type { Candidate, IndexReader } from './index-reader.ts';
import type { Question } from './question.ts';

/**
 * About `most` chunks that are in use, by the sum of the weights of the terms they hold. Not by FTS5's own rank: it costs
 * half a microsecond a posting, this a fifth, and what repetition, length and nearness add is counted for the chosen ones
 * anyway. Whether one is in use is asked last: what is switched off or being replaced is little, most of the time.
 */
export function chooseChunks({ lookedFor }: Question, index: IndexReader, most: number): Candidate[] {
  const sums = new Map<number, number>();
  for (const { term, weight } of lookedFor) for (const id of index.having(term)) sums.set(id, (sums.get(id) ?? 0) + weight);
  for (let wanted = most; ; wanted *= 4) {
    const found = index.candidates(heaviest(sums, wanted));
    if (found.length >= most || wanted >= sums.size) return found;
  }
}

/** Ids of the `most` with the greatest sums. */
function heaviest(sums: ReadonlyMap<number, number>, most: number): number[] {
  if (sums.size <= most) return [...sums.keys()];
  const ordered = Float64Array.from(sums.values()).sort();
  const least = ordered[ordered.length - most] ?? 0;
  const chosen: number[] = [];
  const equal: number[] = [];
  for (const [id, sum] of sums) {
    if (sum > least) chosen.push(id);
    else if (sum === least) equal.push(id);
  }
  return [...chosen, ...equal.slice(0, most - chosen.length)];
}
