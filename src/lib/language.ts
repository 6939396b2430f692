/**
 * The language of a text, be it four words or a page: by its script, its letters and its little words. Cheap enough for
 * every message in the main thread. A trained model alone guesses wildly at four words and needs 54 MB; where one is
 * loaded anyway, its guesses are weighed along.
 */
import { COURTESIES, phrasesOf } from './courtesy-words.ts';
import { LITTLE_WORDS } from './little-words.ts';
import { once } from './once.ts';

/** A trained model's guesses at a text: accuracies of 0 to 1 by language (ISO 639-1). */
export type Guesses = ReadonlyMap<string, number>;

/** Scripts that say it alone, with how many letters of an alphabet one sign of theirs stands for. */
const SCRIPTS: readonly (readonly [signs: RegExp, weight: number, language: string])[] = [
  [/\p{Script=Hangul}/gu, 3, 'ko'],
  [/\p{Script=Thai}/gu, 1, 'th'],
  [/\p{Script=Hebrew}/gu, 1, 'he'],
  [/\p{Script=Greek}/gu, 1, 'el'],
  [/\p{Script=Devanagari}/gu, 1, 'hi'],
  [/\p{Script=Bengali}/gu, 1, 'bn'],
  [/\p{Script=Tamil}/gu, 1, 'ta'],
  [/\p{Script=Telugu}/gu, 1, 'te'],
  [/\p{Script=Georgian}/gu, 1, 'ka'],
  [/\p{Script=Armenian}/gu, 1, 'hy'],
  [/\p{Script=Khmer}/gu, 1, 'km'],
];
/** Of a text in another script, a guess at one of these is wrong: lists of products look like Hindi to the model. */
const OF_OWN_SCRIPT: ReadonlySet<string> = new Set(['zh', 'ja', ...SCRIPTS.map(([, , language]) => language)]);
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/gu;
const HAN_OR_KANA = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;
/** Japanese has more kana than this among its signs; Chinese has none but in names. */
const KANA_SHARE = 0.05;

