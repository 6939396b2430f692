/** One request at a time for each host in the whole process, with a pause after each. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../lib/clock.ts';

/** Hosts that are remembered; those that are free are forgotten first. */
const HOSTS_AT_MOST = 500;

export class Politeness {
  readonly #tails = new Map<string, Promise<void>>();
  readonly #freeAt = new Map<string, number>();

  /** Runs `act` when it is this host's turn, and keeps the next one waiting until `pauseMs` after its end. Rejects with the signal's reason. */
  async inTurn<T>(host: string, pauseMs: number, clock: Clock, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(host);
    const { promise, resolve } = Promise.withResolvers<void>();
    const tail = (before ?? Promise.resolve()).then(() => promise);
    this.#tails.set(host, tail);
    try {
      await before;
      const wait = (this.#freeAt.get(host) ?? 0) - clock.steady();
      if (wait > 0) await pause(wait, undefined, { signal });
      signal.throwIfAborted();
      return await act();
    } finally {
      this.#freeAt.set(host, Math.max(this.#freeAt.get(host) ?? 0, clock.steady() + pauseMs));
      resolve();
      if (this.#tails.get(host) === tail) this.#tails.delete(host);
      this.#forget(clock.steady());
    }
  }

  /** The host asks to be left alone for so long. */
  leaveAlone(host: string, ms: number, clock: Clock): void {
    this.#freeAt.set(host, Math.max(this.#freeAt.get(host) ?? 0, clock.steady() + ms));
  }

  #forget(now: number): void {
    if (this.#freeAt.size <= HOSTS_AT_MOST) return;
    for (const [host, freeAt] of this.#freeAt) if (freeAt <= now) this.#freeAt.delete(host);
  }
}
