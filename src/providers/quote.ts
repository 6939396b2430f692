/**
 * The built-in provider: no AI, no key, no network. It answers with the passage of the knowledge that fits best, word for
 * word, and says so; greetings and thanks it answers as one does. Where no passage fits it refuses, so that the core says
 * the fallback sentence and a person is called.
 */
import { textsIn, type Texts } from '../lib/catalogue.ts';
import { courtesyOf, type Courtesy } from '../lib/courtesy.ts';
import { isLittleWord, languageOf } from '../lib/language.ts';
import type { AnswerEvent, AnswerRequest, GivenPassage, Provider } from './provider.ts';
import { once } from '../lib/once.ts';

export const quoteProvider: Provider = {
  id: 'quote',
  name: 'Quote, without AI',
  needs: { key: 'no', baseUrl: false },
  embedder: null,
  transcriber: null,
  check: async () => [{ id: 'quote', name: 'Best passage, word for word' }],
  async *answer({ signal }, request) {
    signal.throwIfAborted();
    yield* quote(request);
  },
};

/** Says that what follows is quoted. */
const LEAD: Record<string, string> = {
  en: 'This is what our information says:',
  de: 'Das steht in unseren Informationen:',
  fr: 'Voici ce que disent nos informations :',
  es: 'Esto dice nuestra información:',
  it: 'Ecco cosa dicono le nostre informazioni:',
  pt: 'É isto que dizem as nossas informações:',
  nl: 'Dit staat in onze informatie:',
  pl: 'Oto co mówią nasze informacje:',
  tr: 'Bilgilerimizde şöyle yazıyor:',
  ru: 'Вот что сказано в нашей информации:',
  uk: 'Ось що сказано в нашій інформації:',
  ar: 'هذا ما تقوله معلوماتنا:',
  he: 'כך כתוב במידע שלנו:',
  zh: '我们的资料是这样写的：',
  ja: '当店の資料にはこう書かれています：',
  ko: '저희 안내에는 이렇게 적혀 있습니다:',
};

const COURTEOUS: Record<Courtesy, keyof Texts> = { greeting: 'greeting', thanks: 'myPleasure', nothing: 'whatAsked' };

function* quote(request: AnswerRequest): Generator<AnswerEvent, void> {
  const text = answerTo(request);
  if (text !== null) yield* inPieces(text);
  yield { type: 'usage', usage: { inputTokens: 0, cachedTokens: 0, outputTokens: 0 } };
  yield { type: 'end', reason: text === null ? 'refused' : 'stop' };
}

/** The whole answer; null when nothing fits. */
function answerTo({ turns, passages, language }: AnswerRequest): string | null {
  const question = turns.at(-1)?.text ?? '';
  const courtesy = courtesyOf(question);
  if (courtesy) return textsIn(language)[COURTEOUS[courtesy]];
  const asked = askedIn(question);
  const best = passages.find((passage) => fits(passage, asked));
  if (!best) return null;
  const lead = LEAD[languageOf(question) ?? languageOf(best.text) ?? language] ?? LEAD['en'];
  const text = excerpt(answerIn(best), asked.words);
  // Behind the marks that end a block of code, anything would leave it open.
  return `${lead}\n\n${text}${text.endsWith('```') ? '\n\n' : ' '}[${best.n}]`;
}

/** As sure as the search must be: its own measure of what fits, which a provider's file can't ask. */
const FITS = 0.22;
/** What was searched for along with the question before must still hold some of this one. */
const COVERS = 1 / 3;

function fits(passage: GivenPassage, { words, covers }: Asked): boolean {
  return passage.score >= FITS && coverage(words, `${passage.title} ${passage.path} ${passage.text}`) >= covers;
}

interface Asked {
  /** The words that say what is asked. */
  words: string[];
  /** How much of them a passage must hold. */
  covers: number;
}

