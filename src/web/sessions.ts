import type { Request, Response } from 'express';
import { randomToken, tokenHash } from '../lib/ids.ts';
import type { Installation } from '../installation.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const IDLE_MS = 12 * HOUR;
export const LONGEST_MS = 30 * 24 * HOUR;
export const STEP_UP_MS = 10 * MINUTE;
const SEEN_EVERY_MS = MINUTE;
const LONGEST_USER_AGENT = 300;

export interface Session {
  id: number;
  /** The token itself lives in the cookie alone; CSRF tokens are derived from it. */
  token: string;
  userId: number;
  createdAt: number;
  steppedUpAt: number | null;
}

export interface User {
  id: number;
  email: string;
  firstName: string;
  lastName: string;
  isOperator: boolean;
  theme: string;
}

/**
 * `__Host-` needs https: Chromium drops such a cookie on http://192.168.… and nobody could sign in. So the name follows
 * BASE_URL's scheme; with https the plain name is never read.
 */
export function cookieName(installation: Installation): string {
  return overTls(installation) ? '__Host-deskbell' : 'deskbell';
}

function overTls(installation: Installation): boolean {
  return installation.settings.baseUrl.startsWith('https://');
}

function readCookie(req: Request, name: string): string | undefined {
  for (const pair of (req.get('Cookie') ?? '').split(';')) {
    const [key, value] = pair.split('=', 2);
    if (key?.trim() === name && value) return value.trim();
  }
  return undefined;
}

function writeCookie(installation: Installation, res: Response, token: string): void {
  res.cookie(cookieName(installation), token, {
    httpOnly: true,
    sameSite: 'lax',
    secure: overTls(installation),
    path: '/',
    maxAge: LONGEST_MS,
  });
}

function clearCookie(installation: Installation, res: Response): void {
  res.clearCookie(cookieName(installation), { httpOnly: true, sameSite: 'lax', secure: overTls(installation), path: '/' });
}

/** `(SELECT ?)`, not `?`: SQLite's STAT4 prepares a join anew whenever a parameter is bound, which costs 15 µs instead of 2. */
const KNOWN = `
  SELECT s.id, s.user_id AS userId, s.created_at AS createdAt, s.stepped_up_at AS steppedUpAt, s.last_seen_at AS lastSeenAt,
    s.expires_at AS expiresAt, u.email, u.first_name AS firstName, u.last_name AS lastName, u.is_operator AS isOperator, u.theme
  FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = (SELECT ?)`;

type Known = Omit<Session, 'token'> & Omit<User, 'id' | 'isOperator'> & { lastSeenAt: number; expiresAt: number; isOperator: number };

/** The session and user of a request's cookie, or undefined: none, unknown, idle for 12 hours, or 30 days old. */
export function sessionOf(installation: Installation, req: Request): { session: Session; user: User } | undefined {
  const token = readCookie(req, cookieName(installation));
  if (token === undefined) return undefined;
  const { control, clock } = installation;
  const found = control.prepare(KNOWN).get(tokenHash(token)) as Known | undefined;
  if (!found) return undefined;
  const now = clock.now();
  const { id, userId, createdAt, steppedUpAt, lastSeenAt, expiresAt } = found;
  if (expiresAt <= now || lastSeenAt + IDLE_MS <= now) return undefined;
  if (now - lastSeenAt >= SEEN_EVERY_MS) {
    control.write(() => control.prepare('UPDATE sessions SET last_seen_at = ? WHERE id = ?').run(now, id));
  }
  const { email, firstName, lastName, theme } = found;
  return {
    session: { id, token, userId, createdAt, steppedUpAt },
    user: { id: userId, email, firstName, lastName, isOperator: found.isOperator === 1, theme },
  };
}

/** Whether a session that was found before still holds: for streams, which outlive the look at the door. */
export function sessionHolds(installation: Installation, sessionId: number): boolean {
  const row = installation.control
    .prepare('SELECT 1 FROM sessions WHERE id = ? AND expires_at > ?')
    .get(sessionId, installation.clock.now());
  return row !== undefined;
}

