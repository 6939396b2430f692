/** Messages that ask nothing: greetings, thanks, a thumb up. */
import { COURTESIES, phrasesOf, SHARED } from './courtesy-words.ts';
import { isLittleWord } from './language.ts';
import { once } from './once.ts';

/** 'nothing': not a word in it, as "???" or a picture made of emoji. */
export type Courtesy = 'greeting' | 'thanks' | 'nothing';

const LONGEST = 120;
/** "Thanks for your help": so many little words may stand beside what is said. More of them are a question. */
const LITTLE_AT_MOST = 2;
const APPROVES = /[👍👌🙏👏❤😀😃😄😁😊🙂😍🥰🎉💯✅]/u;

const segmenter = once(() => new Intl.Segmenter('en', { granularity: 'word' }));

function wordsOf(text: string): string[] {
  const plain = text.normalize('NFKC').toLowerCase().replaceAll('’', "'");
  return [...segmenter().segment(plain)].flatMap(({ segment, isWordLike }) => (isWordLike ? [segment] : []));
}

/** Words as one key, without accents, which people leave out. */
function keyOf(words: readonly string[]): string {
  return words.join(' ').normalize('NFD').replace(/\p{M}/gu, '');
}

interface Known {
  phrases: ReadonlyMap<string, 'greeting' | 'thanks'>;
  longest: number;
  beside: ReadonlySet<string>;
}

const known = once((): Known => {
  const all = [SHARED, ...Object.values(COURTESIES)];
  const keys = (list: string): string[] => phrasesOf(list).map((phrase) => keyOf(wordsOf(phrase)));
  const phrases = new Map([
    ...all.flatMap(({ thank }) => keys(thank)).map((key) => [key, 'thanks'] as const),
    ...all.flatMap(({ greet }) => keys(greet)).map((key) => [key, 'greeting'] as const),
  ]);
  return {
    phrases,
    longest: Math.max(...[...phrases.keys()].map((key) => key.split(' ').length)),
    beside: new Set(all.flatMap(({ beside }) => keys(beside))),
  };
});

/** What a message is that asks nothing; null when it may ask something. An empty text is null: something else was sent. */
export function courtesyOf(text: string): Courtesy | null {
  const said = text.trim();
  if (said === '' || said.length > LONGEST) return null;
  if (!/[\p{L}\p{N}]/u.test(said)) return APPROVES.test(said) ? 'thanks' : 'nothing';
  const { kinds, rest } = phrasesIn(wordsOf(said));
  if (kinds.size === 0) return null;
  const left = rest.filter((word) => !known().beside.has(keyOf([word])));
  if (left.length > LITTLE_AT_MOST || (left.length > 0 && /[?？؟]/u.test(said))) return null;
  if (!left.every((word) => isLittleWord(word, null))) return null;
  return kinds.has('thanks') ? 'thanks' : 'greeting';
}

/** Takes the courtesies out of the words, the longest first. */
function phrasesIn(words: readonly string[]): { kinds: Set<Courtesy>; rest: string[] } {
  const { phrases, longest } = known();
  const kinds = new Set<Courtesy>();
  const rest: string[] = [];
  for (let at = 0; at < words.length;) {
    let length = Math.min(longest, words.length - at);
    while (length > 0 && !phrases.has(keyOf(words.slice(at, at + length)))) length -= 1;
    const kind = phrases.get(keyOf(words.slice(at, at + length)));
    if (kind) kinds.add(kind);
    else rest.push(words[at] ?? '');
    at += Math.max(1, length);
  }
  return { kinds, rest };
}
