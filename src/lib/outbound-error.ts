/** What goes wrong on the way out, in words for people. */

export type OutboundErrorKind = 'blocked' | 'unreachable' | 'too-large' | 'timeout';

/** `says` is for people: what happened and what to do; it names hosts, never paths (some hold a token). */
export class OutboundError extends Error {
  readonly kind: OutboundErrorKind;
  readonly says: string;
  /** False when it is certain that nothing left this machine: no address, no connection, a refused certificate. */
  readonly maybeSent: boolean;

  constructor(kind: OutboundErrorKind, says: string, options: { maybeSent?: boolean; cause?: unknown } = {}) {
    super(`${kind}: ${says}`, { cause: options.cause });
    this.name = 'OutboundError';
    this.kind = kind;
    this.says = says;
    this.maybeSent = options.maybeSent ?? false;
  }
}

/** Over plain http nothing goes to the internet. */
export function needsHttps(host: string): OutboundError {
  return new OutboundError(
    'blocked',
    `${host} has to be reached by https://. Plain http is for private addresses only, where the operator allows them.`,
  );
}

export function blocked(host: string): OutboundError {
  return new OutboundError(
    'blocked',
    `${host} leads to a private or reserved address. The operator of this server can allow private addresses.`,
  );
}

/** A connection was asked for another place than the one that was configured. */
export function elsewhere(origin: string, target: string): OutboundError {
  return new OutboundError('blocked', `This connection is for ${host(origin)} alone, not for ${target}.`);
}

/** An origin's host, for sentences. */
export const host = (origin: string) => new URL(origin).host;

/** Failures of a connection that was never made. */
const NOT_CONNECTED = /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;
const CERTIFICATE = /CERT|SELF_SIGNED|SIGNATURE|ALTNAME|SSL|TLS/;

/** What went wrong, in the words of the four kinds; an abort stays what it is. */
export function failure(cause: unknown, origin: string): unknown {
  if (cause instanceof OutboundError || !(cause instanceof TypeError)) return cause;
  return connectionFailure(cause.cause, origin);
}

/** A connection that failed. Where nobody knows whether it had been made, Node's code for the failure tells. */
export function connectionFailure(cause: unknown, origin: string, known: { maybeSent?: boolean } = {}): OutboundError {
  if (cause instanceof OutboundError) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const maybeSent = known.maybeSent ?? (!NOT_CONNECTED.test(code) && !CERTIFICATE.test(code));
  if (/TIMEOUT|ETIMEDOUT/.test(code))
    return new OutboundError('timeout', `${host(origin)} didn't answer in time. Try again later.`, { maybeSent, cause });
  return new OutboundError('unreachable', unreachable(code, host(origin)), { maybeSent, cause });
}

function unreachable(code: string, name: string): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `${name} was not found. Check the address and this server's connection to the internet.`;
  if (code === 'ECONNREFUSED') return `Nothing answers at ${name}. Check the address, and that the service is running.`;
  if (CERTIFICATE.test(code)) return `The certificate of ${name} could not be verified (${code}). Nothing was sent.`;
  return `The connection to ${name} failed${code ? ` (${code})` : ''}. Try again later.`;
}
