/** What is taken out of a text before it goes to a provider. */
import { findEmails } from './find-emails.ts';
import { findCards, findIbans, type Place } from './find-numbers.ts';
import { findOwn, signOf, type OwnPattern } from './own-patterns.ts';
import { findPhones } from './find-phones.ts';
import { plainText } from './plain-text.ts';

/** What is taken out besides card and account numbers, which always are. */
export interface MaskRules {
  email: boolean;
  phone: boolean;
  patterns: readonly OwnPattern[];
}

export interface Mark extends Place {
  /** The name of its sign: CARD, IBAN, EMAIL, PHONE, TEXT, or an own pattern's. */
  kind: string;
}

const OWN_KINDS = ['IBAN', 'CARD', 'EMAIL', 'PHONE', 'TEXT'];

/** Every kind of sign there may be by these rules. */
export function kindsOf({ patterns }: MaskRules): string[] {
  return [...new Set([...OWN_KINDS, ...patterns.map(signOf)])];
}

/** A sign as models write it: they change its case and escape its line, as Markdown wants. */
export function signsOf(kinds: readonly string[]): RegExp {
  return new RegExp(`\\[(${kinds.join('|').replaceAll('_', '\\\\?_')})\\\\?_(\\d{1,4}|[A-Z]{1,2})\\\\?\\]`, 'gi');
}

/** In order, none over another: where two overlap, what they cover together is one, so that no part of either is left. */
export function findMarks(text: string, rules: MaskRules, signs: RegExp): Mark[] {
  const plain = plainText(text);
  const found: Mark[] = [];
  const add = (kind: string, places: readonly Place[]): void => void found.push(...places.map((place) => ({ ...place, kind })));
  // What looks like a sign and was typed is taken out itself: it would come back as what stands behind that sign.
  if (plain.includes('['))
    add(
      'TEXT',
      [...plain.matchAll(signs)].map(({ index, 0: { length } }) => ({ start: index, end: index + length })),
    );
  if (/\d/.test(plain)) {
    add('IBAN', findIbans(plain));
    add('CARD', findCards(plain));
  }
  const phones = rules.phone ? phonesIn(plain, found) : [];
  if (rules.email) add('EMAIL', findEmails(plain));
  add('PHONE', phones);
  for (const pattern of rules.patterns) add(signOf(pattern), findOwn(plain, pattern));
  return found.length < 2 ? found : joined(found);
}

/** A card that is one by chance may reach into a phone number: what it would leave of that goes, too. */
function phonesIn(plain: string, found: readonly Mark[]): Place[] {
  const cards = found.filter(({ kind }) => kind === 'CARD');
  const others = found.filter(({ kind }) => kind !== 'CARD');
  const cut = cards.length === 0 ? [] : findPhones(without(plain, others));
  const reached = cut.filter((phone) => cards.some(({ start, end }) => phone.start < end && phone.end > end && phone.start > start));
  return [...findPhones(without(plain, found)), ...reached];
}

/** With blanks in their place: the end of an account must not become the front of a phone. */
function without(plain: string, found: readonly Mark[]): string {
  return found.reduce((text, { start, end }) => text.slice(0, start) + ';'.repeat(end - start) + text.slice(end), plain);
}

/** What was looked for first gives the kind. */
function joined(found: readonly Mark[]): Mark[] {
  const ranked = found.map((mark, rank) => ({ ...mark, rank })).sort((a, b) => a.start - b.start);
  const marks: typeof ranked = [];
  for (const mark of ranked) {
    const last = marks.at(-1);
    if (!last || mark.start >= last.end) {
      marks.push(mark);
      continue;
    }
    last.end = Math.max(last.end, mark.end);
    if (mark.rank < last.rank) Object.assign(last, { kind: mark.kind, rank: mark.rank });
  }
  return marks;
}
