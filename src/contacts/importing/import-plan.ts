/** How a file of contacts is read: its letters, what parts its cells, and what each column is. */
import { z } from 'zod';
import type { ContactField } from '../contact-fields.ts';

export const ENCODINGS = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16, little endian',
  'utf-16be': 'UTF-16, big endian',
  'windows-1252': 'Windows, Western Europe',
  'windows-1250': 'Windows, Central Europe',
  'windows-1251': 'Windows, Cyrillic',
  'windows-1253': 'Windows, Greek',
  'windows-1254': 'Windows, Turkish',
  'windows-1255': 'Windows, Hebrew',
  'windows-1256': 'Windows, Arabic',
  macintosh: 'Macintosh, Western Europe',
  'koi8-r': 'KOI8-R, Cyrillic',
  shift_jis: 'Shift JIS, Japanese',
  gb18030: 'GB 18030, Chinese',
  big5: 'Big5, Chinese',
  'euc-kr': 'EUC-KR, Korean',
} as const;
export type Encoding = keyof typeof ENCODINGS;

export const DELIMITERS = { comma: ',', semicolon: ';', tab: '\t', bar: '|' } as const;
export type DelimiterName = keyof typeof DELIMITERS;

/** What every contact has, and what can be added to one. A column can also be a field of one's own: `field-3`. */
export const TARGETS = {
  id: 'Contact number',
  name: 'Name',
  email: 'E-mail',
  phone: 'Phone',
  language: 'Language',
  labels: 'Labels',
  note: 'Note',
};
export type Target = '' | keyof typeof TARGETS | `field-${number}`;

export const COLUMNS_AT_MOST = 200;

const target = z.custom<Target>(
  (value) => value === '' || (typeof value === 'string' && (Object.hasOwn(TARGETS, value) || /^field-[1-9]\d{0,14}$/.test(value))),
  { error: 'Choose one of those offered.' },
);

export const importPlan = z.strictObject({
  encoding: z.enum(Object.keys(ENCODINGS) as [Encoding, ...Encoding[]]),
  delimiter: z.enum(Object.keys(DELIMITERS) as [DelimiterName, ...DelimiterName[]]),
  /** The first row says what the columns are. */
  head: z.boolean(),
  /** By column, what it is; '' is left out. */
  columns: z.array(target).max(COLUMNS_AT_MOST),
  /** The field of one's own that tells contacts apart, such as a customer number; null for none. */
  key: z.number().int().positive().nullable(),
});

export type ImportPlan = z.infer<typeof importPlan>;

/** Of these a row may have several columns: a first and a last name, several notes. */
const SEVERAL: readonly Target[] = ['', 'name', 'note', 'labels'];

/** What is wrong with a plan, for who made it; undefined when it can be followed. */
export function faultOf({ columns, key }: ImportPlan, fields: readonly ContactField[]): string | undefined {
  const twice = columns.find((each, at) => !SEVERAL.includes(each) && columns.indexOf(each) !== at);
  if (twice !== undefined) return `Two columns can’t both be ${nameOf(twice, fields)}. Choose one, and leave the other out.`;
  if (columns.every((each) => each === '' || each === 'note' || each === 'labels'))
    return 'No column says who the contacts are. Choose what is the name, the e-mail address or the phone number.';
  if (key !== null && !columns.includes(`field-${key}`))
    return `Contacts are to be known by ${nameOf(`field-${key}`, fields)}, and no column is that. Choose the column, or know them otherwise.`;
  return undefined;
}

function nameOf(wanted: Target, fields: readonly ContactField[]): string {
  const own = fields.find(({ id }) => wanted === `field-${id}`);
  if (own) return `“${own.name}”`;
  return wanted in TARGETS ? `the ${TARGETS[wanted as keyof typeof TARGETS].toLowerCase()}` : 'a field that is gone';
}
