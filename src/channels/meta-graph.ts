/**
 * What the three channels of Meta share: one call of the Graph API, what its refusals mean, and whether a webhook was
 * really sent by Meta. The token goes in a header, and into an address only where Meta takes it nowhere else;
 * `appsecret_proof` shows that who holds the token also holds the app's secret.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { OutboundError } from '../lib/outbound-error.ts';
import { DeliveryError, type ChannelAccess } from './channel.ts';

/** The settings that every channel of Meta has. */
interface MetaSettings {
  token: string;
  appSecret: string;
}

export type MetaAccess = Pick<ChannelAccess<MetaSettings & Record<string, unknown>>, 'apiRoot' | 'fetch' | 'settings' | 'signal'>;

/** What Graph refused. `description` is Meta's own text: for the log, never for a page. */
export class GraphError extends Error {
  readonly code: number;
  readonly subcode: number | undefined;
  /** Of HTTP. */
  readonly status: number;
  readonly description: string;

  constructor(init: { code: number; subcode?: number | undefined; status: number; description: string }) {
    super(`${init.code}: ${init.description}`);
    this.name = 'GraphError';
    this.code = init.code;
    this.subcode = init.subcode;
    this.status = init.status;
    this.description = init.description;
  }
}

/** What came back is no answer of Graph: a proxy's page, or a shape we don't know. */
export class NotGraph extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`no answer of the Graph API: status ${status}`);
    this.name = 'NotGraph';
    this.status = status;
  }
}

const refusal = z.object({
  error: z.object({
    code: z.number().int(),
    error_subcode: z.number().int().optional(),
    message: z.string().default(''),
    error_data: z.object({ details: z.string().optional() }).optional().catch(undefined),
  }),
});

export interface GraphCall<Result> {
  /** Below the versioned root, without a slash before it. */
  path: string;
  /** The path stands below the host itself. */
  unversioned?: true;
  query?: Record<string, string>;
  /** Makes it a POST of JSON. */
  body?: Record<string, unknown>;
  /** Makes it a POST of a form, with a file. */
  form?: FormData;
  shape: z.ZodType<Result>;
  timeoutMs?: number;
}