/** What a word of one language alone has, or nearly. */
const OWN: readonly (readonly [RegExp, string])[] = [
  [/ß/u, 'de'],
  [/ñ/u, 'es'],
  [/[ãõ]/u, 'pt'],
  [/[ąęłśćźżń]/u, 'pl'],
  [/[ğış]/u, 'tr'],
  [/[œêë]/u, 'fr'],
  [/[òìù]/u, 'it'],
  [/[іїєґ]/u, 'uk'],
  [/[ыэё]|ъ[еёюя]/u, 'ru'],
  [/ة|(?<!\p{L})ال/u, 'ar'],
];
/** Signs that point to a language once in a text, however often they stand in it. */
const HINTS: readonly (readonly [RegExp, string, number])[] = [
  [/[äö]/u, 'de', 0.5],
  [/[¿¡]/u, 'es', 1],
];
/** All that the languages with little words write; a word with any other letter speaks against them. */
const ALPHABETS: Record<string, RegExp> = {
  en: /^[a-z'éèêàâäçïîñôöûüåøæœáíóú]+$/u,
  de: /^[a-z'äöüßéèêàçñ]+$/u,
  fr: /^[a-z'àâæçéèêëîïôœùûüÿ]+$/u,
  es: /^[a-z'áéíñóúüç]+$/u,
  it: /^[a-z'àèéìíîòóùú]+$/u,
  pt: /^[a-z'ãáàâçéêíóõôúüñ]+$/u,
  nl: /^[a-z'éèêëïíóöüáäàçñ]+$/u,
  pl: /^[a-z'ąćęłńóśźżé]+$/u,
  tr: /^[a-z'çğıöşüâîû\u0307]+$/u,
  ru: /^[а-яё']+$/u,
  uk: /^[а-щьюяєіїґ']+$/u,
  ar: /^[\u0621-\u063a\u0640-\u0652]+$/u,
};

/** So much of a text must speak for a language: a quarter of its words; less where fewer languages share the script… */
const SHARE = 0.25;
const SHARE_OF_OTHER_SCRIPT = 0.15;
/** …and where a trained model was asked, which knows the languages that have no little words here. */
const SHARE_WITH_GUESSES = 0.02;
/** Half a word more than for any other. */
const AHEAD = 0.4;
const READ_AT_MOST = 600;
/** Words: who greets begins with it. */
const GREETED_WITHIN = 12;
const WORDS = /[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu;

const words = once(
  (): ReadonlyMap<string, ReadonlySet<string>> =>
    new Map(
      Object.entries(LITTLE_WORDS).map(([language, list]) => [
        language,
        // "Hello" and "thanks" say nothing of what a text is about either.
        new Set([...list.split(' '), ...courtesies(language).filter((phrase) => !phrase.includes(' '))]),
      ]),
    ),
);

/** Little word → the languages it is one of: one look for each word of a text. */
const languagesByWord = once((): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, string[]>();
  for (const [language, little] of words()) for (const word of little) found.set(word, [...(found.get(word) ?? []), language]);
  return found;
});

/** Of several words: none of "good morning" would tell. */
const phrases = once(() =>
  Object.keys(COURTESIES).map((language) => {
    const said = courtesies(language).filter((phrase) => phrase.includes(' '));
    return [language, said.map((phrase) => ({ phrase, first: phrase.split(' ')[0] ?? '' }))] as const;
  }),
);

function courtesies(language: string): string[] {
  const { greet, thank } = COURTESIES[language] ?? { greet: '', thank: '' };
  return [...phrasesOf(greet), ...phrasesOf(thank)].map(straight);
}

function straight(text: string): string {
  return text.replaceAll('’', "'");
}

/** ISO 639-1, or null when it can't be told. Of a long text the beginning is read. */
export function languageOf(text: string, guesses?: Guesses): string | null {
  const read = straight(text.slice(0, READ_AT_MOST).normalize('NFC').toLowerCase());
  const byScript = languageOfScript(read);
  if (byScript !== null) return byScript;
  const cut = [...read.matchAll(WORDS)].map(([word]) => word);
  const points = pointsOf(read, cut);
  // A guess that is quite sure is worth as much as if all words spoke for it; little words are a third of most texts.
  for (const [language, accuracy] of guesses ?? []) if (!OF_OWN_SCRIPT.has(language)) add(points, language, accuracy * cut.length);
  const [best, second] = [...points].sort(([, a], [, b]) => b - a);
  if (!best || best[1] < (guesses ? SHARE_WITH_GUESSES : shareNeeded(read)) * cut.length) return null;
  return best[1] - Math.max(0, second?.[1] ?? 0) >= (guesses ? 0 : AHEAD) ? best[0] : null;
}

function shareNeeded(text: string): number {
  return count(text, /\p{Script=Latin}/gu) * 2 > count(text, /\p{L}/gu) ? SHARE : SHARE_OF_OTHER_SCRIPT;
}

/** A letter of another script than Latin. */
const NOT_LATIN = /[^\P{L}\p{Script=Latin}]/u;

/** The language whose script most of a text is in, when that script is one language's. */
function languageOfScript(text: string): string | null {
  if (!NOT_LATIN.test(text)) return null;
  const letters = count(text, /\p{L}/gu);
  const fills = (signs: number, weight: number) => signs > 0 && signs * weight > letters - signs;
  const hanOrKana = count(text, HAN_OR_KANA);
  if (fills(hanOrKana, 3)) return count(text, KANA) > hanOrKana * KANA_SHARE ? 'ja' : 'zh';
  return SCRIPTS.find(([signs, weight]) => fills(count(text, signs), weight))?.[2] ?? null;
}

function count(text: string, signs: RegExp): number {
  return text.match(signs)?.length ?? 0;
}

/** How many words of a text speak for a language, less those that can't be its own. */
function pointsOf(text: string, cut: readonly string[]): Map<string, number> {
  const points = new Map<string, number>();
  for (const [letters, language, hint] of HINTS) if (letters.test(text)) add(points, language, hint);
  const own = OWN.filter(([letters]) => letters.test(text));
  for (const word of cut) {
    for (const language of languagesByWord().get(word) ?? []) add(points, language, 1);
    for (const [letters, language] of own) if (letters.test(word) && !isLittleWord(word, language)) add(points, language, 1);
  }
  const line = ` ${cut.slice(0, GREETED_WITHIN).join(' ')} `;
  const inLine = new Set(cut.slice(0, GREETED_WITHIN));
  for (const [language, said] of phrases())
    if (said.some(({ first, phrase }) => inLine.has(first) && line.includes(` ${phrase} `))) add(points, language, 1);
  for (const language of points.keys()) {
    const own = ALPHABETS[language];
    for (const word of cut) if (own?.test(word) === false) add(points, language, -1);
  }
  return points;
}

function add(points: Map<string, number>, language: string, more: number): void {
  points.set(language, (points.get(language) ?? 0) + more);
}

/** Whether a lower-case word says nothing of what a text is about. Null asks all languages. */
export function isLittleWord(word: string, language: string | null): boolean {
  if (language !== null) return words().get(language)?.has(word) ?? false;
  return [...words().values()].some((little) => little.has(word));
}
