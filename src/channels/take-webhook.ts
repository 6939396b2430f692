/** What a far side posts to a channel's address: proved, read, led to the channel it is for, stored. */
import { timingSafeEqual } from 'node:crypto';
import type { Installation } from '../installation.ts';
import type { Workspace } from '../workspace.ts';
import { channelAccess, type OpenedChannel } from './access.ts';
import type { ChannelEvent } from './channel.ts';
import { keptText } from '../lib/kept-text.ts';
import { findByAccount, findByPublicId, type Route } from './public-ids.ts';
import { verifyToken } from './webhook-address.ts';

/** Stores what was heard; resolves after the commit. */
export type OnWebhook = (ws: Workspace, channelId: number, events: ChannelEvent[]) => Promise<unknown>;

export interface Posted {
  headers: Record<string, string | string[] | undefined>;
  /** The very bytes: a signature is over them, not over what they mean. */
  raw: Buffer;
}

/** 'held': a channel it is for is paused. It is asked for again later, as everything that isn't 'stored'. */
export type Taken = 'stored' | 'held' | 'not-signed' | 'not-there';

export interface Answer {
  taken: Taken;
  /** What the far side is told besides. */
  reply?: object | null;
}

/** Nothing is asked of a far side here. Made once: each costs a stack trace. */
const ENDED = AbortSignal.abort();
/** A transaction stays short. */
const EVENTS_AT_ONCE = 200;
/** Of a body that is no JSON. */
const KEPT_AT_MOST = 64 * 1024;

/** Takes in one post. Resolves once everything in it is stored, or rejects: then the far side must deliver it again. */
export async function takeWebhook(installation: Installation, publicId: string, posted: Posted, onEvents: OnWebhook): Promise<Answer> {
  const route = findByPublicId(installation, publicId);
  if (!route) return { taken: 'not-there' };
  return within(installation, route, async (own) => {
    if (!own.kind.verify) return { taken: 'not-there' };
    if (!isSigned(own, posted)) return { taken: 'not-signed' };
    let held = false;
    const pieces = piecesOf(own, posted.raw);
    for (const { to, events } of sorted(installation, route, own, posted, pieces)) {
      const store = async ({ ws, status }: Open): Promise<void> => {
        held ||= status === 'paused';
        if (status === 'paused') return;
        for (let from = 0; from < events.length; from += EVENTS_AT_ONCE)
          await onEvents(ws, to.channelId, events.slice(from, from + EVENTS_AT_ONCE));
      };
      await (to === route ? store(own) : within(installation, to, store));
    }
    return held ? { taken: 'held' } : { taken: 'stored', reply: own.kind.acknowledge?.(pieces[0]?.body) ?? null };
  });
}

function isSigned({ kind, access }: OpenedChannel, posted: Posted): boolean {
  return kind.verify?.(posted, access.settings, () => access.webhook?.().secret ?? '') ?? false;
}

interface Open extends OpenedChannel {
  ws: Workspace;
}

interface Piece {
  accountId: string | null;
  body: unknown;
}

interface Batch {
  to: Route;
  events: ChannelEvent[];
}

/** The events of a body, by the channel that they are for. What fits nowhere is kept where it came. */
function sorted(installation: Installation, route: Route, own: Open, posted: Posted, pieces: Piece[]): Batch[] {
  const batches = new Map<string, Batch>();
  const add = (to: Route, events: ChannelEvent[]): void => {
    const key = `${to.workspaceId}/${to.channelId}`;
    const batch = batches.get(key) ?? { to, events: [] };
    batch.events.push(...events);
    batches.set(key, batch);
  };
  const heard = { account: { id: own.accountId ?? '', name: own.access.name ?? '' }, at: own.ws.clock.now() };
  for (const { accountId, body } of pieces) {
    const to = accountId === null || accountId === own.accountId ? null : otherChannel(installation, own, accountId, posted);
    if (accountId !== null && accountId === own.accountId) add(route, own.kind.parse(body, heard));
    else if (to) add(to, own.kind.parse(body));
    else add(route, [{ type: 'unrecognised', body: typeof body === 'string' ? body : keptText(body) }]);
  }
  return [...batches.values()];
}

function piecesOf({ kind, accountId }: Open, raw: Buffer): Piece[] {
  const text = raw.toString();
  try {
    const body: unknown = JSON.parse(text);
    return kind.accounts?.(body) ?? [{ accountId, body }];
  } catch {
    return [{ accountId: null, body: text.slice(0, KEPT_AT_MOST) }]; // signed, and yet no JSON
  }
}

/**
 * One app of the far side may hold several accounts and knows one address alone. Another channel takes what was posted
 * here only when it was signed with that channel's own secret: nobody writes into a business by an app of their own.
 */
function otherChannel(installation: Installation, own: Open, accountId: string, posted: Posted): Route | null {
  const route = findByAccount(installation, own.kind.kind, accountId);
  if (!route || !installation.workspaces.has(route.workspaceId)) return null;
  const { workspace, release } = installation.workspaces.hold(route.workspaceId);
  try {
    return isSigned(channelAccess(workspace, route.channelId, ENDED), posted) ? route : null;
  } finally {
    release();
  }
}

/** Opens a channel for as long as `act` takes. */
async function within<T>(installation: Installation, { workspaceId, channelId }: Route, act: (open: Open) => Promise<T>): Promise<T> {
  const { workspace: ws, release } = installation.workspaces.hold(workspaceId);
  try {
    return await act({ ws, ...channelAccess(ws, channelId, ENDED) });
  } catch (error) {
    throw installation.workspaces.noteFault(workspaceId, error);
  } finally {
    release();
  }
}

/** Whether `given` is the token of that address. */
export function isVerifyToken(installation: Installation, publicId: string, given: string): boolean {
  const route = findByPublicId(installation, publicId);
  if (!route) return false;
  const { workspace, release } = installation.workspaces.hold(route.workspaceId);
  try {
    const [wanted, got] = [Buffer.from(verifyToken(workspace, publicId)), Buffer.from(given)];
    return wanted.length === got.length && timingSafeEqual(wanted, got);
  } finally {
    release();
  }
}
