import type { Clock } from '../../src/lib/clock.ts';

/** A clock that stands still until it is moved. `steady` really runs, since timeouts are real. */
export class TestClock implements Clock {
  #now: number;

  constructor(now: number = Date.UTC(2026, 10, 24, 9, 0, 0)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  steady(): number {
    return performance.now();
  }

  move(ms: number): void {
    this.#now += ms;
  }
}
