/** Card numbers, account numbers and phone numbers in a plain text. They are told by their own check digits and forms, never by a language. */

export interface Place {
  /** UTF-16 places in the text, the end behind it. */
  start: number;
  end: number;
}

/** Seven digits or more, with what people write between them. */
const RUNS = /\d(?:[\s./()_-]{0,3}\d){6,}/g;
const CARD_DIGITS = { least: 13, most: 19 };

interface Group extends Place {
  digits: string;
}

/** Numbers of payment cards: 13 to 19 digits whose check digit is right, in groups or in one. Of several readings all: they may overlap. */
export function findCards(plain: string): Place[] {
  return runsIn(plain).flatMap((run) => cardsIn(groupsOf(plain, run)));
}

function runsIn(plain: string): Place[] {
  return [...plain.matchAll(RUNS)].map(({ index, 0: { length } }) => ({ start: index, end: index + length }));
}

function groupsOf(plain: string, { start, end }: Place): Group[] {
  return [...plain.slice(start, end).matchAll(/\d+/g)].map(({ index, 0: digits }) => ({
    start: start + index,
    end: start + index + digits.length,
    digits,
  }));
}

/** From every group: what begins in one by chance must not leave the end of the real one behind. */
function cardsIn(groups: readonly Group[]): Place[] {
  return groups.flatMap((first, at) => {
    const last = groups[lastOfCard(groups, at)];
    return last ? [{ start: first.start, end: last.end }] : [];
  });
}

/** The place of the last group of the longest card that begins with this group; -1 where none does. */
function lastOfCard(groups: readonly Group[], from: number): number {
  let digits = '';
  let last = -1;
  for (let at = from; at < groups.length; at++) {
    digits += groups[at]?.digits ?? '';
    if (digits.length > CARD_DIGITS.most) break;
    if (digits.length >= CARD_DIGITS.least && /^[2-6]/.test(digits) && luhn(digits)) last = at;
  }
  return last;
}

function luhn(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, doubled = false; at >= 0; at--, doubled = !doubled) {
    const value = (digits.charCodeAt(at) - 48) * (doubled ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

const IBAN_STARTS = /(?:(?<![\da-z])|(?<=(?<![a-z])iban))[a-z]{2}\d\d(?=[\s-]{0,2}[\da-z])/gi;
const IBAN_LETTERS = { least: 15, most: 34 };
/** No country has fewer; words that stand behind two letters and two digits have none. */
const IBAN_DIGITS = 9;

/** International account numbers, in groups or in one, by their check digits. They may overlap. */
export function findIbans(plain: string): Place[] {
  return [...plain.matchAll(IBAN_STARTS)].flatMap(({ index: start }) => {
    const end = endOfIban(plain, start);
    return end === undefined ? [] : [{ start, end }];
  });
}

function endOfIban(plain: string, start: number): number | undefined {
  let letters = '';
  let end: number | undefined;
  for (let at = start; letters.length < IBAN_LETTERS.most; at++) {
    const character = plain.charAt(at);
    if (/^[\s-]$/.test(character)) {
      if (/^[\s-]{2}$/.test(plain.slice(at + 1, at + 3))) break;
      continue;
    }
    if (!/^[\da-z]$/i.test(character)) break;
    letters += character;
    const whole = !/^[\da-z]/i.test(plain.slice(at + 1, at + 2));
    if (whole && letters.length >= IBAN_LETTERS.least && letters.replace(/\D/g, '').length >= IBAN_DIGITS && mod97(letters) === 1)
      end = at + 1;
  }
  return end;
}

function mod97(letters: string): number {
  let rest = 0;
  for (const character of `${letters.slice(4)}${letters.slice(0, 4)}`) {
    const value = parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}
