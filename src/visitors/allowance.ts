import type { Clock } from '../lib/clock.ts';

const WINDOW_MS = 60_000;
const KEYS_AT_MOST = 100_000;

/**
 * At most `perMinute` of something by one key in each minute of the clock. One map, emptied each minute: a limiter with
 * a timer for each key costs more than storing the message does.
 */
export class Allowance {
  readonly #perMinute: number;
  readonly #clock: Clock;
  readonly #taken = new Map<string, number>();
  #window = 0;

  constructor(perMinute: number, clock: Clock) {
    this.#perMinute = perMinute;
    this.#clock = clock;
  }

  /** Takes one, or as many as are given. 0 when they were free, else the seconds until there is more. */
  take(key: string, amount = 1): number {
    const now = this.#clock.steady();
    const window = Math.floor(now / WINDOW_MS);
    if (window !== this.#window || this.#taken.size > KEYS_AT_MOST) this.#taken.clear();
    this.#window = window;
    const taken = (this.#taken.get(key) ?? 0) + amount;
    this.#taken.set(key, taken);
    return taken > this.#perMinute ? Math.ceil(((window + 1) * WINDOW_MS - now) / 1000) : 0;
  }
}
