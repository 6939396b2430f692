/** Joins the wordings of one question; search and quoting read them as one line. */
export const BETWEEN_WORDINGS = ' / ';

/** So many letters in a row are somebody's own words; of signs that stand for syllables or words, fewer. */
const IN_A_ROW = 20;
const SIGNS_IN_A_ROW = 8;
const SIGNS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/**
 * Whether a question or an answer still holds a customer's own words. The rule: it does while 20 letters or digits in a row
 * of one of their messages stand in it (8 in Chinese, Japanese and Korean), whatever their case and whatever stands between
 * them; and of a message shorter than that, while one of its wordings says just the same. What a person has rewritten so
 * that neither holds is the business's own wording, and stays when the customer goes.
 */
export function holdsWordsOf(text: string, said: readonly string[]): boolean {
  const held = bare(text);
  const runs = new Set([...runsOf(held, IN_A_ROW), ...runsOf(held, SIGNS_IN_A_ROW)]);
  const wordings = text.split(BETWEEN_WORDINGS).map(bare);
  return said.some((message) => {
    const theirs = bare(message);
    const length = SIGNS.test(theirs) ? SIGNS_IN_A_ROW : IN_A_ROW;
    if (theirs.length < length) return theirs !== '' && wordings.includes(theirs);
    return runsOf(theirs, length).some((run) => runs.has(run));
  });
}

function runsOf(letters: string, length: number): string[] {
  return Array.from({ length: Math.max(0, letters.length - length + 1) }, (_, at) => letters.slice(at, at + length));
}

/** Whether the one message says all that the other does, word for word. */
export function saysAll(one: string, other: string): boolean {
  return bare(one).includes(bare(other));
}

function bare(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '');
}