const BEGIN = `
  INSERT INTO sessions (token_hash, user_id, created_at, last_seen_at, expires_at, stepped_up_at, ip, user_agent)
  VALUES (@tokenHash, @userId, @now, @now, @expiresAt, @now, @ip, @userAgent)`;

/**
 * Signs a user in: a fresh token, whatever cookie came with the request (a planted one must not become a session), and
 * the end of the session it may have named. The password was just given, so it counts as asked.
 */
export function startSession(installation: Installation, req: Request, res: Response, userId: number): void {
  const { control, clock } = installation;
  const before = readCookie(req, cookieName(installation));
  const token = randomToken();
  const now = clock.now();
  control.durable(() => {
    if (before !== undefined) control.prepare('DELETE FROM sessions WHERE token_hash = ?').run(tokenHash(before));
    control.prepare(BEGIN).run({
      tokenHash: tokenHash(token),
      userId,
      now,
      expiresAt: now + LONGEST_MS,
      ip: req.ip ?? null,
      userAgent: req.get('User-Agent')?.slice(0, LONGEST_USER_AGENT) ?? null,
    });
  });
  writeCookie(installation, res, token);
}

/** The password was asked again: the session may do dangerous things for ten minutes, under a new token, which is returned. */
export function stepUp(installation: Installation, res: Response, session: Session): string {
  const { control, clock } = installation;
  const token = randomToken();
  control.durable(() => {
    control.prepare('UPDATE sessions SET token_hash = ?, stepped_up_at = ? WHERE id = ?').run(tokenHash(token), clock.now(), session.id);
  });
  writeCookie(installation, res, token);
  return token;
}

export function steppedUp(installation: Installation, session: Session): boolean {
  return session.steppedUpAt !== null && installation.clock.now() - session.steppedUpAt < STEP_UP_MS;
}

/** Signs out here: the row goes, so a copied cookie opens nothing. */
export function endSession(installation: Installation, res: Response, session: Session): void {
  revokeSession(installation, session.userId, session.id);
  clearCookie(installation, res);
}

/** Ends one of a user's sessions; false when it isn't theirs or has ended already. */
export function revokeSession(installation: Installation, userId: number, sessionId: number): boolean {
  const { control } = installation;
  return control.durable(() => control.prepare('DELETE FROM sessions WHERE id = ? AND user_id = ?').run(sessionId, userId).changes > 0);
}

/** Ends all sessions of a user but one; returns how many. */
export function revokeOtherSessions(installation: Installation, userId: number, keep: number): number {
  const { control } = installation;
  return control.durable(() => control.prepare('DELETE FROM sessions WHERE user_id = ? AND id <> ?').run(userId, keep).changes);
}

export interface ListedSession {
  id: number;
  createdAt: number;
  lastSeenAt: number;
  ip: string | null;
  userAgent: string | null;
}

const OPEN = `
  SELECT id, created_at AS createdAt, last_seen_at AS lastSeenAt, ip, user_agent AS userAgent
  FROM sessions WHERE user_id = ? AND expires_at > ? AND last_seen_at > ? ORDER BY last_seen_at DESC, id DESC`;

/** A user's open sessions, the latest first. */
export function openSessions(installation: Installation, userId: number): ListedSession[] {
  const now = installation.clock.now();
  return installation.control.prepare(OPEN).all(userId, now, now - IDLE_MS) as ListedSession[];
}

/** Removes what no cookie can open any more. For the daily schedule. */
export function sweepSessions(installation: Installation): number {
  const { control, clock } = installation;
  const now = clock.now();
  return control.write(
    () => control.prepare('DELETE FROM sessions WHERE expires_at <= ? OR last_seen_at <= ?').run(now, now - IDLE_MS).changes,
  );
}
