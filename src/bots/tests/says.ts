/** Whether a text says a phrase, whatever its script, case, accents and punctuation marks. */
import { withoutCitations } from '../../lib/citations.ts';
import { standsIn } from '../handoff-settings.ts';

/** Marks over letters that people leave out. In other scripts they are vowels, and stay. */
const ACCENTS = /(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}]\p{M}{0,8})\p{M}/gu;
/** Markdown's, and what nobody sees. */
const MARKS = /[*_`~#>\u00AD\u200B-\u200F\u2060\uFEFF]/gu;

/** A text as it is compared: one case, no accents, plain quotation marks and dashes, digits of any script as ours. */
export function folded(text: string): string {
  return (
    withoutCitations(text)
      .normalize('NFKD')
      // A letter of its own, though it is written as one with a mark.
      .replace(/[иИ]\u0306/gu, (letter) => letter.normalize('NFC'))
      .replace(ACCENTS, '')
      .normalize('NFC')
      .replace(MARKS, '')
      .replace(/\p{Nd}/gu, digit)
      .replace(/[‘’‚‛ʼ´]/gu, "'")
      .replace(/[“”„‟«»]/gu, '"')
      .replace(/[‐-―−]/gu, '-')
      .toUpperCase()
      .toLowerCase()
      .replaceAll('ς', 'σ')
      .replace(/\s+/gu, ' ')
      .trim()
  );
}

/** Whether `phrase` stands in `text` as whole words: "free" isn't in "freedom", nor "4.20" in "14.20". */
export function says(text: string, phrase: string): boolean {
  return standsIn(folded(text), folded(phrase));
}

/** The digits of each script stand in a row of ten, 0 first. */
function digit(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  if (code < 0x80) return sign;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String(code - zero);
}
