import { withoutCitations } from '../lib/citations.ts';
import { CALL_PERSON, NO_ANSWER } from './compose.ts';

const SIGNS = [NO_ANSWER, CALL_PERSON];
/** The end of what has come, where a citation may still be coming: "[", "[1", "[1, 2", and the blank before it. */
const MAYBE_CITATION = /[ \t\u00A0]*(?:\[[\d, ]{0,12})?$/;

export type Meaning = 'answer' | 'no answer' | 'call person' | 'not for people' | 'empty';

/**
 * An answer as it comes in, and how much of it a customer may see so far. Held back: signs that are for us, what looks
 * like JSON until it is known not to be, and citations, which the team sees and the customer doesn't.
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
    const sign = this.#held.indexOf('[[');
    if (sign !== -1) {
      this.#state = 'closed';
      return this.#show(this.#held.slice(0, sign), this.#held.slice(sign));
    }
    const text = this.#held.includes('[') ? withoutCitations(this.#held) : this.#held;
    const end = MAYBE_CITATION.exec(text)?.index ?? text.length;
    return this.#show(text.slice(0, end), text.slice(end));
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
    if (text === '') return 'empty';
    if (text.includes(NO_ANSWER)) return 'no answer';
    if (text.includes(CALL_PERSON)) return 'call person';
    return isJson(text) ? 'not for people' : 'answer';
  }

  /** What is left to show at the end of an answer. */
  finish(): string {
    return this.#show(withoutCitations(this.#held).trimEnd(), '');
  }

  #readHead(): void {
    const text = this.#held.trimStart();
    if (text === '' || SIGNS.some((sign) => sign.startsWith(text))) return;
    this.#held = text;
    this.#state = /^(?:[{<`]|\[\s*[{"[])/.test(text) ? 'closed' : 'open';
  }

  #show(now: string, later: string): string {
    this.#held = later;
    this.#shown += now;
    return now;
  }
}

function isJson(text: string): boolean {
  const bare = text.replace(/^```(?:json)?\s*|\s*```$/g, '');
  if (!/^[{[]/.test(bare)) return false;
  try {
    JSON.parse(bare);
    return true;
  } catch {
    return false;
  }
}
