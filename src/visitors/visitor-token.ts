import { hash, timingSafeEqual } from 'node:crypto';
import { keyedHash } from '../vault/seal.ts';
import type { Workspace } from '../workspace.ts';
import { readIdentity, type SignedIn } from './identity-token.ts';
import { isSignedOut } from './sign-out.ts';

/** A token is good for this long after the first message; then the next one begins a new conversation. */
const LASTS_MS = 180 * 24 * 3600_000;
const FORM = 'v1';

export interface Visitor {
  /** The identity's external id: random-looking, or `user:` and the id that the business's own server signed. */
  id: string;
  channelId: number;
  /** Who is signed in on the website. */
  signedIn?: SignedIn & { token: string };
}

function mac(ws: Workspace, ...parts: string[]): Buffer {
  return keyedHash(ws.key('visitors'), ...parts);
}

/**
 * The visitor that a first message makes. It follows from the page's own random `clientId`, so that the same post sent
 * twice, because its answer was lost, is one visitor and one conversation, though nothing was stored in between. Nobody
 * can work it out without the workspace's key.
 */
export function newVisitor(ws: Workspace, channelId: number, clientId: string): Visitor {
  return { id: mac(ws, 'visitor', String(channelId), clientId).subarray(0, 16).toString('base64url'), channelId };
}

/** How a post is known in the store. Not the `clientId` itself: who reads the store could make a first post's token with it. */
export function postId(clientId: string): string {
  return hash('sha256', clientId, 'base64url').slice(0, 22);
}

/** What the page keeps: visitor, channel, time, signed with the workspace's key. It is stored nowhere here. */
export function signToken(ws: Workspace, visitor: Visitor): string {
  const body = `${FORM}.${visitor.id}.${visitor.channelId}.${ws.clock.now().toString(36)}`;
  return `${body}.${mac(ws, 'token', body).toString('base64url')}`;
}

/** The visitor of a token of this channel, ours or the business's own; null for a forged, foreign, expired or signed-out one. */
export function readToken(ws: Workspace, channelId: number, token: string): Visitor | null {
  if (isOurs(token)) return readOwn(ws, channelId, token);
  const signedIn = readIdentity(ws, channelId, token);
  if (!signedIn || isSignedOut(ws, token)) return null;
  return { id: `user:${signedIn.subject}`, channelId, signedIn: { ...signedIn, token } };
}

/** Whether it looks like one that we made, and not the business. */
export function isOurs(token: string): boolean {
  return token.startsWith(`${FORM}.`);
}

function readOwn(ws: Workspace, channelId: number, token: string): Visitor | null {
  const at = token.lastIndexOf('.');
  const body = token.slice(0, at);
  const expected = mac(ws, 'token', body);
  const given = Buffer.from(token.slice(at + 1), 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const [form, id, channel, signedAt] = body.split('.');
  if (form !== FORM || !id || Number(channel) !== channelId) return null;
  if (ws.clock.now() - Number.parseInt(signedAt ?? '', 36) > LASTS_MS) return null;
  return { id, channelId };
}
