/** Expected failures of a request. Apart from `errors.ts`, which renders them: what rendering needs may throw them too. */
interface More {
  /** The form field it concerns. */
  field?: string;
  /** Seconds after which trying again makes sense; becomes Retry-After. */
  retryAfter?: number;
  /** What really happened, for the log alone. */
  cause?: unknown;
}

/**
 * An expected failure of a request: what the person is told (`says`: the cause, then the way out) and the HTTP status.
 * Everything else that is thrown becomes a 500 that tells nothing but a reference into the log.
 */
export class Problem extends Error {
  readonly status: number;
  readonly says: string;
  readonly field: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(status: number, says: string, more: More = {}) {
    super(says, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'Problem';
    this.status = status;
    this.says = says;
    this.field = more.field;
    this.retryAfter = more.retryAfter;
  }
}

/** The same words for "it isn't there" and "it isn't yours": whoever asks can't tell them apart. */
export function nothingHere(): Problem {
  return new Problem(404, 'This page doesn’t exist, or it isn’t yours to see. Check the address, or start from the beginning.');
}
