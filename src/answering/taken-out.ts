import { numberText, pluralText } from '../web/formats.ts';

/** As they stand in what was sent: what looked so and was typed got a sign itself, so that each of these is one of ours. */
const SIGN = /\[([A-Z][A-Z0-9_]*)_(?:\d{1,4}|[A-Z]{1,2})\]/g;
const NAMES: Record<string, [one: string, many: string]> = {
  CARD: ['card number', 'card numbers'],
  IBAN: ['bank account', 'bank accounts'],
  EMAIL: ['e-mail address', 'e-mail addresses'],
  PHONE: ['phone number', 'phone numbers'],
};

/** What was taken out of what was sent, kind by kind, each counted once; '' where nothing was. */
export function takenOut(sent: readonly { text: string }[]): string {
  const signs = new Set(sent.flatMap(({ text }) => [...text.matchAll(SIGN)].map(([sign]) => sign)));
  const counts = new Map<string, number>();
  for (const sign of signs) {
    const kind = sign.slice(1, sign.lastIndexOf('_'));
    if (kind !== 'TEXT') counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const parts = [...counts].map(([kind, n]) => (NAMES[kind] ? pluralText(n, ...NAMES[kind]) : `${numberText(n)} as ${kind}`));
  return new Intl.ListFormat('en-GB').format(parts);
}
