/** How a channel says what went wrong: it classifies, the core decides. A part of the contract in channel.ts. */

/**
 * A failed send. `outcome: 'not-sent'` is certain; `'unknown'` means it may have arrived: the core marks it uncertain
 * and never repeats it. `says` is for people, in plain words with what to do.
 */
export class DeliveryError extends Error {
  readonly outcome: 'not-sent' | 'unknown';
  readonly permanent: boolean;
  /** ms to wait, where the far side said so. */
  readonly retryAfter?: number;
  readonly says: string;
  /** The whole account is ill (token revoked): nothing else goes out until it is mended. */
  readonly account: boolean;
  /** There was no line to send by: it wasn't tried, and no attempt is counted. */
  readonly untried: boolean;
  /** Nothing can be said in this thread until who is there lets the account in again. */
  readonly shutOut: boolean;
  /** The setting that it is about, where that is known. */
  readonly field?: string;

  constructor(init: {
    outcome: 'not-sent' | 'unknown';
    permanent: boolean;
    says: string;
    retryAfter?: number;
    account?: boolean;
    untried?: boolean;
    shutOut?: boolean;
    field?: string;
    cause?: unknown;
  }) {
    super(init.says, { cause: init.cause });
    this.name = 'DeliveryError';
    this.outcome = init.outcome;
    this.permanent = init.permanent;
    this.says = init.says;
    this.account = init.account ?? false;
    this.untried = init.untried ?? false;
    this.shutOut = init.shutOut ?? false;
    if (init.field !== undefined) this.field = init.field;
    if (init.retryAfter !== undefined) this.retryAfter = init.retryAfter;
  }
}

/**
 * A customer's file that didn't come. 'gone' and 'too-large' are for good; 'later' passes by itself; 'account' means that
 * the whole account is ill (token revoked). `says` is for people.
 */
export class AttachmentError extends Error {
  readonly kind: 'gone' | 'too-large' | 'later' | 'account';
  readonly says: string;
  /** ms to wait, where the far side said so. */
  readonly retryAfter?: number;

  constructor(init: { kind: AttachmentError['kind']; says: string; retryAfter?: number; cause?: unknown }) {
    super(init.says, { cause: init.cause });
    this.name = 'AttachmentError';
    this.kind = init.kind;
    this.says = init.says;
    if (init.retryAfter !== undefined) this.retryAfter = init.retryAfter;
  }
}

/** Why a channel that pulls can't go on. `says` is for people. A `fatal` one stops until a person mends it; others back off. */
export class ListenError extends Error {
  readonly fatal: boolean;
  /** ms to wait, where the far side said so. */
  readonly retryAfter?: number;
  readonly says: string;

  constructor(init: { fatal: boolean; says: string; retryAfter?: number; cause?: unknown }) {
    super(init.says, { cause: init.cause });
    this.name = 'ListenError';
    this.fatal = init.fatal;
    this.says = init.says;
    if (init.retryAfter !== undefined) this.retryAfter = init.retryAfter;
  }
}
