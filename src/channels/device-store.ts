/** Where a linked device keeps what it is known by: sealed, in the workspace's own database. */
import { eq } from '../db/drizzle.ts';
import { channels } from '../db/schema/workspace.ts';
import { Secret } from '../lib/secret.ts';
import type { Workspace } from '../workspace.ts';
import type { DeviceChange, DeviceStore, LinkStep } from './channel.ts';
import { claimRoutes, TWICE } from './public-ids.ts';
import { sentWords } from './said.queries.ts';

/** One for each channel of an open workspace, so that whoever holds a connection by it can be found. */
const stores = new WeakMap<Workspace, Map<number, DeviceStore>>();
const steps = new WeakMap<DeviceStore, LinkStep>();

export function deviceStore(ws: Workspace, channelId: number): DeviceStore {
  const ofWorkspace = stores.get(ws) ?? new Map<number, DeviceStore>();
  stores.set(ws, ofWorkspace);
  const store = ofWorkspace.get(channelId) ?? makeStore(ws, channelId);
  ofWorkspace.set(channelId, store);
  return store;
}

/** What a person has to do next so that the account is linked; null: nothing. */
export function linkStep(ws: Workspace, channelId: number): LinkStep | null {
  return steps.get(deviceStore(ws, channelId)) ?? null;
}

/** Inside the transaction that disconnects the channel. */
export function forgetDevice(ws: Workspace, channelId: number): void {
  ws.prepare('DELETE FROM device_values WHERE channel_id = ?').run(channelId);
}

const ONE = 'SELECT value_sealed FROM device_values WHERE channel_id = ? AND kind = ? AND name = ?';
const ALL = 'SELECT name, value_sealed AS sealed FROM device_values WHERE channel_id = ? AND kind = ? ORDER BY id';
const TAKE = 'DELETE FROM device_values WHERE channel_id = ? AND kind = ? AND name = ?';
/** What was disconnected takes nothing more: its last words come late. */
const PUT = `
  INSERT INTO device_values (channel_id, kind, name, value_sealed)
  SELECT id, ?, ?, ? FROM channels WHERE id = ? AND status <> 'disconnected'
  ON CONFLICT (channel_id, kind, name) DO UPDATE SET value_sealed = excluded.value_sealed`;

function makeStore(ws: Workspace, channelId: number): DeviceStore {
  const nameOf = (kind: string, id: string) => ws.hash('device', String(channelId), kind, id);
  const placeOf = (kind: string, name: Buffer) => ({
    table: 'device_values',
    column: 'value_sealed',
    row: `${channelId}/${kind}/${name.toString('base64url')}`,
  });
  const open = (kind: string, name: Buffer, sealed: Buffer) => ws.open(placeOf(kind, name), sealed).reveal();

  const change = ({ kind, id, value }: DeviceChange) => {
    const name = nameOf(kind, id);
    if (value === null) return void ws.prepare(TAKE).run(channelId, kind, name);
    const sealed = ws.seal(placeOf(kind, name), new Secret(value));
    if (ws.prepare(PUT).run(kind, name, sealed, channelId).changes === 0) throw new Error('the channel was disconnected');
  };

  const store: DeviceStore = {
    get(kind, ids) {
      const found = ids.flatMap((id): [string, string][] => {
        const name = nameOf(kind, id);
        const sealed = ws.prepare(ONE).pluck().get(channelId, kind, name) as Buffer | undefined;
        return sealed ? [[id, open(kind, name, sealed)]] : [];
      });
      return new Map(found);
    },
    all(kind) {
      const rows = ws.prepare(ALL).all(channelId, kind) as { name: Buffer; sealed: Buffer }[];
      return rows.map(({ name, sealed }) => open(kind, name, sealed));
    },
    set(changes) {
      ws.durable(() => changes.forEach(change));
    },
    clear() {
      ws.durable(() => forgetDevice(ws, channelId));
    },
    show(step) {
      if (step) steps.set(store, step);
      else if (!steps.delete(store)) return;
      ws.bus.publish({ type: 'channel', channelId });
    },
    linked: (account) => noteAccount(ws, channelId, account),
    sent: (reference) => sentWords(ws, channelId, reference),
  };
  return store;
}

function noteAccount(ws: Workspace, channelId: number, { accountId, name }: { accountId: string; name: string }): string | null {
  const row = ws.db.select().from(channels).where(eq(channels.id, channelId)).get();
  if (!row || row.status === 'disconnected') return 'This channel was disconnected meanwhile.';
  if (row.accountId !== null && row.accountId !== accountId)
    return `That phone belongs to ${name}, and this channel to ${row.name}. Link the right phone, or connect the other one as a channel of its own.`;
  if (!claimRoutes(ws.installation, ws.id, { ...row, accountId })) return TWICE;
  ws.durable(() => void ws.db.update(channels).set({ accountId, name }).where(eq(channels.id, channelId)).run());
  return null;
}
