/** Patterns that an owner writes. By RE2's rules they take time in proportion to the text, whatever they say. */
import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';
import { once } from '../../lib/once.ts';
import type { Place } from './find-numbers.ts';

export interface OwnPattern {
  /** What its signs are called: "Customer number" gives [CUSTOMER_NUMBER_1]. */
  name: string;
  /** In RE2's syntax. */
  pattern: string;
}

const require = createRequire(import.meta.url);
/** 70 ms, and only where somebody has a pattern. */
const engine = once(() => (require('re2js') as { RE2JS: typeof RE2JS }).RE2JS);

const KEPT = 100;
const compiled = new Map<string, RE2JS>();

function compile(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known) return known;
  const made = engine().compile(pattern);
  if (compiled.size >= KEPT) compiled.clear();
  compiled.set(pattern, made);
  return made;
}

/** Where the pattern fits, from the front. It was checked by `problemWith`. */
export function findOwn(plain: string, { pattern }: OwnPattern): Place[] {
  const found: Place[] = [];
  const matcher = compile(pattern).matcher(plain);
  while (matcher.find()) if (matcher.end() > matcher.start()) found.push({ start: matcher.start(), end: matcher.end() });
  return found;
}

/** What a sign of its own is called, in the letters that models copy without fault. */
export function signOf({ name }: Pick<OwnPattern, 'name'>): string {
  const letters = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .replace(/ +/g, '_')
    .toUpperCase();
  return /^[A-Z]/.test(letters) ? letters.slice(0, 24).replace(/_$/, '') : 'OWN';
}

/** Of the compiled pattern: what it may take for each character of a text rises with it. */
const LARGEST = 100;
/** A pattern that finds something here takes out ordinary words, and leaves the bot little to read. */
const ORDINARY = 'we are open on sunday, and would like to know what you think of it';

/** What is wrong with a pattern, in plain words with the way out; null when it can be used. */
export function problemWith(pattern: string): string | null {
  let made: RE2JS;
  try {
    made = compile(pattern);
  } catch (error) {
    return `This pattern can’t be read: ${reasonOf(error)} The syntax is RE2’s, without looking ahead or back and without references.`;
  }
  if (made.matcher('').find()) return 'This pattern fits an empty text. Say what must stand there at least.';
  if (made.programSize() > LARGEST) return 'This pattern is too large. Make its repetitions shorter, or part it in two.';
  return made.matcher(ORDINARY).find() ? 'This pattern takes out ordinary words. Say more closely what it is to find.' : null;
}

function reasonOf(error: unknown): string {
  const said = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : '';
  return said === '' ? 'something in it isn’t known.' : `${said.slice(0, 120)}.`;
}
