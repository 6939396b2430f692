/** How well candidates answer a question: three views of the same, weighed together. */
import type { Candidate } from './index-reader.ts';
import { sharesOfRuns } from './letters.ts';
import type { Question, Term } from './question.ts';
import { cutWords, stem } from './words.ts';

/** BM25's own: how soon a repeated word stops counting, and how much long passages are held back. */
const K1 = 1.2;
const B = 0.75;
/** Words that stand within so many of each other belong together. */
const WINDOW = 25;
/** A compound or half of the word, for the word. */
const KIN = 0.5;
/** Of two passages that say the same, the one in the question's language answers. */
const OTHER_LANGUAGE = 0.8;

export interface Weights {
  words: number;
  near: number;
  letters: number;
}

export interface Scored {
  candidate: Candidate;
  /** BM25 of the words, as a share of what they could tell. */
  words: number;
  /** The most of them that stands close together, likewise. */
  near: number;
  /** Share of the runs of letters. */
  letters: number;
  score: number;
}

export const WEIGHTS: Weights = { words: 1, near: 0.6, letters: 1 };

interface Part {
  term: Term;
  share: number;
}

interface Read {
  candidate: Candidate;
  /** How many words it has. */
  length: number;
  /** Where it says what was asked. */
  places: (Part & { at: number })[];
  /** What title and headings say of it: counts as if it stood beside every word. */
  head: Part[];
}

/** All candidates with their scores, best first. */
export function scoreAll(question: Question, candidates: readonly Candidate[], weights: Weights = WEIGHTS): Scored[] {
  const parts = partsOf(question.terms);
  const read = candidates.map((candidate) => readCandidate(candidate, parts));
  const average = read.reduce((sum, { length }) => sum + length, 0) / Math.max(1, read.length);
  const told = question.terms.reduce((sum, { weight }) => sum + weight, 0) || 1;
  const letters = sharesOfRuns(
    question.runs,
    candidates.map(({ words }) => ` ${words} `),
  );
  const all = weights.words + weights.near + weights.letters;
  return read
    .map((one, place) => {
      const words = bm25(one, average) / told;
      const near = nearest(one) / told;
      const found = letters[place] ?? 0;
      return {
        candidate: one.candidate,
        words,
        near,
        letters: found,
        score: spoken(question, one.candidate) * Math.min(1, (weights.words * words + weights.near * near + weights.letters * found) / all),
      };
    })
    .sort((a, b) => b.score - a.score || a.candidate.chunkId - b.candidate.chunkId);
}

function spoken({ language }: Question, candidate: Candidate): number {
  return language === null || candidate.language === null || language === candidate.language ? 1 : OTHER_LANGUAGE;
}

/** Indexed word → what it stands for. A word itself goes before what is akin to another. */
function partsOf(terms: readonly Term[]): Map<string, Part> {
  const parts = new Map<string, Part>();
  for (const term of terms) for (const each of term.kin) parts.set(each, { term, share: KIN });
  for (const term of terms) for (const each of term.stems) parts.set(each, { term, share: 1 });
  return parts;
}

function readCandidate(candidate: Candidate, parts: ReadonlyMap<string, Part>): Read {
  const words = candidate.words.split(' ');
  const places: Read['places'] = [];
  words.forEach((word, at) => {
    const part = parts.get(word);
    if (part) places.push({ at, term: part.term, share: part.share });
  });
  const head = headWords(candidate).flatMap((word) => parts.get(word) ?? []);
  return { candidate, length: words.length, places, head };
}

const HEADS_AT_MOST = 5000;
const heads = new Map<string, string[]>();

/** The stems of title and headings: cutting them costs as much as reading the passage, and many passages share them. */
function headWords({ title, path, language }: Candidate): string[] {
  const key = `${language} ${title} ${path}`;
  const known = heads.get(key);
  if (known) return known;
  const words = cutWords(`${title} ${path}`).map((word) => stem(word, language));
  if (heads.size >= HEADS_AT_MOST) heads.clear();
  heads.set(key, words);
  return words;
}

function bm25({ length, places }: Read, averageLength: number): number {
  const counts = new Map<Term, number>();
  for (const { term, share } of places) counts.set(term, (counts.get(term) ?? 0) + share);
  const held = K1 * (1 - B + (B * length) / averageLength);
  let sum = 0;
  for (const [term, count] of counts) sum += (term.weight * count * (K1 + 1)) / (count + held);
  return sum;
}

function nearest({ places, head }: Read): number {
  let best = 0;
  places.forEach((start, from) => {
    const shares = new Map<Term, number>();
    const take = ({ term, share }: Part): void => void shares.set(term, Math.max(share, shares.get(term) ?? 0));
    head.forEach(take);
    for (let to = from; to < places.length; to += 1) {
      const place = places[to];
      if (!place || place.at - start.at >= WINDOW) break;
      take(place);
    }
    let sum = 0;
    for (const [term, share] of shares) sum += term.weight * share;
    best = Math.max(best, sum);
  });
  return best;
}
