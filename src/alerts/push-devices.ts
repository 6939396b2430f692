/** Browsers in which members want to be told. */
import { z } from 'zod';
import { reachOf, isAddress } from '../lib/addresses.ts';
import { Secret } from '../lib/secret.ts';
import { Problem } from '../web/problem.ts';
import type { Workspace } from '../workspace.ts';

/** What a browser gives: where it listens, and the keys by which only it can read. */
export const subscription = z.strictObject({
  endpoint: z.url({ protocol: /^https?$/ }).max(1000),
  p256dh: z.string().regex(/^[\w-]{80,100}={0,2}$/),
  auth: z.string().regex(/^[\w-]{20,30}={0,2}$/),
});
export type Subscription = z.infer<typeof subscription>;

/** The services that browsers listen to; nothing is sent to another place because a form says so. */
const SERVICES = /^(fcm\.googleapis\.com|updates\.push\.services\.mozilla\.com|[\w.-]+\.push\.apple\.com|[\w.-]+\.notify\.windows\.com)$/;
const DEVICES_AT_MOST = 20;

export interface Device {
  id: number;
  name: string;
  toldAt: number | null;
  says: string | null;
  createdAt: number;
}

export function devicesOf(ws: Workspace, userId: number): Device[] {
  return ws
    .prepare('SELECT id, name, told_at AS toldAt, says, created_at AS createdAt FROM push_devices WHERE user_id = ? ORDER BY id')
    .all(userId) as Device[];
}

/** Adds a browser, or gives one that is known already to who uses it now. Throws Problem. */
export function addDevice(ws: Workspace, userId: number, { name, ...given }: Subscription & { name: string }): number {
  const { hostname } = new URL(given.endpoint);
  const own = ws.installation.settings.allowPrivate && isAddress(hostname) && reachOf(hostname) === 'private';
  if (!own && !SERVICES.test(hostname))
    throw new Problem(422, 'This browser listens at a service that Deskbell doesn’t know. Chrome, Edge, Firefox and Safari work.');
  return ws.durable(() => {
    const hash = ws.hash('push', given.endpoint);
    ws.prepare('DELETE FROM push_devices WHERE hash = ?').run(hash);
    if (devicesOf(ws, userId).length >= DEVICES_AT_MOST) throw new Problem(422, 'You have twenty browsers already. Take one out first.');
    const id = Number(
      ws
        .prepare('INSERT INTO push_devices (user_id, hash, name, subscription_sealed, created_at) VALUES (?, ?, ?, ?, ?)')
        .run(userId, hash, name, Buffer.alloc(0), ws.clock.now()).lastInsertRowid,
    );
    const sealed = ws.seal(placeOf(id), new Secret(JSON.stringify(given)));
    ws.prepare('UPDATE push_devices SET subscription_sealed = ? WHERE id = ?').run(sealed, id);
    return id;
  });
}

/** False where it isn't this member's. */
export function removeDevice(ws: Workspace, userId: number, id: number): boolean {
  return ws.durable(() => ws.prepare('DELETE FROM push_devices WHERE id = ? AND user_id = ?').run(id, userId).changes > 0);
}

/** Whose it is, and where it listens; undefined when it is gone. */
export function deviceToTell(ws: Workspace, id: number): { userId: number; to: Subscription } | undefined {
  const row = ws.prepare('SELECT user_id AS userId, subscription_sealed AS sealed FROM push_devices WHERE id = ?').get(id) as
    { userId: number; sealed: Buffer } | undefined;
  if (!row) return undefined;
  return { userId: row.userId, to: subscription.parse(JSON.parse(ws.open(placeOf(id), row.sealed).reveal())) };
}

const placeOf = (row: number) => ({ table: 'push_devices', column: 'subscription_sealed', row });
