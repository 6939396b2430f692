/** Takes out of a text what tells who somebody is, where it becomes knowledge for everybody. */

/** What stands in its place. A person has to write something else there before it goes live. */
export const MASKS = {
  email: '[e-mail removed]',
  phone: '[phone number removed]',
  card: '[card number removed]',
  name: '[name removed]',
} as const;

export interface Known {
  /** Names, as the customer and the channel gave them. */
  names: readonly string[];
  /** An e-mail address or phone number that is on file, and the like: taken out wherever it stands word for word. */
  marks: readonly string[];
}

/** Begun only where a word begins: tried at each of its letters, a long one would take seconds. */
const EMAIL = /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
const IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b/g;
/** Digits with what people write between them. */
const DIGITS = /(?<![\p{L}\p{N}])\+?\(?\d(?:[ \u00A0./()-]{0,2}\d){6,22}(?![\p{L}\p{N}])/gu;
const DATE_OR_HOURS = /^(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?: \d{1,2})?|\d{1,2}\.\d{2} ?[-–] ?\d{1,2}\.\d{2})$/;
const SHORTEST_NAME = 2;
const SHORTEST_MARK = 5;

/** Without e-mail addresses, phone, card and account numbers, and without the names of `known`. */
export function masked(text: string, known: Known): string {
  let out = text.replace(EMAIL, MASKS.email).replace(IBAN, MASKS.card).replace(DIGITS, maskOfDigits);
  for (const mark of known.marks) if (mark.length >= SHORTEST_MARK) out = out.replaceAll(mark, MASKS.name);
  for (const name of namesOf(known)) out = out.replace(name, MASKS.name);
  return out.replaceAll(/(\[name removed\])(?: \[name removed\])+/g, '$1');
}

/** Whether something still waits to be written anew. */
export function holdsMask(text: string): boolean {
  return Object.values(MASKS).some((mask) => text.includes(mask));
}

/** A phone number begins with + or 0, or is long; a price or a year is neither. */
function maskOfDigits(written: string): string {
  const digits = written.replace(/\D/g, '');
  if (digits.length >= 13 && digits.length <= 19 && isCard(digits)) return MASKS.card;
  if (DATE_OR_HOURS.test(written)) return written;
  return /^[+(]?0|^\+/.test(written) || digits.length >= 9 ? MASKS.phone : written;
}

/** The check digit of Luhn. */
function isCard(digits: string): boolean {
  let sum = 0;
  [...digits].reverse().forEach((digit, place) => {
    const value = Number(digit) * (place % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  });
  return sum % 10 === 0;
}

/** Whole names in any case; their parts only as names are written, since "will" and "may" are words besides. */
function namesOf({ names }: Known): RegExp[] {
  const whole = names.map((name) => name.trim()).filter((name) => name.length >= SHORTEST_NAME);
  const parts = whole.flatMap((name) => name.split(/[\s_.@-]+/u)).filter((part) => part.length > SHORTEST_NAME && /\p{L}/u.test(part));
  const written = [...new Set(parts.flatMap((part) => [part, part.charAt(0).toUpperCase() + part.slice(1)]))].filter(
    (part) => !/^\p{Ll}/u.test(part),
  );
  return [...whole.map((name) => wordly(name, 'giu')), ...written.map((part) => wordly(part, 'gu'))];
}

function wordly(name: string, flags: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\p{N}])`, flags);
}
