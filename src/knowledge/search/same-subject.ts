/** Which of the passages found speak of what the best ones speak of. */
import type { Candidate, IndexReader } from './index-reader.ts';
import { rarity } from './rarity.ts';
import type { Scored } from './score.ts';

/** What the question is about is taken from so many of the best. */
const BEST = 5;
/** How much it counts, beside the score, that a passage speaks of the same. */
export const WEIGHT = 4;
/** A word that stands in a greater share of the index, and in more than five passages, tells no subject. */
const USUAL = 0.1;
/** In a larger index a subject has more passages than are ever shown, and counting its words would cost too long. */
const FEW = 1000;

type Vector = Map<string, number>;
type Counts = ReadonlyMap<string, number>;

/** By the index's counts and a passage's line: for as long as those counts hold, each is cut once. */
const vectors = new WeakMap<Counts, Map<string, Vector>>();

/**
 * The same passages: the first stays, and of the others those come earlier that have rare words in common with the best
 * five. Whoever asks "when did he die?" used few of the answer's words; the passages that share his name and his work know
 * more. Scores stay as they are: whether anything fits is for the first to say. On XQuAD 0.990 instead of 0.989 of the
 * right passages are among the first five. By the words of the candidates alone, without the index's counts, nothing is won.
 */
export function orderBySubject(scored: readonly Scored[], index: IndexReader): Scored[] {
  const [first, ...others] = scored;
  if (!first || others.length < BEST || index.total > FEW) return [...scored];
  const counts = index.counts();
  const best = scored
    .slice(0, BEST)
    .map(({ candidate, score }) => ({ candidate, score, vector: vectorOf(candidate, counts, index.total) }));
  const told = best.reduce((sum, { score }) => sum + score, 0) || 1;
  const ranked = others.map((one) => {
    const vector = vectorOf(one.candidate, counts, index.total);
    const alike = best.reduce(
      (sum, other) => sum + (other.candidate === one.candidate ? 0 : other.score * cosine(vector, other.vector)),
      0,
    );
    const subject = alike / told;
    return { one: { ...one, why: { ...one.why, subject } }, rank: one.score * (1 + WEIGHT * subject) };
  });
  return [first, ...ranked.sort((a, b) => b.rank - a.rank || a.one.candidate.chunkId - b.one.candidate.chunkId).map(({ one }) => one)];
}

function vectorOf({ line }: Candidate, counts: Counts, total: number): Vector {
  const known = vectors.get(counts) ?? new Map<string, Vector>();
  vectors.set(counts, known);
  const vector = known.get(line) ?? cutVector(line, counts, total);
  known.set(line, vector);
  return vector;
}

/** Its telling words by rarity and repetition, of length 1. A word that stands here alone has nothing in common with any. */
function cutVector(line: string, counts: Counts, total: number): Vector {
  const vector: Vector = new Map();
  for (const word of line.trim().split(' ')) vector.set(word, (vector.get(word) ?? 0) + 1);
  let squares = 0;
  for (const [word, count] of vector) {
    const having = counts.get(word) ?? 0;
    const weight = having < 2 || having > Math.max(BEST, total * USUAL) ? 0 : (1 + Math.log(count)) * rarity(having, total);
    if (weight === 0) vector.delete(word);
    else vector.set(word, weight);
    squares += weight * weight;
  }
  const length = Math.sqrt(squares) || 1;
  for (const [word, weight] of vector) vector.set(word, weight / length);
  return vector;
}

function cosine(a: Vector, b: Vector): number {
  const [few, many] = a.size < b.size ? [a, b] : [b, a];
  let sum = 0;
  for (const [word, weight] of few) sum += weight * (many.get(word) ?? 0);
  return sum;
}
