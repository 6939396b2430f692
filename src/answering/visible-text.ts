import { withoutCitations } from '../lib/citations.ts';
import { detailsIn, withoutDetails } from './leads/detail-signs.ts';

/** What the model was told to write when it can't answer or a person is asked for; models aren't careful with case and spaces. */
const NO_ANSWER = /\[\[\s*no[\s_-]*answer\s*\]\]|^\[\s*no answer\s*\]\.?$/i;
const CALL_PERSON = /\[\[\s*call[\s_-]*(?:a\s+)?person\s*\]\]|^\[\s*call person\s*\]\.?$/i;
/** As a customer would see it: what stands between the brackets are citations, which are taken out. */
const SIGN_BEGINS = /\[(?:[ \t\u00A0]*\[\d{1,2}(?:\s*,\s*\d{1,2})*\])*\[/;
/** What begins like a call of a tool or like reasoning, whole or cut off, bare or in a fence. */
const NOT_FOR_PEOPLE = /^(?:```[\w-]*\s*)?(?:\{\s*(?:["}]|$)|\[\s*(?:[{"[]|$)|<\/?(?:tool|function|think|reason))/i;

export type Meaning = 'answer' | 'no answer' | 'call person' | 'not for people' | 'empty';

/**
 * An answer as it comes in, and how much of it a customer may see so far: at every moment a beginning of what it says in
 * the end. Held back: signs that are for us, what looks like JSON until it is known not to be, and citations, which the
 * team sees and the customer doesn't.
 */
export class VisibleText {
  #raw = '';
  #shown = '';
  #held = '';
  /** 'head' until the first characters tell that this is an answer; 'closed' when the rest has to wait for the end. */
  #state: 'head' | 'open' | 'closed' = 'head';

  /** Takes more of the answer; returns what can be shown in addition, '' when nothing. */
  push(delta: string): string {
    this.#raw += delta;
    this.#held += delta;
    if (this.#state === 'head') this.#readHead();
    if (this.#state !== 'open') return '';
    const sign = this.#held.search(SIGN_BEGINS);
    if (sign !== -1) this.#state = 'closed';
    const end = certainUntil(sign === -1 ? this.#held : this.#held.slice(0, sign));
    return this.#show(withoutCitations(this.#held.slice(0, end)), this.#held.slice(end));
  }

  /** Everything that was shown. */
  get shown(): string {
    return this.#shown;
  }

  /** The whole answer, for the team: with citations. */
  get text(): string {
    return this.#raw.trim();
  }

  /** What the whole answer is, once it has ended. */
  get meaning(): Meaning {
    const { text } = this;
    if (NO_ANSWER.test(text)) return 'no answer';
    if (CALL_PERSON.test(text)) return 'call person';
    const bare = withoutDetails(text).trim();
    if (NOT_FOR_PEOPLE.test(bare) || isJson(bare)) return 'not for people';
    return withoutCitations(bare).trim() === '' && detailsIn(text).length === 0 ? 'empty' : 'answer';
  }

  /** What is left to show at the end of an answer. */
  finish(): string {
    return this.#show(withoutCitations(withoutDetails(this.#held).trimEnd()).trimEnd(), '');
  }

  /** An answer that begins with a bracket which is no citation waits for its end: it may be a sign or a list. */
  #readHead(): void {
    const text = this.#held.trimStart();
    this.#held = text;
    if (/^(?:\[[\d,\s]*)?$/.test(text)) return;
    this.#state = /^(?:[{<`]|\[(?![\d,\s]*\]))/.test(text) ? 'closed' : 'open';
  }

  #show(now: string, later: string): string {
    this.#held = later;
    this.#shown += now;
    return now;
  }
}

/**
 * Up to where a text that has not ended can be read for sure: not its last white space, which may be the end's, nor the
 * citations behind its last word, the last of which may still be becoming one. Walked from the end, not matched by a
 * pattern: a flood of blanks must cost no more than its length.
 */
function certainUntil(text: string): number {
  let certain = text.trimEnd().length;
  for (;;) {
    let at = certain;
    if (text[at - 1] === ']') at--;
    while (at > 0 && /[\d,\s]/.test(text.charAt(at - 1))) at--;
    if (text[at - 1] !== '[') return certain;
    certain = text.slice(0, at - 1).trimEnd().length;
  }
}

function isJson(text: string): boolean {
  const bare = /^```\w*\s*([^]*?)\s*(?:```)?$/.exec(text)?.[1] ?? text;
  if (!/^[{[]/.test(bare)) return false;
  try {
    JSON.parse(bare);
    return true;
  } catch {
    return false;
  }
}