/** Calls Graph and reads the answer by its shape. Throws GraphError, NotGraph, OutboundError, or the signal's reason. */
export async function callGraph<Result>(access: MetaAccess, call: GraphCall<Result>): Promise<Result> {
  const { apiRoot, fetch, settings, signal } = access;
  const query = new URLSearchParams({ ...call.query, appsecret_proof: proofOf(settings) });
  const root = call.unversioned ? new URL(apiRoot).origin : apiRoot;
  const response = await fetch(`${root}/${call.path}?${query}`, {
    method: call.body || call.form ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${settings.token}`, ...(call.body ? { 'content-type': 'application/json' } : {}) },
    ...(call.body ? { body: JSON.stringify(call.body) } : call.form ? { body: call.form } : {}),
    signal: AbortSignal.any([signal, AbortSignal.timeout(call.timeoutMs ?? 30_000)]),
  });
  const answer = parsed(await response.text());
  const refused = refusal.safeParse(answer);
  if (refused.success) {
    const { code, error_subcode, message, error_data } = refused.data.error;
    const description = [message, error_data?.details].filter(Boolean).join(' ');
    throw new GraphError({ code, subcode: error_subcode, status: response.status, description });
  }
  const read = call.shape.safeParse(answer);
  if (!response.ok || !read.success) throw new NotGraph(response.status);
  return read.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // which is no answer either
  }
}

function proofOf({ token, appSecret }: MetaSettings): string {
  return createHmac('sha256', appSecret).update(token).digest('hex');
}

const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

/** Whether Meta signed these very bytes with the app's secret. The bytes, since Meta escapes what a JSON writer would not. */
export function isSignedByMeta(header: string | string[] | undefined, raw: Buffer, appSecret: string): boolean {
  const [, hex] = SIGNATURE.exec(typeof header === 'string' ? header : '') ?? [];
  if (hex === undefined) return false;
  return timingSafeEqual(Buffer.from(hex, 'hex'), createHmac('sha256', appSecret).update(raw).digest());
}

/** What a refusal means on one channel; what isn't said holds: not sent, for good. */
export type Meaning = Omit<ConstructorParameters<typeof DeliveryError>[0], 'outcome' | 'permanent' | 'cause'> & {
  permanent?: boolean;
  outcome?: 'unknown';
};

const UNKNOWN = 'Not confirmed by Meta: the connection ended before it answered.';
const BUSY = 'Meta is busy or has a fault of its own. Deskbell tries again by itself.';
const NEW_TOKEN =
  'Meta no longer accepts the access token: it has ended or was taken back. In Meta’s Business settings, under System users, generate a new one and paste it here.';
const NO_RIGHTS =
  'Meta doesn’t let this access token do that. In Meta’s Business settings, give the system user the account with full control, then generate a new token and paste it here.';
const LOCKED = 'Meta has locked this account. Meta’s Business support says why, and what to do.';

/** Codes of the Graph API that mean the same on all of its channels. */
const COMMON: Record<number, Meaning> = {
  0: { account: true, permanent: false, field: 'token', says: NEW_TOKEN },
  1: { outcome: 'unknown', permanent: false, says: UNKNOWN },
  2: { permanent: false, says: BUSY },
  3: { account: true, permanent: false, field: 'token', says: NO_RIGHTS },
  4: { permanent: false, says: BUSY },
  10: { account: true, permanent: false, field: 'token', says: NO_RIGHTS },
  102: { account: true, permanent: false, field: 'token', says: NEW_TOKEN },
  190: { account: true, permanent: false, field: 'token', says: NEW_TOKEN },
  368: { account: true, permanent: false, says: LOCKED },
  613: { permanent: false, says: BUSY },
};

/** A failed call in the words of the contract. `meanings` are the channel's own, by Meta's code. */
export function metaFailure(error: unknown, meanings: Record<number, Meaning>): DeliveryError {
  if (error instanceof DeliveryError) return error;
  if (error instanceof GraphError) return refused(error, meanings[error.code] ?? commonMeaning(error));
  if (error instanceof OutboundError) {
    const outcome = error.maybeSent ? 'unknown' : 'not-sent';
    return new DeliveryError({ outcome, permanent: false, says: outcome === 'unknown' ? UNKNOWN : error.says, cause: error });
  }
  // A page of some proxy: with 4xx it let nothing through.
  if (error instanceof NotGraph && error.status >= 400 && error.status < 500) {
    return new DeliveryError({
      outcome: 'not-sent',
      permanent: false,
      says: 'Something between this server and Meta refuses the connection: a proxy or a firewall. Ask who runs it.',
      cause: error,
    });
  }
  return new DeliveryError({ outcome: 'unknown', permanent: false, says: UNKNOWN, cause: error });
}

function refused(cause: GraphError, meaning: Meaning): DeliveryError {
  return new DeliveryError({ outcome: 'not-sent', permanent: true, ...meaning, cause });
}

function commonMeaning({ code, status, description }: GraphError): Meaning {
  if (/appsecret_proof/i.test(description))
    return {
      account: true,
      permanent: false,
      field: 'appSecret',
      says: 'This app secret doesn’t belong to the app of the access token. Copy it again from Meta’s App settings, Basic.',
    };
  if (code >= 200 && code < 300) return { account: true, permanent: false, field: 'token', says: NO_RIGHTS };
  const common = COMMON[code];
  if (common) return common;
  // A fault of Meta's own may come after the message went out; what is refused for a reason has a code of its own.
  if (status >= 500) return { outcome: 'unknown', permanent: false, says: UNKNOWN };
  return { says: `Meta refused this and will refuse it again (${code}). The log has its reason.` };
}

/** Throws what a call before its first byte meets: the server is stopping. */
export function checkNotStopping(signal: AbortSignal): void {
  if (signal.aborted)
    throw new DeliveryError({
      outcome: 'not-sent',
      permanent: false,
      says: 'The server was stopping. It is sent after the start.',
      cause: signal.reason,
    });
}
