/** Where a line says any of a few words. */

const SLOTS = 1 << 11;
const SPACE = 32;

/** Words by the slot of their hash; those that share a slot are chained. A place of 0 is none. */
const first = new Int16Array(SLOTS);

export interface FoundWord {
  /** Its place in the list of words that were looked for. */
  which: number;
  /** How many words stand before it. */
  at: number;
}

/**
 * Reads lines letter by letter, once: cutting a line into all of its words, or looking for each word by itself, costs
 * three times as much. One at a time: the table is shared by all.
 */
export class WordFinder {
  readonly #words: readonly string[];
  readonly #next: Int16Array;

  /** Words without spaces, each once. */
  constructor(words: readonly string[]) {
    this.#words = words;
    this.#next = new Int16Array(words.length + 1);
    first.fill(0);
    words.forEach((word, which) => {
      let hash = 0;
      for (let at = 0; at < word.length; at += 1) hash = (Math.imul(hash, 31) + word.charCodeAt(at)) | 0;
      const slot = hash & (SLOTS - 1);
      this.#next[which + 1] = first[slot] ?? 0;
      first[slot] = which + 1;
    });
  }

  /** `line` has a space before, between and after its words. In the order of the line. */
  find(line: string): { found: FoundWord[]; length: number } {
    const found: FoundWord[] = [];
    let length = 0;
    let hash = 0;
    let from = 1;
    for (let at = 1; at < line.length; at += 1) {
      const letter = line.charCodeAt(at);
      if (letter !== SPACE) {
        hash = (Math.imul(hash, 31) + letter) | 0;
        continue;
      }
      const slot = first[hash & (SLOTS - 1)] ?? 0;
      if (slot > 0) {
        const which = this.#whichOf(line, from, at, slot);
        if (which >= 0) found.push({ which, at: length });
      }
      length += 1;
      hash = 0;
      from = at + 1;
    }
    return { found, length };
  }

  #whichOf(line: string, from: number, to: number, slot: number): number {
    for (let place = slot; place > 0; place = this.#next[place] ?? 0) {
      const word = this.#words[place - 1] ?? '';
      if (word.length === to - from && line.startsWith(word, from)) return place - 1;
    }
    return -1;
  }
}
