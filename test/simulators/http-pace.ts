import type http from 'node:http';

interface Playing {
  response: http.ServerResponse;
  frames: string[];
  at: number;
  dueAt: number;
  then: () => void;
}

/** Plays streams at their pace with one timer for all: a timer for each would cost more than the writing. */
export class Pace {
  readonly #firstTokenMs: number;
  readonly #tokenMs: number;
  #playing: Playing[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(firstTokenMs: number, tokenMs: number) {
    this.#firstTokenMs = firstTokenMs;
    this.#tokenMs = tokenMs;
  }

  play(response: http.ServerResponse, frames: string[], then: () => void): void {
    // A cut must not overtake what was written before it.
    if (this.#firstTokenMs === 0 && this.#tokenMs === 0) return void response.write(frames.join(''), () => setImmediate(then));
    response.flushHeaders();
    this.#playing.push({ response, frames, at: 0, dueAt: performance.now() + this.#firstTokenMs, then });
    this.#timer ??= setInterval(() => this.#tick(), 1);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#playing = [];
  }

  #tick(): void {
    const now = performance.now();
    this.#playing = this.#playing.filter((one) => this.#goOn(one, now));
    if (this.#playing.length === 0) this.stop();
  }

  /** What is due is written; false when there is no more. The first token comes with the frame that begins, the end with the last. */
  #goOn(one: Playing, now: number): boolean {
    let due = '';
    while (one.at < one.frames.length && one.dueAt <= now) {
      due += one.frames[one.at++];
      if (one.at > 1 && one.at < one.frames.length - 2) one.dueAt += this.#tokenMs;
    }
    const over = one.at >= one.frames.length || one.response.destroyed;
    if (due !== '') one.response.write(due, over ? () => setImmediate(one.then) : undefined);
    return !over;
  }
}
