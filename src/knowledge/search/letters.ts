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
 * One pass over each line by a rolling hash, in arrays that are made once: asking `includes` for each run costs ten
 * times as much, sets and maps three times.
 */
export function sharesOfRuns(runs: readonly string[], lines: readonly string[]): number[] {
  const finder = new RunFinder(runs);
  const found = lines.map((line, number) => finder.find(line, number));
  const weights = Array.from(finder.having, (count) => rarity(count, lines.length));
  const all = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  return found.map((each) => each.reduce((sum, run) => sum + (weights[run] ?? 0), 0) / all);
}

/** Runs by the slot of their hash; those that share a slot are chained. A place of 0 is none. */
const first = new Int16Array(SLOTS);

class RunFinder {
  readonly #runs: readonly string[];
  readonly #next: Int16Array;
  /** The number of the line that had a run last. */
  readonly #last: Int32Array;
  /** How many lines have each run. */
  readonly having: Int32Array;

  constructor(runs: readonly string[]) {
    this.#runs = runs;
    this.#next = new Int16Array(runs.length + 1);
    this.#last = new Int32Array(runs.length).fill(-1);
    this.having = new Int32Array(runs.length);
    first.fill(0);
    runs.forEach((run, place) => {
      const slot = slotOf(run);
      this.#next[place + 1] = first[slot] ?? 0;
      first[slot] = place + 1;
    });
  }

  /** Places of the runs that the line has, each once. */
  find(line: string, number: number): number[] {
    const found: number[] = [];
    let hash = 0;
    for (let at = 0; at < line.length; at += 1) {
      hash = (Math.imul(hash, 31) + line.charCodeAt(at)) | 0;
      if (at >= RUN) hash = (hash - Math.imul(line.charCodeAt(at - RUN), LEAVING)) | 0;
      if (at < RUN - 1) continue;
      for (let place = first[hash & (SLOTS - 1)] ?? 0; place > 0; place = this.#next[place] ?? 0) {
        const run = place - 1;
        if (this.#last[run] === number || !line.startsWith(this.#runs[run] ?? '\0', at - RUN + 1)) continue;
        this.#last[run] = number;
        this.having[run] = (this.having[run] ?? 0) + 1;
        found.push(run);
      }
    }
    return found;
  }
}

function slotOf(run: string): number {
  let hash = 0;
  for (let i = 0; i < RUN; i += 1) hash = (Math.imul(hash, 31) + run.charCodeAt(i)) | 0;
  return hash & (SLOTS - 1);
}
