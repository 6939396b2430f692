/** Phone numbers in a plain text: international ones, and national ones where their form or the word in front says so. */
import type { Place } from './find-numbers.ts';

const RUN = /(?:\+[ (]{0,2}|\()?\d(?:[ \t./()-]{0,3}\d){6,24}/g;
const DATES = /(?<![\d./-])(?:\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})|\d{4}([./-])\d{1,2}\2\d{1,2})(?![./-]?\d)/g;
/** In front of a number, these say that it is one to be called. */
const CALLED =
  /(?:tel|phone|fon|mobil|handy|cell|what.?s ?app|sms|call|ring|text me|móvil|celular|tél|portable|тел|電話|电话|手机|هاتف|موبايل|फ़ोन)[\p{L}\p{M}]*[^\p{L}\d]{0,4}(?:(?:number|nummer|nr|no|is|ist|lautet|me|at|on|under|unter|au|al)\b[^\p{L}\d]{0,3}){0,3}$/iu;
/** A part of something longer: an order such as AB-12345678, an address on the web. */
const WITHIN = /[\p{L}\d_=#/]$|[\p{L}\d][.-]$/u;
const LOOKED_BACK = 40;

/** Never dates, prices and orders. They may overlap. */
export function findPhones(plain: string): Place[] {
  if (plain.search(RUN) === -1) return [];
  const text = plain.replace(DATES, (date) => ';'.repeat(date.length));
  const found: Place[] = [];
  RUN.lastIndex = 0;
  for (let match = RUN.exec(text); match; match = RUN.exec(text)) {
    const { index: start, 0: run } = match;
    const length = lengthOfPhone(run, text.slice(Math.max(0, start - LOOKED_BACK), start));
    if (length > 0) found.push({ start, end: start + length });
    // A year, an amount, another number may stand in front; what begins in it by chance must not leave the real one's end behind.
    RUN.lastIndex = start + (/^\S+\s+/.exec(run)?.[0].length ?? run.length);
  }
  return found;
}

/** How much of a run is a phone number, 0 for none. */
function lengthOfPhone(run: string, before: string): number {
  const digits = run.replace(/\D/g, '');
  if (run.startsWith('+')) return digits.length >= 8 && !/[\p{L}\d]$/u.test(before) ? upTo(15, run) : 0;
  if (CALLED.test(before)) return upTo(15, run);
  if (WITHIN.test(before)) return 0;
  if (/^00[1-9]/.test(digits) && digits.length >= 10) return upTo(17, run);
  // The trunk's zero. "0.123456789" is an amount.
  if (/^\(?0[1-9]/.test(run.replace(/^0[ /-]/, '0')) && digits.length >= 9) return upTo(12, run);
  if (/^\(\d{2,5}\)/.test(run) && digits.length >= 7) return upTo(12, run);
  return /^(?:1[ .-])?[2-9]\d\d([ .-])\d{3}\1\d{4}(?!\d)/.exec(run)?.[0].length ?? 0;
}

/** Up to the last group that leaves at most so many digits; 0 where that is no number. */
function upTo(most: number, run: string): number {
  let digits = 0;
  let end = 0;
  for (const { index, 0: group } of run.matchAll(/\d+/g)) {
    digits += group.length;
    if (digits > most) break;
    end = index + group.length;
  }
  return run.slice(0, end).replace(/\D/g, '').length >= 7 ? end : 0;
}
