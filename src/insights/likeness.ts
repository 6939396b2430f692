/**
 * How much two questions ask the same, by their words alone: stems first, then the letters of words whose stems differ
 * (inflections of languages without a stemmer, compounds, typing slips). It costs no provider call and knows no language
 * by name; what says the same in wholly other words stays apart until a person moves it.
 */
import { searchWords } from '../knowledge/index.ts';
import { isLittleWord, languageOf } from '../lib/language.ts';

/** From here on two questions are one. Alike wordings of eight languages lie above, questions about something else below. */
export const ALIKE = 0.52;

const WORDS_AT_MOST = 24;
/** Questions none of whose words begin alike, by so many letters, aren't looked at closely. */
const BEGINNING = 3;
/** Words less alike than this are different words. */
const SAME_WORD = 0.55;
/** A number tells which, not what. */
const NUMBER = 0.5;
/** Letters of a word that certainly says something; in every alphabet the words that carry grammar are the short ones. */
const LONG = 4;
/** Signs that count as two letters. */
const SIGNS = /[\p{Script=Han}\p{Script=Katakana}\p{Script=Hangul}]/gu;
/** As if so many more questions had been asked: with a handful, a word would seem rare that isn't. */
const OTHERS = 5;

export interface Wording {
  /** The words that tell what is asked, lower-cased, in their order. */
  words: string[];
  language: string | null;
}

/** A question as it is compared. Of little words alone ("Wann macht ihr auf?") all of them are kept. */
export async function wordingOf(text: string): Promise<Wording> {
  const { cutWords } = await searchWords();
  const language = languageOf(text);
  const all = [...new Set(cutWords(text))];
  const telling = all.filter((word) => !isLittleWord(word, language));
  return { words: (telling.length > 0 ? telling : all).slice(0, WORDS_AT_MOST), language };
}

export interface Likest {
  index: number;
  likeness: number;
}

/** The wording most like `asked`, with its likeness from 0 to 1; undefined when no word of it stands in any. */
export async function likest(asked: Wording, others: readonly Wording[]): Promise<Likest | undefined> {
  const { stem } = await searchWords();
  const beginnings = new Set(asked.words.map(beginningOf));
  const near = others.flatMap((other, index) => (other.words.some((word) => beginnings.has(beginningOf(word))) ? [{ other, index }] : []));
  const counts = new Map<string, number>();
  for (const { words } of [asked, ...others]) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const weigh = (word: string): number => Math.log(1 + (others.length + OTHERS) / ((counts.get(word) ?? 0) + 0.5)) * tellingOf(word);
  let best: Likest | undefined;
  for (const { other, index } of near) {
    const likeness = likenessOf(asked, other, weigh, stem);
    if (likeness > (best?.likeness ?? 0)) best = { index, likeness };
  }
  return best;
}

type Stem = (word: string, language: string | null) => string;

/** The share of each that the other has; the lower one counts more, so that a part isn't taken for the whole. */
function likenessOf(a: Wording, b: Wording, weigh: (word: string) => number, stem: Stem): number {
  const languages = [...new Set([a.language, b.language])];
  const isSame = (one: string, other: string): boolean =>
    one === other || languages.some((language) => stem(one, language) === stem(other, language));
  const inB = shareIn(a.words, b.words, weigh, isSame);
  const inA = shareIn(b.words, a.words, weigh, isSame);
  return inA + inB === 0 ? 0 : (2 * inA * inB) / (inA + inB);
}

function shareIn(
  words: readonly string[],
  others: readonly string[],
  weigh: (word: string) => number,
  isSame: (one: string, other: string) => boolean,
): number {
  let all = 0;
  let found = 0;
  for (const word of words) {
    const weight = weigh(word);
    all += weight;
    found += weight * (others.some((other) => isSame(word, other)) ? 1 : Math.max(0, ...others.map((other) => lettersAlike(word, other))));
  }
  return all === 0 ? 0 : found / all;
}

/** How much a word tells by itself, 0 to 1. */
function tellingOf(word: string): number {
  return /\p{N}/u.test(word) ? NUMBER : Math.min(1, (word.length + (word.match(SIGNS)?.length ?? 0)) / LONG);
}

function beginningOf(word: string): string {
  return word.slice(0, BEGINNING);
}

/** The share of pairs of letters that two words have in common (Dice); 0 for other words, and for numbers, where a digit is all. */
function lettersAlike(one: string, other: string): number {
  if (/\p{N}/u.test(one + other)) return 0;
  const pairs = pairsOf(one);
  const others = pairsOf(other);
  const common = pairs.filter((pair) => others.includes(pair)).length;
  const share = (2 * common) / (pairs.length + others.length);
  return share >= SAME_WORD ? share : 0;
}

function pairsOf(word: string): string[] {
  return Array.from({ length: word.length - 1 }, (_, at) => word.slice(at, at + 2));
}
