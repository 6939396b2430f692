/** What leads from outside to a channel: its public id, and the far side's account, each to one workspace alone. */
import { and, eq } from '../db/drizzle.ts';
import { routes } from '../db/schema/control.ts';
import type { Installation } from '../installation.ts';
import type { Workspace } from '../workspace.ts';
import type { ChannelRow } from './access.ts';
import { setHealth } from './health.ts';

export interface Route {
  workspaceId: string;
  channelId: number;
}

type Led = Pick<ChannelRow, 'id' | 'kind' | 'publicId' | 'accountId'>;

/** Read at each message of a widget. Only what was found is kept: a stranger can't make it grow. */
const found = new WeakMap<Installation, Map<string, Route>>();

function cacheOf(installation: Installation): Map<string, Route> {
  const cache = found.get(installation) ?? new Map<string, Route>();
  found.set(installation, cache);
  return cache;
}

/** The workspace and channel that a public id leads to, or null. */
export function findByPublicId(installation: Installation, publicId: string): Route | null {
  const cache = cacheOf(installation);
  const known = cache.get(publicId);
  if (known) return known;
  const { db } = installation.control;
  const row = db
    .select()
    .from(routes)
    .where(and(eq(routes.publicId, publicId), eq(routes.kind, 'channel')))
    .get();
  if (!row) return null;
  const route = { workspaceId: row.workspaceId, channelId: row.localId };
  cache.set(publicId, route);
  return route;
}

/** The workspace and channel that holds an account of the far side, or null. */
export function findByAccount(installation: Installation, kind: string, accountId: string): Route | null {
  const row = installation.control.db
    .select()
    .from(routes)
    .where(and(eq(routes.publicId, `${kind}:${accountId}`), eq(routes.kind, 'account')))
    .get();
  return row ? { workspaceId: row.workspaceId, channelId: row.localId } : null;
}

/** Writes a channel's routes, after its row. False when its account belongs to another channel: then nothing is written. */
export function claimRoutes(installation: Installation, workspaceId: string, channel: Led): boolean {
  const { control } = installation;
  return control.durable(() => {
    const account = accountKey(channel);
    const holder = account && control.db.select().from(routes).where(eq(routes.publicId, account)).get();
    if (holder) return holder.workspaceId === workspaceId && holder.localId === channel.id;
    control.db
      .insert(routes)
      .values({ publicId: channel.publicId, workspaceId, kind: 'channel', localId: channel.id })
      .onConflictDoNothing()
      .run();
    if (account) control.db.insert(routes).values({ publicId: account, workspaceId, kind: 'account', localId: channel.id }).run();
    return true;
  });
}

export function dropRoutes(installation: Installation, workspaceId: string, channel: Led): void {
  const { control } = installation;
  control.durable(
    () =>
      void control.db
        .delete(routes)
        .where(and(eq(routes.workspaceId, workspaceId), eq(routes.localId, channel.id)))
        .run(),
  );
  cacheOf(installation).delete(channel.publicId);
}

const CHANNELS = 'SELECT id, kind, public_id AS publicId, account_id AS accountId FROM channels WHERE disconnected_at IS NULL';
const ROUTES = 'SELECT public_id AS publicId, local_id AS localId FROM routes WHERE workspace_id = ?';

/**
 * At boot: a workspace's routes as its own rows say them, so that a kill between the two leaves no trace. Mostly they are
 * right, and nothing is written: a thousand workspaces would make the disk wait a thousand times.
 */
export function rebuildRoutes(ws: Workspace): void {
  const { installation } = ws;
  const { control } = installation;
  const own = ws.prepare(CHANNELS).all() as Led[];
  const there = control.prepare(ROUTES).all(ws.id) as { publicId: string; localId: number }[];
  const leads = new Map(there.map(({ publicId, localId }) => [publicId, localId]));
  const wanted = own.flatMap((channel) =>
    [channel.publicId, accountKey(channel) ?? []].flat().map((publicId) => ({ publicId, id: channel.id })),
  );
  if (wanted.length === leads.size && wanted.every(({ publicId, id }) => leads.get(publicId) === id)) return;
  for (const { publicId } of there) cacheOf(installation).delete(publicId);
  control.durable(() => {
    control.db.delete(routes).where(eq(routes.workspaceId, ws.id)).run();
    for (const channel of own) {
      if (!claimRoutes(installation, ws.id, channel)) setHealth(ws, channel.id, { status: 'broken', says: TWICE });
    }
  });
}

export const TWICE =
  'This account is already connected to Deskbell. One account can feed one channel only: disconnect the other one first.';

function accountKey({ kind, accountId }: Led): string | null {
  return accountId === null ? null : `${kind}:${accountId}`;
}
