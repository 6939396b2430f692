/** Citations in an answer: `[1]`, `[2]`, right behind the words they stand for. The team sees them; a channel doesn't. */

/** Blanks are taken from the first of a run on only: tried from each of them, a flood of blanks would cost its square. */
const CITATION = /(?<![ \t\u00A0])[ \t\u00A0]*\[(\d{1,2}(?:\s*,\s*\d{1,2})*)\](?!\()/g;

/** The numbers that are cited, in the order of their first use. */
export function citedIn(text: string): number[] {
  const numbers = new Set<number>();
  for (const [, list = ''] of text.matchAll(CITATION)) for (const n of list.split(',')) numbers.add(Number(n));
  return [...numbers];
}

/** The text as a customer reads it. */
export function withoutCitations(text: string): string {
  return text.replace(CITATION, '');
}