/** A question of little words alone ("Wann macht ihr auf?") is answered where it stands word for word. */
function askedIn(question: string): Asked {
  const language = languageOf(question);
  const all = [...new Set(segments(question))];
  const telling = all.filter((word) => !isLittleWord(word, language));
  return telling.length > 0 ? { words: telling, covers: COVERS } : { words: all, covers: 1 };
}

const segmenter = once(() => new Intl.Segmenter('en', { granularity: 'word' }));

function segments(text: string): string[] {
  const plain = text.normalize('NFKC').toLowerCase();
  return [...segmenter().segment(plain)].flatMap(({ segment, isWordLike }) => (isWordLike ? [segment] : []));
}

/** Share of the words that a text holds; a long word counts somewhat more, since it tells more. */
function coverage(asked: readonly string[], text: string): number {
  // "Wi-Fi" is asked for as "wifi".
  const held = new Set(segments(`${text} ${text.replace(/(\p{L})-(?=\p{L})/gu, '$1')}`).map(bare));
  let all = 0;
  let found = 0;
  for (const word of asked) {
    const weight = Math.sqrt(word.length);
    all += weight;
    if (holds(held, bare(word))) found += weight;
  }
  return all === 0 ? 0 : found / all;
}

/** Without accents, which people leave out. */
function bare(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '');
}

const STEM = 3;

/** Inflected forms share their beginning: "dog" and "dogs", "glutenfrei" and "Gluten", "barrierefrei" and "Barrierefreiheit". */
function holds(held: ReadonlySet<string>, word: string): boolean {
  if (held.has(word)) return true;
  if (word.length < STEM) return false;
  const stem = word.slice(0, Math.max(STEM, Math.ceil(word.length * 0.7)));
  for (const other of held) {
    if (other.startsWith(stem) && (other.length <= word.length + STEM || (word.length > STEM + 1 && other.startsWith(word)))) return true;
    if (word.startsWith(other) && other.length > STEM && other.length >= word.length * 0.6) return true;
  }
  return false;
}

/** Of a question with its answer, the answer. */
function answerIn({ text }: GivenPassage): string {
  const [first = '', ...rest] = text.trim().split('\n');
  const answer = rest.join('\n').trim();
  return /[?？؟]\s*$/u.test(first) && answer !== '' ? answer : text.trim();
}

const WHOLE_UP_TO = 600;
const sentences = once(() => new Intl.Segmenter('en', { granularity: 'sentence' }));

/** Below this, what stands around the answer costs nobody time, and may be the answer. */
const SHORT = 400;

/** A short text whole; of another, the paragraph that alone holds what the whole does of what was asked. */
function excerpt(whole: string, asked: readonly string[]): string {
  if (whole.length <= SHORT) return whole;
  const covers = coverage(asked, whole);
  const alone = covers > 0 ? whole.split(/\n{2,}/).find((paragraph) => coverage(asked, paragraph) >= covers) : undefined;
  return shortened(alone ?? whole, asked);
}

/** A text of some length whole; of a long one, the run of sentences that holds most of what was asked. */
function shortened(text: string, asked: readonly string[]): string {
  if (text.length <= WHOLE_UP_TO) return text;
  const all = [...sentences().segment(text)].map(({ segment }) => segment);
  let best = { run: text.slice(0, WHOLE_UP_TO), covers: -1 };
  for (let from = 0; from < all.length; from++) {
    let run = '';
    for (let to = from; to < all.length && run.length + (all[to] ?? '').length <= WHOLE_UP_TO; to++) run += all[to];
    const covers = coverage(asked, run);
    if (run !== '' && covers > best.covers) best = { run, covers };
  }
  const run = best.run.trim();
  return `${text.startsWith(run) ? '' : '… '}${run}${text.endsWith(run) ? '' : ' …'}`;
}

/** A few words at a time, as a model would. */
function* inPieces(text: string): Generator<AnswerEvent, void> {
  for (const [piece] of text.matchAll(/(?:\S+\s*){1,3}|\s+/gu)) yield { type: 'delta', text: piece };
}
