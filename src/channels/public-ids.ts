/** What leads from outside to a channel: its public id, and the far side's account, each to one workspace alone. */
import { and, eq, isNull } from '../db/drizzle.ts';
import { routes } from '../db/schema/control.ts';
import { channels } from '../db/schema/workspace.ts';
import type { Installation } from '../installation.ts';
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

/**
 * At boot: the routes as the workspaces' own rows say them, so that a kill between the two leaves no trace. A workspace
 * that doesn't open keeps the routes it had, and doesn't hold up the others.
 */
export function rebuildRoutes(installation: Installation): void {
  const { control, workspaces, log } = installation;
  found.delete(installation);
  control.durable(() => {
    for (const id of workspaces.ids()) {
      try {
        rebuild(installation, id);
      } catch (err) {
        log.error({ err, workspace: id }, 'the routes of a workspace could not be rebuilt');
      }
    }
  });
}

function rebuild(installation: Installation, workspaceId: string): void {
  const { control, workspaces } = installation;
  const { workspace, release } = workspaces.hold(workspaceId);
  try {
    const rows = workspace.db.select().from(channels).where(isNull(channels.disconnectedAt)).all();
    control.db.delete(routes).where(eq(routes.workspaceId, workspaceId)).run();
    for (const row of rows) {
      if (!claimRoutes(installation, workspaceId, row)) setHealth(workspace, row.id, { status: 'broken', says: TWICE });
    }
  } finally {
    release();
  }
}

export const TWICE =
  'This account is already connected to Deskbell. One account can feed one channel only: disconnect the other one first.';

function accountKey({ kind, accountId }: Led): string | null {
  return accountId === null ? null : `${kind}:${accountId}`;
}
