/** How well candidates answer a question: three views of the same, weighed together. */
import { WordFinder } from './find-words.ts';
import type { Candidate } from './index-reader.ts';
import { sharesOfRuns } from './letters.ts';
import { KIN, type Question, type Term } from './question.ts';
import type { Why } from './passage.ts';
import { cutWords, stem } from './words.ts';

/** BM25's own: how soon a repeated word stops counting, and how much long passages are held back. */
const K1 = 1.2;
const B = 0.75;
/** How much runs of letters are held back: a long passage has more of them by chance. A short one isn't helped: titles would win. */
const B_LETTERS = 0.5;
/** Words that stand within so many of each other belong together. */
const WINDOW = 25;
/** A word that counts for less than this share of the one that counts most says nothing to whoever reads why a passage was found. */
const TELLING = 0.1;
/** Of two passages that say the same, the one in the question's language answers. */
const OTHER_LANGUAGE = 0.8;

export interface Weights {
  words: number;
  near: number;
  letters: number;
}

export interface Scored {
  candidate: Candidate;
  why: Omit<Why, 'matched'>;
  /** The words of it that were asked for and tell something, in its order and as often as it says them. */
  matched(): string[];
  score: number;
}

export const WEIGHTS: Weights = { words: 1, near: 0.6, letters: 1.25 };

/** An indexed word, and which of the asked ones it stands for. */
interface Part {
  word: string;
  /** Place in the question's terms. */
  term: number;
  share: number;
}

interface Found {
  part: Part;
  /** How many words stand before it. */
  at: number;
}

interface Read {
  candidate: Candidate;
  /** How many words it has. */
  length: number;
  /** Where it says what was asked, in its order. */
  places: Found[];
  /** What title and headings say of it: counts as if it stood beside every word. */
  head: Part[];
}

/** All candidates with their scores, best first. */
export function scoreAll(question: Question, candidates: readonly Candidate[], weights: Weights = WEIGHTS): Scored[] {
  const { terms } = question;
  const parts = partsOf(terms);
  const finder = new WordFinder([...parts.keys()]);
  const standing = [...parts.values()];
  const read = candidates.map((candidate) => {
    const { found, length } = finder.find(candidate.line);
    const places = found.flatMap(({ which, at }) => {
      const part = standing[which];
      return part ? { part, at } : [];
    });
    return { candidate, length, places, head: headWords(candidate).flatMap((word) => parts.get(word) ?? []) };
  });
  const average = read.reduce((sum, { length }) => sum + length, 0) / Math.max(1, read.length);
  const told = terms.reduce((sum, { weight }) => sum + weight, 0) || 1;
  const telling = TELLING * Math.max(...terms.map(({ weight }) => weight));
  const letters = sharesOfRuns(
    question.runs,
    candidates.map(({ line }) => line),
  );
  const all = weights.words + weights.near + weights.letters;
  return read
    .map((one, place) => {
      const otherLanguage = isOther(question, one.candidate);
      const long = 1 + B_LETTERS * Math.max(0, one.length / average - 1);
      const why = {
        words: bm25(one, average, terms) / told,
        near: nearest(one, terms) / told,
        letters: (letters[place] ?? 0) / long,
        vector: null,
        subject: null,
        otherLanguage,
      };
      const weighed = (weights.words * why.words + weights.near * why.near + weights.letters * why.letters) / all;
      return {
        candidate: one.candidate,
        why,
        matched: () => one.places.flatMap(({ part }) => ((terms[part.term]?.weight ?? 0) >= telling ? [part.word] : [])),
        score: (otherLanguage ? OTHER_LANGUAGE : 1) * Math.min(1, weighed),
      };
    })
    .sort((a, b) => b.score - a.score || a.candidate.chunkId - b.candidate.chunkId);
}

function isOther({ language }: Question, candidate: Candidate): boolean {
  return language !== null && candidate.language !== null && language !== candidate.language;
}

/** A word itself goes before what is akin to another. */
function partsOf(terms: readonly Term[]): Map<string, Part> {
  const parts = new Map<string, Part>();
  terms.forEach(({ kin }, term) => kin.forEach((word) => parts.set(word, { word, term, share: KIN })));
  terms.forEach(({ stems }, term) => stems.forEach((word) => parts.set(word, { word, term, share: 1 })));
  return parts;
}

const HEADS_AT_MOST = 20_000;
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

function bm25({ length, places }: Read, averageLength: number, terms: readonly Term[]): number {
  const counts = new Float64Array(terms.length);
  for (const { part } of places) counts[part.term] = (counts[part.term] ?? 0) + part.share;
  const held = K1 * (1 - B + (B * length) / averageLength);
  let sum = 0;
  terms.forEach(({ weight }, term) => {
    const count = counts[term] ?? 0;
    sum += (weight * count * (K1 + 1)) / (count + held);
  });
  return sum;
}

function nearest({ places, head }: Read, terms: readonly Term[]): number {
  const shares = new Float64Array(terms.length);
  const take = ({ term, share }: Part): void => void (shares[term] = Math.max(share, shares[term] ?? 0));
  let best = 0;
  places.forEach((start, from) => {
    shares.fill(0);
    head.forEach(take);
    for (let to = from; to < places.length; to += 1) {
      const place = places[to];
      if (!place || place.at - start.at >= WINDOW) break;
      take(place.part);
    }
    let sum = 0;
    terms.forEach(({ weight }, term) => (sum += weight * (shares[term] ?? 0)));
    best = Math.max(best, sum);
  });
  return best;
}
