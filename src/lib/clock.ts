/** Time comes from here alone, so that a test can move it. */
export interface Clock {
  /** UTC milliseconds. */
  now(): number;
  /** Milliseconds that never jump; for timeouts and measured times. */
  steady(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
};
