/** Likeness by runs of letters: what stems miss (inflections of languages without a stemmer, compounds, typing slips). */
import { rarity } from './rarity.ts';

const RUN = 4;
const SLOTS = 1 << 13;
/** 31 to the power of RUN: takes the letter that leaves the run out of its hash. */
const LEAVING = 31 ** RUN;

/** Overlapping runs of letters of the words in their order, also across words. */
export function runsOf(words: readonly string[]): string[] {
  const line = ` ${words.join(' ')} `;
  const runs = new Set<string>();
  for (let at = 0; at + RUN <= line.length; at += 1) runs.add(line.slice(at, at + RUN));
  return [...runs];
}

/**
 * For each line, the share of the runs that it has, 0 to 1; a run counts by how few of these lines have it.
 * One pass over each line by a rolling hash: asking `includes` for each run costs ten times as much.
 */
export function sharesOfRuns(runs: readonly string[], lines: readonly string[]): number[] {
  const slots = new Map<number, number[]>();
  const taken = new Uint8Array(SLOTS);
  runs.forEach((run, place) => {
    const slot = slotOf(run);
    slots.set(slot, [...(slots.get(slot) ?? []), place]);
    taken[slot] = 1;
  });
  const found = lines.map((line) => runsIn(line, runs, slots, taken));
  const having = new Array<number>(runs.length).fill(0);
  for (const each of found) for (const run of each) having[run] = (having[run] ?? 0) + 1;
  const weights = having.map((count) => rarity(count, lines.length));
  const all = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  return found.map((each) => {
    let sum = 0;
    for (const run of each) sum += weights[run] ?? 0;
    return sum / all;
  });
}

function slotOf(run: string): number {
  let hash = 0;
  for (let i = 0; i < RUN; i += 1) hash = (Math.imul(hash, 31) + run.charCodeAt(i)) | 0;
  return hash & (SLOTS - 1);
}

function runsIn(line: string, runs: readonly string[], slots: ReadonlyMap<number, number[]>, taken: Uint8Array): Set<number> {
  const found = new Set<number>();
  let hash = 0;
  for (let at = 0; at < line.length; at += 1) {
    hash = (Math.imul(hash, 31) + line.charCodeAt(at)) | 0;
    if (at >= RUN) hash = (hash - Math.imul(line.charCodeAt(at - RUN), LEAVING)) | 0;
    if (at < RUN - 1 || taken[hash & (SLOTS - 1)] === 0) continue;
    for (const place of slots.get(hash & (SLOTS - 1)) ?? []) if (line.startsWith(runs[place] ?? '\0', at - RUN + 1)) found.add(place);
  }
  return found;
}
