/**
 * Models on one's own machine write their reasoning into the answer, between <think> tags at its start. A customer never
 * sees it: this holds it back while the answer streams.
 */
const TAGS = ['<think>', '<thinking>'];

export class ThinkingFilter {
  #state: 'start' | 'thinking' | 'gap' | 'answer' = 'start';
  #held = '';
  #closing = '';

  /** What of the next piece belongs to the answer. */
  pass(piece: string): string {
    this.#held += piece;
    if (this.#state === 'start') this.#findOpening();
    if (this.#state === 'thinking') this.#findClosing();
    if (this.#state === 'gap') this.#findText();
    return this.#state === 'answer' ? this.#take() : '';
  }

  /** At the end: what was held back because it could have become a tag. */
  rest(): string {
    return this.#state === 'start' ? this.#take() : '';
  }

  #findOpening(): void {
    const begin = this.#held.trimStart();
    const tag = TAGS.find((each) => begin.startsWith(each));
    if (tag !== undefined) {
      this.#state = 'thinking';
      this.#closing = tag.replace('<', '</');
    } else if (!TAGS.some((each) => each.startsWith(begin))) {
      this.#state = 'answer';
    }
  }

  #findClosing(): void {
    const end = this.#held.indexOf(this.#closing);
    if (end === -1) return;
    this.#held = this.#held.slice(end + this.#closing.length);
    this.#state = 'gap';
  }

  /** The blank lines after the reasoning go too. */
  #findText(): void {
    this.#held = this.#held.trimStart();
    if (this.#held !== '') this.#state = 'answer';
  }

  #take(): string {
    const text = this.#held;
    this.#held = '';
    return text;
  }
}
