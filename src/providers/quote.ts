/**
 * The built-in provider: no AI, no key, no network. It answers with the passage of the knowledge that fits best, word for
 * word, and says so. Where none fits well it refuses, so that the core says the fallback sentence and a person is called.
 */
import { isLittleWord, languageOf } from '../lib/language.ts';
import type { AnswerEvent, AnswerRequest, GivenPassage, Provider } from './provider.ts';
import { once } from '../lib/once.ts';

export const quoteProvider: Provider = {
  id: 'quote',
  name: 'Quote, without AI',
  needs: { key: 'no', baseUrl: false },
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
  zh: '我们的资料是这样写的：',
  ja: '当店の資料にはこう書かれています：',
  ko: '저희 안내에는 이렇게 적혀 있습니다:',
};

function* quote({ turns, passages }: AnswerRequest): Generator<AnswerEvent, void> {
  const question = turns.at(-1)?.text ?? '';
  const best = bestOf(question, passages);
  if (best) yield* inPieces(`${leadFor(question, best)}\n\n${excerpt(answerIn(best), wordsOf(question))} [${best.n}]`);
  yield { type: 'usage', usage: { inputTokens: 0, cachedTokens: 0, outputTokens: 0 } };
  yield { type: 'end', reason: best ? 'stop' : 'refused' };
}

function leadFor(question: string, passage: GivenPassage): string {
  return LEAD[languageOf(question) ?? languageOf(passage.text) ?? 'en'] ?? LEAD['en'] ?? '';
}

/** A passage fits that holds so much of what was asked, or somewhat less where the search is sure, or where it knows. */
const COVERS = 0.6;
const COVERS_SOME = 0.34;
const SEARCH_IS_SURE = 0.5;
const SEARCH_KNOWS = 0.8;
/** Of two that fit alike, the one in the customer's language. */
const OWN_LANGUAGE = 0.2;

/** The passage that fits best, or null when none fits well. */
function bestOf(question: string, passages: readonly GivenPassage[]): GivenPassage | null {
  const language = languageOf(question);
  const asked = wordsOf(question);
  if (asked.length === 0) return null;
  const weighed = passages.map((passage) => {
    const covers = coverage(asked, `${passage.title} ${passage.path} ${passage.text}`);
    const { score } = passage;
    const fits = covers >= COVERS || (covers >= COVERS_SOME && score >= SEARCH_IS_SURE) || score >= SEARCH_KNOWS;
    return { passage, fits, rank: covers + score + (language !== null && languageOf(passage.text) === language ? OWN_LANGUAGE : 0) };
  });
  return weighed.filter(({ fits }) => fits).sort((a, b) => b.rank - a.rank)[0]?.passage ?? null;
}

const segmenter = once(() => new Intl.Segmenter('en', { granularity: 'word' }));

function segments(text: string): string[] {
  const plain = text.normalize('NFKC').toLowerCase();
  return [...segmenter().segment(plain)].flatMap(({ segment, isWordLike }) => (isWordLike ? [segment] : []));
}

/** The words that say what is asked. */
function wordsOf(question: string): string[] {
  const language = languageOf(question);
  return [...new Set(segments(question))].filter((word) => !isLittleWord(word, language));
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
  return found / all;
}

/** Without accents, which people leave out. */
function bare(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '');
}

const STEM = 3;

/** What customers ask most, said in as many ways: "offen" is answered by "geöffnet". */
const OPEN = new Set(
  (
    'open opens opened opening offen geoffnet offnet offnungszeiten ouvert ouverte ouverts ouvrez abierto abierta abiertos abre abren abris ' +
    'aperto aperta aperti apre aprite aberto aberta abertos abrem geopend otwarte otwarci otwarty acik acık acıksınız открыто открыты работаете работает ' +
    'відкрито відкриті працюєте працює مفتوح مفتوحون تفتحون 营业 営業 영업'
  )
    .split(' ')
    .map(bare),
);

/** Inflected forms share their beginning: "dog" and "dogs", "booking" and "bookings", "glutenfrei" and "Gluten". */
function holds(held: ReadonlySet<string>, word: string): boolean {
  if (held.has(word)) return true;
  if (OPEN.has(word)) return [...OPEN].some((other) => held.has(other));
  if (word.length < STEM) return false;
  const stem = word.slice(0, Math.max(STEM, Math.ceil(word.length * 0.7)));
  for (const other of held) {
    if (other.startsWith(stem) && other.length <= word.length + STEM) return true;
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
