/**
 * Who is signed in on the business's own website, as its server signs it: a JSON Web Token (RFC 7519) by HMAC-SHA256. No
 * library: the one algorithm that is taken is the only one that is here, so no header can choose another.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { identitySecretOf } from '../channels/index.ts';
import type { Workspace } from '../workspace.ts';

/** A token that is good for longer would have to be remembered for longer after a sign-out. */
const LASTS_AT_MOST_MS = 30 * 24 * 3600_000;

const head = z.object({ alg: z.literal('HS256') });

const said = (atMost: number) =>
  z
    .string()
    .trim()
    .max(atMost)
    .nullish()
    .transform((text) => (text ? text : undefined));

const payload = z.object({
  /** The user's id there. It is never anybody else's. */
  sub: z.union([z.string().trim().min(1).max(200), z.number().int().transform(String)]),
  name: said(200),
  email: said(254),
  /** Seconds, UTC. */
  exp: z.number(),
});

export interface SignedIn {
  subject: string;
  name: string | undefined;
  email: string | undefined;
  /** UTC ms. */
  until: number;
}

/** Reads a token of this channel; null for one that is forged, foreign, expired, or not a token. */
export function readIdentity(ws: Workspace, channelId: number, token: string): SignedIn | null {
  const [header = '', body = '', signature = '', ...more] = token.split('.');
  const secret = identitySecretOf(ws, channelId);
  if (!secret || more.length > 0) return null;
  const expected = createHmac('sha256', secret.reveal()).update(`${header}.${body}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const read = payload.safeParse(parsed(body));
  if (!read.success || !head.safeParse(parsed(header)).success) return null;
  const { sub, name, email, exp } = read.data;
  const until = exp * 1000;
  const left = until - ws.clock.now();
  return left > 0 && left <= LASTS_AT_MOST_MS ? { subject: sub, name, email, until } : null;
}

function parsed(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined; // no JSON: the schema refuses it
  }
}
