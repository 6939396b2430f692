/** When a bot hands over to a person by itself, besides being asked to: each rule is on or off, with a sentence of its own. */
import { z } from 'zod';

export const most = { keywords: 50, keyword: 60, says: 500, places: 200 };

/** From which number of failures in a row; how well the best passage must fit at least, as the score of the search. */
export const FAILURES = [1, 2, 3, 4, 5];
export const SCORES = [0.3, 0.4, 0.5, 0.6, 0.7];

const says = z.string().trim().max(most.says).default('');
const rule = { on: z.boolean().default(false), says };
const ids = z.array(z.number().int().positive()).max(most.places).default([]);

export const handoffSettings = z.strictObject({
  /** Whole words of what the customer writes, in any script. */
  keywords: z
    .strictObject({ ...rule, words: z.array(z.string().trim().min(1).max(most.keyword)).max(most.keywords).default([]) })
    .prefault({}),
  /** Answers that weren't found, or of which the customer said that they didn't help, one after the other. */
  failures: z.strictObject({ ...rule, after: z.number().int().min(1).max(5).default(2) }).prefault({}),
  /** The best passage fits less well than this. */
  unsure: z.strictObject({ ...rule, below: z.number().min(0).max(1).default(0.4) }).prefault({}),
  /** Conversations on certain channels, or with certain labels. */
  places: z.strictObject({ ...rule, channels: ids, labels: ids }).prefault({}),
  /** Outside the opening hours: the bot doesn't answer then. */
  outsideHours: z.strictObject(rule).prefault({}),
  /** Once a person is wanted its model sums the conversation up for the team, whatever called them. */
  sumsUp: z.boolean().default(false),
});

export type HandoffSettings = z.infer<typeof handoffSettings>;

/** One line for each rule that is on: what publishing would change. */
export function handoffInWords({ keywords, failures, unsure, places, outsideHours, sumsUp }: HandoffSettings): string {
  const line = ({ on, says: own }: { on: boolean; says: string }, words: string): string[] =>
    on ? [own === '' ? words : `${words}: “${own}”`] : [];
  return [
    ...line(keywords, `At ${keywords.words.join(', ')}`),
    ...line(failures, `After ${failures.after} in a row that didn’t help`),
    ...line(unsure, `When the best passage fits less than ${unsure.below}`),
    ...line(places, `On ${places.channels.length} channels, with ${places.labels.length} labels`),
    ...line(outsideHours, 'Outside the opening hours'),
    ...(sumsUp ? ['With a summary for the team'] : []),
  ].join('\n');
}

/** Writes no blanks between words: there a keyword is found wherever it stands. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const IN_WORD = /[\p{L}\p{N}\p{M}]/u;

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll('’', "'").replace(/\s+/gu, ' ');
}

/** The first of `words` that stands in `text` as a whole word, or as several; case, and which kind of blank, don't matter. */
export function keywordIn(text: string, words: readonly string[]): string | undefined {
  const said = plain(text);
  return words.find((word) => standsIn(said, plain(word).trim()));
}

/** Whether `word` stands in `text` as a whole word, or as several; both are folded alike already. */
export function standsIn(text: string, word: string): boolean {
  if (word === '') return false;
  const [first = '', last = ''] = [[...word][0], [...word].at(-1)];
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const [before = '', after = ''] = [[...text.slice(0, at).slice(-2)].at(-1), [...text.slice(at + word.length, at + word.length + 2)][0]];
    if (apart(before, first) && apart(last, after)) return true;
  }
  return false;
}

/** Whether a word may end between two signs: not inside of "refunds" or "café", but anywhere in 我要退款. */
function apart(one: string, other: string): boolean {
  return !IN_WORD.test(one) || !IN_WORD.test(other) || UNSPACED.test(one) || UNSPACED.test(other);
}
