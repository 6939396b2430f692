import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { Problem } from './problem.ts';
import type { Session } from './sessions.ts';

export const CSRF_FIELD = 'csrf';
export const CSRF_HEADER = 'X-CSRF-Token';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The token of a session's forms. Derived, not stored: it changes whenever the session's token does. */
export function csrfToken(session: Session): string {
  return createHmac('sha256', session.token).update('deskbell form').digest('base64url');
}

export function isUnsafe(req: Request): boolean {
  return !SAFE.has(req.method);
}

/**
 * Where a request came from, by what browsers say of themselves. `unsaid` is a program, or an old browser: it carries no
 * cookie that another site could have borrowed, or it must know the token.
 */
function origin(req: Request, baseUrl: string): 'own' | 'foreign' | 'unsaid' {
  const site = req.get('Sec-Fetch-Site');
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'own' : 'foreign';
  const from = req.get('Origin');
  if (from === undefined) return 'unsaid';
  if (!URL.canParse(from)) return 'foreign';
  const { host, origin } = new URL(from);
  return host === req.get('Host') || origin === new URL(baseUrl).origin ? 'own' : 'foreign';
}

function tokenMatches(req: Request, session: Session): boolean {
  const given: unknown = req.get(CSRF_HEADER) ?? (req.body as Record<string, unknown> | undefined)?.[CSRF_FIELD];
  if (typeof given !== 'string') return false;
  const a = Buffer.from(given);
  const b = Buffer.from(csrfToken(session));
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Refuses a post that a page of somebody else's could have sent. Runs before a body is read. */
export function checkOrigin(req: Request, baseUrl: string): void {
  if (isUnsafe(req) && origin(req, baseUrl) === 'foreign') {
    throw new Problem(403, 'This came from another site, so nothing was changed. Open the page here and try again.');
  }
}

/**
 * Refuses a post that doesn't know its session's token. A file form without JavaScript streams past this check, since
 * its fields aren't read yet: it must prove its origin by the browser's own word instead.
 */
export function checkToken(req: Request, session: Session, baseUrl: string): void {
  if (!isUnsafe(req) || tokenMatches(req, session)) return;
  if (req.is('multipart/form-data') && origin(req, baseUrl) === 'own') return;
  throw new Problem(403, 'This page was open too long, or you signed in again meanwhile. Nothing was changed: reload it and try again.');
}
