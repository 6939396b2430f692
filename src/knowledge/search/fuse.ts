/** What words and what meaning found, as one list. */
import type { NearPassage, Passage } from './passage.ts';

/** What a passage scores by words weighs so much beside its meaning. */
const WORDS = 0.65;
/** What both agree on goes before what one of them says alone. */
const BOTH = 0.15;

export interface Near {
  /** The nearest in meaning. */
  passages: readonly NearPassage[];
  /** Cosines of the passages that words found; null for one without a vector. */
  cosines: readonly (number | null)[];
}

/**
 * Passages found by words and by meaning, the best first, at most `limit`. `scoreOf` puts a cosine on the scale of words: a
 * hit by meaning alone (in another language) has that score, so that it can fit; one by words alone is held back when its
 * meaning is another, and still fits when it has most of the words.
 */
export function fuse(found: readonly Passage[], near: Near, scoreOf: (cosine: number) => number, limit: number): Passage[] {
  const fused = found.map((passage, at): Passage => {
    const cosine = near.cosines[at] ?? null;
    return cosine === null ? passage : withMeaning(passage, scoreOf(cosine));
  });
  const known = new Set(found.map(({ chunkId }) => chunkId));
  for (const { cosine, ...what } of near.passages) {
    if (known.has(what.chunkId)) continue;
    const why = { words: 0, near: 0, letters: 0, vector: null, otherLanguage: false, matched: [] };
    fused.push(withMeaning({ ...what, score: 0, why }, scoreOf(cosine)));
  }
  return fused.sort((a, b) => b.score - a.score || a.chunkId - b.chunkId).slice(0, limit);
}

function withMeaning(passage: Passage, vector: number): Passage {
  const words = passage.score;
  const score = Math.max(vector, WORDS * words + (1 - WORDS) * vector) + BOTH * Math.min(words, vector);
  return { ...passage, score: Math.min(1, score), ...(passage.why ? { why: { ...passage.why, vector } } : {}) };
}
