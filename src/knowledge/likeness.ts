/** How much two texts are alike by their letters, in any script: no words are cut, so nothing of a language need be known. */

const RUN = 3;
const SPACE = /[\s\p{P}]+/gu;

/** Overlapping runs of letters, as numbers. Case, spacing and punctuation don't matter. */
export function runsOfLetters(text: string): Set<number> {
  const line = ` ${text.toLowerCase().replace(SPACE, ' ').trim()} `;
  const runs = new Set<number>();
  for (let at = 0; at + RUN <= line.length; at += 1) {
    runs.add(((line.charCodeAt(at) * 65_599 + line.charCodeAt(at + 1)) * 65_599 + line.charCodeAt(at + 2)) % 0x7fff_ffff);
  }
  return runs;
}

/** The share of both that they have in common, 0 to 1 (Dice). A short text within a long one is little alike. */
export function likeness(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  let common = 0;
  for (const run of a) if (b.has(run)) common += 1;
  return a.size + b.size === 0 ? 0 : (2 * common) / (a.size + b.size);
}
