/** What a failed call means, in the contract's kinds and in words for the owner. Shared by the protocols. */
import { OutboundError } from '../../lib/outbound.ts';
import { ProviderError } from '../provider.ts';

/** Whom a call went to, for the sentences. */
export interface FarSide {
  /** "OpenAI", or the host of a compatible one. */
  name: string;
  model?: string;
  signal: AbortSignal;
}

/** What an SDK's error, or an error in the stream, tells. */
export interface Refusal {
  status: number;
  /** The error's body, as JSON text. */
  body: string;
  message: string;
  headers?: Headers;
  cause?: unknown;
}

const LONGEST_QUOTE = 300;

/** A ProviderError for what a call threw; the signal's own reason when it was aborted; anything unknown as it is. */
export function failureOf(cause: unknown, far: FarSide): unknown {
  if (far.signal.aborted) return far.signal.reason;
  if (cause instanceof ProviderError) return cause;
  const outbound = outboundError(cause);
  if (outbound) return unreachable(outbound, far);
  const refusal = refusalOf(cause);
  if (refusal) return refusedBy(refusal, far);
  if (cause instanceof Error && cause.constructor.name === 'APIConnectionTimeoutError') return silent(far, cause);
  return cause;
}

/** The SDKs' error for a status, read by its shape: both have one, and neither is loaded here. Null for anything else. */
export function refusalOf(cause: unknown): Refusal | null {
  if (!(cause instanceof Error) || !('status' in cause) || typeof cause.status !== 'number') return null;
  const error = 'error' in cause ? cause.error : undefined;
  const headers = 'headers' in cause && cause.headers instanceof Headers ? { headers: cause.headers } : {};
  return {
    status: cause.status,
    body: JSON.stringify(error ?? cause.message),
    message: messageIn(error) ?? cause.message,
    ...headers,
    cause,
  };
}

/** The first sentence in an error's body: hosts put it in `message`, `error`, `detail` or `msg`, in objects and lists. */
export function messageIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return messageIn(value[0]);
  if (typeof value !== 'object' || value === null) return undefined;
  const { message, error, detail, msg }: { message?: unknown; error?: unknown; detail?: unknown; msg?: unknown } = value;
  return messageIn(message) ?? messageIn(error) ?? messageIn(detail) ?? messageIn(msg);
}

function outboundError(cause: unknown): OutboundError | null {
  for (let at = cause; at instanceof Error; at = at.cause) if (at instanceof OutboundError) return at;
  return null;
}

function unreachable(cause: OutboundError, far: FarSide): ProviderError {
  if (cause.kind === 'timeout') return silent(far, cause);
  return new ProviderError(cause.kind === 'too-large' ? 'broken' : 'unreachable', cause.says, { cause });
}

function silent({ name }: FarSide, cause: unknown): ProviderError {
  return new ProviderError('silent', `${name} didn’t answer in time. Try again later, or choose another model.`, { cause });
}

const NO_CREDIT =
  /insufficient_quota|insufficient_funds|insufficient[ _]balance|credit balance|billing_(error|hard_limit|not_active)|(credit|spend|spending)_limit|out of credits?|no credits?\b/i;
const NO_MODEL =
  /model_not_found|model_not_available|unknown_model|no such model|model[^"]{0,80}(not found|does not exist|doesn't exist|not exist|decommissioned|not supported|no longer)/i;
const NO_KEY = /invalid_api_key|api[ _-]?key (is )?(not valid|invalid|expired)|API_KEY_INVALID|authentication_error/i;

/** What a status and a body mean. The body is asked before the status where hosts disagree about statuses. */
export function refusedBy(refusal: Refusal, far: FarSide): ProviderError {
  const { status, body, cause } = refusal;
  const wait = retryAfter(refusal.headers);
  const options = { cause, ...(wait === undefined ? {} : { retryAfter: wait }) };
  if (status === 402 || ((status < 500 || status === 529) && NO_CREDIT.test(body)))
    return new ProviderError('no-credit', noCredit(far), { cause });
  if (status === 401 || (status === 400 && NO_KEY.test(body)))
    return new ProviderError('wrong-key', `${far.name} doesn’t know this key. Copy it again from your account there, or make a new one.`, {
      cause,
    });
  if (status === 404 || ((status === 400 || status === 403) && NO_MODEL.test(body)))
    return new ProviderError('no-model', noModel(far), { cause });
  if (status === 403)
    return new ProviderError('wrong-key', `${far.name} doesn’t allow this key to do that. Check its permissions in your account there.`, {
      cause,
    });
  if (status === 429)
    return new ProviderError('rate', `${far.name} takes no more requests for the moment. Your account's limits are set there.`, options);
  if (status >= 500 || status === 408 || status === 409)
    return new ProviderError(
      'overloaded',
      `${far.name} is overloaded or down (${status}). Try again later, or choose another model.`,
      options,
    );
  const said = refusal.message.slice(0, LONGEST_QUOTE).replace(/[^.!?…]$/, '$&.');
  return new ProviderError('refused', `${far.name} refused the request: ${said}`, { cause });
}

function noCredit({ name }: FarSide): string {
  return `Your account at ${name} has no credit left, or has reached its limit. Add credit there; nothing has to be changed here.`;
}

function noModel({ name, model }: FarSide): string {
  if (model === undefined) return `${name} has no list of models at this address. Check the base URL.`;
  return `${name} has no model “${model}” for this key. Choose another one.`;
}

/** ms, from `retry-after-ms`, or from `retry-after` in seconds or as a date, which is read against the response's own. */
function retryAfter(headers: Headers | undefined): number | undefined {
  const ms = Number(headers?.get('retry-after-ms') ?? NaN);
  if (ms >= 0) return ms;
  const value = headers?.get('retry-after') ?? null;
  if (value === null) return undefined;
  const seconds = Number(value);
  if (seconds >= 0) return seconds * 1000;
  const wait = Date.parse(value) - Date.parse(headers?.get('date') ?? '');
  return wait >= 0 ? wait : undefined;
}
