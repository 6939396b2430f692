import type { Masker } from './masker.ts';

/** Puts back what was taken out while an answer comes in, however it is cut into pieces. Only what may yet become a sign waits. */
export class RestoringStream {
  readonly #masker: Masker;
  #held = '';

  constructor(masker: Masker) {
    this.#masker = masker;
  }

  /** Takes more; returns what can be told now, '' when nothing. */
  push(delta: string): string {
    if (!this.#masker.any) return delta;
    const text = this.#held + delta;
    const open = text.lastIndexOf('[');
    const waits = open !== -1 && this.#masker.mayBecomeSign(text.slice(open));
    // A whole sign may wait once more for its next letter; that is let go at once.
    const end = waits && !text.endsWith(']') ? open : text.length;
    this.#held = text.slice(end);
    return this.#masker.restore(text.slice(0, end));
  }

  /** What waited and became nothing. */
  finish(): string {
    const rest = this.#held;
    this.#held = '';
    return this.#masker.restore(rest);
  }
}
