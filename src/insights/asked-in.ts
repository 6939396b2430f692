import { asksForPerson } from '../answering/index.ts';
import { courtesyOf } from '../lib/courtesy.ts';

const LONGEST = 600;
/** A clause that opens a sentence: "Hello," or "Hi there!". */
const OPENING = /^([^,.!?;:\n–—]{1,40})[,.!;:–—]+\s*(\S.*)$/su;
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;
/** What stands for a picture or a voice note where a message is read as text. */
const FILE = /^\[[a-z]+\] ?/;

/**
 * What a customer's burst of messages asks: without greetings, thanks and the wish for a person. Null when nothing is left,
 * so that small talk and "human please" are no gaps.
 */
export function askedIn(burst: string): string | null {
  const asked = burst
    .split('\n')
    .map((line) => line.replace(FILE, ''))
    .filter((line) => SAYS_SOMETHING.test(line) && courtesyOf(line) === null && !asksForPerson(line))
    .map((line) => withoutGreeting(line.trim()))
    .join('\n')
    .slice(0, LONGEST)
    .toWellFormed();
  return asked === '' || isNoQuestion(asked) ? null : asked;
}

/** A text without the greeting that it begins with. */
export function withoutGreeting(text: string): string {
  const [, opening = '', rest = ''] = OPENING.exec(text) ?? [];
  if (rest === '' || courtesyOf(opening) === null) return text;
  return withoutGreeting(`${rest.charAt(0).toUpperCase()}${rest.slice(1)}`);
}

/** "Yes", "No", "Why?": one short word answers something, or leans on it; nobody can write an answer to it. */
function isNoQuestion(text: string): boolean {
  return text.length <= 4 && !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(text);
}
