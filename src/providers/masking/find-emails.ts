/** E-mail addresses in a plain text, in any alphabet. */
import type { Place } from './find-numbers.ts';

/** As long as the standard lets the part before the sign be, and a domain. */
const LOCAL = 64;
const DOMAIN = 255;
const LOCAL_LETTER = /[\p{L}\p{M}\p{N}._%+'-]/u;
/** Signs that may stand there by the standard, and stand around an address far more often. */
const IN_FRONT = /^[.%'-]+/;
const DOMAIN_PART =
  /^(?:[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?\.)+[\p{L}\p{M}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])/u;

/** Walked from each "@", not matched from each letter: a long text without one costs nothing. */
export function findEmails(plain: string): Place[] {
  const found: Place[] = [];
  for (let at = plain.indexOf('@'); at !== -1; at = plain.indexOf('@', at + 1)) {
    const domain = DOMAIN_PART.exec(plain.slice(at + 1, at + 1 + DOMAIN))?.[0];
    const start = startOf(plain, at, found.at(-1)?.end ?? 0);
    if (domain !== undefined && start < at) found.push({ start, end: at + 1 + domain.length });
  }
  return found;
}

function startOf(plain: string, at: number, from: number): number {
  let start = at;
  while (start > from && at - start < LOCAL && LOCAL_LETTER.test(plain.charAt(start - 1))) start--;
  return start + (IN_FRONT.exec(plain.slice(start, at))?.[0].length ?? 0);
}
