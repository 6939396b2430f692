import { once } from '../lib/once.ts';
import { NOT_WANTED, NOT_WANTED_AFTER, PERSON_WORDS } from './person-words.ts';

/**
 * Whether a customer asks, in so many words, to speak with a person. Caught before the bot, so that it works with the
 * provider down, without a key, and with the budget spent. It is narrow on purpose: what it misses, also in languages that it
 * doesn't know, the model hears and hands over by its sign.
 */

const LONGEST = 160;
/** Between whom they want and how to reach them: words like "right now, please, with". */
const BETWEEN = '[^.!?;:。！？؟\\n]{0,28}?';
/** These write no blanks between words, or join them. */
const JOINED = new Set(['ja', 'zh', 'ko', 'th', 'ar', 'he', 'hi', 'fa']);
const POLITE =
  / (?:please|bitte|por favor|s['’]il vous pla[iî]t|svp|merci|per favore|alsjeblieft|proszę|lütfen|пожалуйста|будь ласка|من فضلك)$/u;

interface Known {
  alone: ReadonlySet<string>;
  asks: RegExp[];
}

const known = once((): Known => {
  const all = Object.entries(PERSON_WORDS);
  return {
    alone: new Set(all.flatMap(([, { alone }]) => alone.split('|'))),
    asks: all.flatMap(([language, { person, anyone, reach, want }]) => {
      const word = (of: string): string => (JOINED.has(language) ? `(?:${of})` : `(?<!\\p{L})(?:${of})(?!\\p{L})`);
      const near = (verb: string, whom: string): RegExp =>
        new RegExp(`${word(verb)}${BETWEEN}(?<after>${word(whom)})|(?<before>${word(whom)})${BETWEEN}${word(verb)}`, 'iu');
      return [near(reach, anyone ? `${person}|${anyone}` : person), ...(want ? [near(want, person)] : [])];
    }),
  };
});

/** True when `text` is a plain request for a person. */
export function asksForPerson(text: string): boolean {
  const plain = text.normalize('NFKC').trim();
  if (plain === '' || plain.length > LONGEST) return false;
  const words = plain
    .toLowerCase()
    .replace(/[\p{P}\p{S}\s]+/gu, ' ')
    .trim();
  const { alone, asks } = known();
  if (alone.has(words) || alone.has(words.replace(POLITE, ''))) return true;
  return asks.some((ask) => isWanted(plain, ask.exec(plain)));
}

function isWanted(text: string, found: RegExpExecArray | null): boolean {
  if (!found) return false;
  const { after, before } = found.groups ?? {};
  const at = after === undefined ? found.index : found.index + found[0].length - after.length;
  if (NOT_WANTED.test(text.slice(0, at))) return false;
  return !NOT_WANTED_AFTER.test(text.slice(at + (after ?? before ?? '').length));
}
