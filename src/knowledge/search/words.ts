/** Text as the index sees it: words in any script, lower-cased, stemmed where their language has a stemmer. */
import stemmers from 'snowball-stemmers';

/** ISO 639-1 → Snowball algorithm. A language without one is searched by its words as they stand. */
const ALGORITHMS: Record<string, string> = {
  ar: 'arabic',
  ca: 'catalan',
  cs: 'czech',
  da: 'danish',
  de: 'german',
  en: 'english',
  es: 'spanish',
  eu: 'basque',
  fi: 'finnish',
  fr: 'french',
  ga: 'irish',
  hu: 'hungarian',
  hy: 'armenian',
  it: 'italian',
  nl: 'dutch',
  no: 'norwegian',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  sl: 'slovene',
  sv: 'swedish',
  ta: 'tamil',
  tr: 'turkish',
};

/** Accents, vowel points and stretching, which people leave out when they type. Thai and Indic vowel signs stay: they are letters. */
const OPTIONAL_MARKS = /[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670]/gu;
/** Within a segment: numbers with their decimals, and runs of letters ("l'hôtel" is two words, "aurora.example" too). */
const PARTS = /\p{N}+(?:[.,]\p{N}+)*|[\p{L}\p{M}\p{N}]+/gu;
const KNOWN_STEMS_AT_MOST = 50_000;

/** The locale changes nothing for us: Thai, Chinese, Japanese and the like are cut by dictionary in each of them. */
const segmenter = new Intl.Segmenter('en', { granularity: 'word' });
const made = new Map<string, (word: string) => string>();

/** Lower-cased words of a text in its order, compatibility forms made plain (full-width digits, ligatures). */
export function cutWords(text: string): string[] {
  const words: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(text.normalize('NFKC').toLowerCase())) {
    if (!isWordLike) continue;
    for (const [part] of segment.matchAll(PARTS)) words.push(part.replaceAll(',', '.'));
  }
  return words;
}

/** A word's stem in a language (ISO 639-1; null or without a stemmer: the word), with optional marks gone. */
export function stem(word: string, language: string | null): string {
  const algorithm = language === null ? undefined : ALGORITHMS[language];
  return stemmerOf(algorithm ?? '')(word);
}

/** The words of a text as `chunks.words` holds them. */
export function indexedWords(text: string, language: string | null): string {
  return cutWords(text)
    .map((word) => stem(word, language))
    .join(' ');
}

/** A stemmer that remembers: stemming a word costs 2 µs, and a text says the same words again and again. */
function stemmerOf(algorithm: string): (word: string) => string {
  const ready = made.get(algorithm);
  if (ready) return ready;
  const snowball = algorithm === '' ? null : stemmers.newStemmer(algorithm);
  const known = new Map<string, string>();
  const fresh = (word: string): string => {
    const before = known.get(word);
    if (before !== undefined) return before;
    const stemmed = withoutMarks(snowball ? snowball.stem(word) : word) || word;
    if (known.size >= KNOWN_STEMS_AT_MOST) known.clear();
    known.set(word, stemmed);
    return stemmed;
  };
  made.set(algorithm, fresh);
  return fresh;
}

function withoutMarks(word: string): string {
  return word.normalize('NFD').replace(OPTIONAL_MARKS, '').normalize('NFC').replaceAll('ς', 'σ');
}
