import { z } from 'zod';

export const fieldKinds = ['text', 'number', 'date', 'yes-no', 'choice', 'email', 'phone', 'url'] as const;
export type FieldKind = (typeof fieldKinds)[number];

/** What a value has to fit. */
export interface Shape {
  kind: FieldKind;
  choices: readonly string[];
}

/** The value in the one form it is kept in, null for nothing, or what is wrong with it, for who typed it. */
type Read = { ok: true; value: string | null } | { ok: false; says: string };

const LONGEST = 500;
const READERS: Record<FieldKind, (typed: string, shape: Shape) => string | { says: string }> = {
  text: (typed) => typed,
  number: readNumber,
  date: readDate,
  'yes-no': readYesNo,
  choice: (typed, { choices }) =>
    choices.find((choice) => choice.toLowerCase() === typed.toLowerCase()) ?? { says: `Choose one of: ${choices.join(', ')}.` },
  email: (typed) =>
    z.email().max(254).safeParse(typed).success
      ? typed.toLowerCase()
      : { says: 'This is no whole e-mail address. It looks like name@example.com.' },
  phone: readPhone,
  url: readUrl,
};

/** Reads what somebody typed, as the field's kind wants it. */
export function readValue(shape: Shape, typed: string): Read {
  const text = typed.normalize('NFC').replace(/\s+/g, ' ').trim();
  if (text === '') return { ok: true, value: null };
  if ([...text].length > LONGEST) return { ok: false, says: `This can have ${LONGEST} characters at most.` };
  const read = READERS[shape.kind](text, shape);
  return typeof read === 'string' ? { ok: true, value: read } : { ok: false, ...read };
}

function readNumber(typed: string): string | { says: string } {
  const plain = typed.replace(',', '.');
  return /^[+-]?\d{1,15}(\.\d{1,10})?$/.test(plain)
    ? String(Number(plain))
    : { says: 'Write a number without thousands signs, such as 1250.5.' };
}

/** As 2026-11-24, as 24.11.2026, or with the midnight that a spreadsheet adds. 11/24 and 24/11 look alike, so neither is read. */
function readDate(typed: string): string | { says: string } {
  const parts =
    /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?$/.exec(typed) ??
    /^(?<day>\d{1,2})\. ?(?<month>\d{1,2})\. ?(?<year>\d{4})$/.exec(typed);
  const { year = '', month = '', day = '' } = parts?.groups ?? {};
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${iso}T00:00:00Z`);
  // 31 February would be read as 3 March.
  const real = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso);
  return real ? iso : { says: 'Write the date as year, month, day: 2026-11-24.' };
}

function readYesNo(typed: string): string | { says: string } {
  if (/^(yes|y|true|1|on)$/i.test(typed)) return 'yes';
  return /^(no|n|false|0|off)$/i.test(typed) ? 'no' : { says: 'Write yes or no.' };
}

/** A number as it is dialled: digits, and a plus where it stood or 00 meant it. No country is guessed. */
function readPhone(typed: string): string | { says: string } {
  const plain = typed.replace(/[\s()./–-]/g, '').replace(/^00/, '+');
  return /^\+?\d{4,15}$/.test(plain) ? plain : { says: 'Write the number with its country, such as +49 30 123456.' };
}

function readUrl(typed: string): string | { says: string } {
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(typed) ? typed : `https://${typed}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  const fits = (url?.protocol === 'https:' || url?.protocol === 'http:') && url.hostname.includes('.');
  return fits ? url.href : { says: 'Write a web address, such as https://example.com.' };
}
