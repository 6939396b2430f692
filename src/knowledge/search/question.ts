/** What was asked, as the index can be asked it. */
import { isLittleWord, languageOf } from '../../lib/language.ts';
import type { IndexReader } from './index-reader.ts';
import { runsOf } from './letters.ts';
import { rarity } from './rarity.ts';
import { cutWords, stem } from './words.ts';

/** A word of the question. */
export interface Term {
  word: string;
  /** Its stems in the languages of the workspace; any of them stands for it. */
  stems: string[];
  /** Compounds that begin with it, and the halves it is made of; each stands for a part of it. */
  kin: string[];
  /** How much it tells, 0 and up. */
  weight: number;
}

export interface Question {
  /** ISO 639-1; null when it couldn't be told. */
  language: string | null;
  terms: Term[];
  /** What the index is asked for, rarest first, with what having it counts. */
  lookedFor: { term: string; weight: number }[];
  /** Overlapping runs of letters, across its words. */
  runs: string[];
}

const WORDS_AT_MOST = 64;
/** A posting costs half a microsecond; the rarest terms first, until this many. It bounds a search at any size: one millisecond. */
const POSTINGS_AT_MOST = 2000;
const KIN_AT_MOST = 6;
/** A compound or half of the word, for the word. */
export const KIN = 0.4;
/** Letters of a word that certainly says something. Signs of these scripts count as three letters. */
const LONG = 6;
const SYLLABLES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;
/** What a little word counts at most ("have", "können"). */
const LITTLE = 0.1;
/** With so many chunks, length and rarity weigh the same. */
const SMALL = 50;
const SHORTEST_KIN = 4;
/** In an index of so many chunks at most, a word that nobody wrote is looked for in its other forms. */
const FEW = 2000;
/** The share of a word that its forms have in common. */
const BEGINNING = 0.65;
const LONGEST_ENDING = 3;
const FORMS_LOOKED_AT = 24;
/** A word that stands in more chunks than this is found by itself. */
const COMMON_ENOUGH = 2;

export function readQuestion(text: string, index: IndexReader): Question {
  const words = cutWords(text).slice(0, WORDS_AT_MOST);
  const language = languageOf(text);
  const terms = [...new Set(words)].map((word) => termOf(word, language, index));
  const usual = new Map(terms.map((term) => [term.word, usualStem(term, index)]));
  return { language, terms, lookedFor: rarestFirst(terms, index), runs: runsOf(words.map((word) => usual.get(word) ?? word)) };
}

function termOf(word: string, language: string | null, index: IndexReader): Term {
  const stems = [...new Set([stem(word, null), ...index.languages.map((language) => stem(word, language))])];
  const count = stems.reduce((sum, each) => sum + index.frequency(each), 0);
  const weight = rarity(count, index.total) * lengthOf(word, language) ** Math.min(2, SMALL / index.total);
  return { word, stems, kin: stems.flatMap((each) => kinOf(each, count, index)), weight };
}

/**
 * How long a word is, 0 to 1. In a small index counting tells little, so there the longer words count more: in every
 * alphabet the words that carry grammar are the short ones. Where the language's little words are known, the long ones
 * among them count as short, too. In a large index rarity knows all that, and length fades.
 */
function lengthOf(word: string, language: string | null): number {
  const length = /\p{N}/u.test(word) ? LONG : word.length + 2 * (word.match(SYLLABLES)?.length ?? 0);
  return Math.min(language !== null && isLittleWord(word, language) ? LITTLE : 1, length / LONG);
}

/** Compounds that begin with it; and when nobody wrote it, its other forms and the two known words that it is made of ("Liefer|zeiten"). */
function kinOf(stemmed: string, count: number, index: IndexReader): string[] {
  if (stemmed.length < SHORTEST_KIN) return [];
  if (count > COMMON_ENOUGH) return [];
  const longer = index.longerTerms(stemmed, KIN_AT_MOST);
  return count > 0 ? longer : [...new Set([...longer, ...formsOf(stemmed, index), ...halvesOf(stemmed, index)])];
}

/**
 * Words that begin as most of it does: its other endings, in a language without a stemmer ("tramwajem", "tramwaje"). In a
 * large index so much begins alike that they would mislead, and looking for them costs milliseconds.
 */
function formsOf(word: string, index: IndexReader): string[] {
  if (index.total > FEW) return [];
  const beginning = word.slice(0, Math.max(SHORTEST_KIN, Math.ceil(word.length * BEGINNING)));
  return index
    .longerTerms(beginning, FORMS_LOOKED_AT)
    .filter((each) => each.length <= word.length + LONGEST_ENDING)
    .slice(0, KIN_AT_MOST);
}

function halvesOf(compound: string, index: IndexReader): string[] {
  for (let cut = compound.length - SHORTEST_KIN; cut >= SHORTEST_KIN; cut -= 1) {
    const head = compound.slice(0, cut);
    if (index.frequency(head) === 0) continue;
    // Up to two letters may join the halves: "Geburt|s|tag".
    for (let joint = 0; joint <= 2 && cut + joint + SHORTEST_KIN <= compound.length; joint += 1) {
      const tail = compound.slice(cut + joint);
      if (index.frequency(tail) > 0) return [head, tail];
    }
  }
  return [];
}

function rarestFirst(terms: readonly Term[], index: IndexReader): Question['lookedFor'] {
  const asked = new Map<string, number>();
  for (const { kin, weight } of terms) for (const each of kin) asked.set(each, KIN * weight);
  for (const { stems, weight } of terms) for (const each of stems) asked.set(each, weight);
  const counted = [...asked].map(([term, weight]) => ({ term, weight, count: index.frequency(term) })).filter(({ count }) => count > 0);
  counted.sort((a, b) => a.count - b.count);
  let postings = 0;
  return counted.filter(({ count }, place) => (postings += count) <= POSTINGS_AT_MOST || place === 0);
}

/** The stem that most chunks have. */
function usualStem(term: Term, index: IndexReader): string {
  let usual = term.word;
  let most = -1;
  for (const each of term.stems) {
    const count = index.frequency(each);
    if (count > most) [usual, most] = [each, count];
  }
  return usual;
}
