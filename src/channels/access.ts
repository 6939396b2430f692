/** What a channel is handed for one call, and where what it remembers is kept. */
import type { channels } from '../db/schema/workspace.ts';
import type { Outbound } from '../lib/outbound.ts';
import { once } from '../lib/once.ts';
import { Secret } from '../lib/secret.ts';
import type { Workspace } from '../workspace.ts';
import { deviceStore } from './device-store.ts';
import { DeliveryError, LARGEST_ATTACHMENT, type Channel, type ChannelAccess, type Fetch } from './channel.ts';
import { fetchAmong } from './fetch-among.ts';
import { versionOf } from './version-of.ts';
import { apiRootOf, channelKinds, fileRootOf, moreFileRootsOf } from './kinds.ts';
import { webhookFor } from './webhook-address.ts';

export type ChannelRow = typeof channels.$inferSelect;

/** The widest, for a file on a slow line: each call has its own, shorter limit of time. */
const LIMITS = { timeoutMs: 180_000, maxBytes: LARGEST_ATTACHMENT };
const NO_FAR_SIDE = 'this kind of channel has no far side to connect to';

export interface OpenedChannel {
  kind: Channel;
  access: ChannelAccess;
  /** Of its settings and secrets, as `versionOf` tells it. */
  version: string;
  status: ChannelRow['status'];
  /** What the far side knows it by. */
  accountId: string | null;
}

/** Opens a channel for one call: its kind, its secrets and its state. Throws DeliveryError when it was disconnected. */
export function channelAccess(ws: Workspace, channelId: number, signal: AbortSignal): OpenedChannel {
  const row = read(ws, channelId);
  const kind = row && channelKinds[row.kind];
  if (!row || !kind || row.status === 'disconnected') {
    throw new DeliveryError({ outcome: 'not-sent', permanent: true, says: 'This channel was disconnected. Nothing more goes out by it.' });
  }
  const state = row.stateSealed ? ws.open(statePlace(row.id), row.stateSealed).reveal() : 'null';
  const settings = { ...row.settings, ...secretsOf(ws, row) };
  const access: ChannelAccess = {
    ...accessWith(ws, row.kind, settings, signal),
    channelId: row.id,
    name: row.name,
    state: JSON.parse(state) as unknown,
    webhook: () => webhookFor(ws, row.publicId),
    ...(kind.isDevice ? { device: deviceStore(ws, row.id) } : {}),
  };
  return { kind, access, version: versionOf(row), status: row.status, accountId: row.accountId };
}

type Sealed = Pick<ChannelRow, 'id' | 'kind' | 'name' | 'publicId' | 'status' | 'accountId' | 'settings' | 'secretsSealed' | 'stateSealed'>;

/** By hand, since it is asked for at each message that comes or goes: drizzle's way costs as much as storing one. */
const READ = `
  SELECT id, kind, name, public_id AS publicId, status, account_id AS accountId, settings, secrets_sealed AS secretsSealed, state_sealed AS stateSealed
  FROM channels WHERE id = ?`;

function read(ws: Workspace, channelId: number): Sealed | undefined {
  const row = ws.prepare(READ).get(channelId) as (Omit<Sealed, 'settings'> & { settings: string }) | undefined;
  return row && { ...row, settings: JSON.parse(row.settings) as ChannelRow['settings'] };
}

/** Access for settings that aren't stored yet: what it says of a webhook is whether there can be one. */
export function accessWith(ws: Workspace, kind: string, settings: Record<string, unknown>, signal: AbortSignal): ChannelAccess {
  const { installation, clock } = ws;
  const apiRoot = apiRootOf(kind, installation.settings, settings);
  const fileRoot = fileRootOf(kind, installation.settings);
  return {
    channelId: 0,
    settings,
    state: null,
    apiRoot,
    fetch: apiRoot ? lazily(() => installation.outbound.to(apiRoot, LIMITS)) : () => Promise.reject(new Error(NO_FAR_SIDE)),
    ...(fileRoot === '' ? {} : filesAt(installation.outbound, fileRoot, moreFileRootsOf(kind))),
    agent() {
      if (!apiRoot) throw new Error(NO_FAR_SIDE);
      return installation.outbound.agent(apiRoot);
    },
    webhook: () => webhookFor(ws, ''),
    clock,
    signal,
  };
}

/** Who only hears needs no way out, and to look at an origin costs a webhook a tenth of its time. */
function lazily(make: () => Fetch): Fetch {
  const made = once(make);
  return (input, init) => made()(input, init);
}

function filesAt(outbound: Outbound, fileRoot: string, more: string[]): Pick<ChannelAccess, 'fetchFile' | 'fileRoot' | 'fileDispatcher'> {
  return {
    fileRoot,
    fetchFile: lazily(() => fetchAmong(outbound, [fileRoot, ...more], LIMITS)),
    fileDispatcher: () => outbound.dispatcher(fileRoot),
  };
}

/** Keeps what a channel remembers (an offset). Inside the transaction that stores what it remembers of. */
export function writeState(ws: Workspace, channelId: number, state: unknown): void {
  const sealed = ws.seal(statePlace(channelId), new Secret(JSON.stringify(state ?? null)));
  ws.prepare('UPDATE channels SET state_sealed = ? WHERE id = ?').run(sealed, channelId);
}

/** Seals a channel's secret settings; null when it has none. */
export function sealSecrets(ws: Workspace, channelId: number, secrets: Record<string, unknown>): Buffer | null {
  return Object.keys(secrets).length > 0 ? ws.seal(secretsPlace(channelId), new Secret(JSON.stringify(secrets))) : null;
}

function secretsOf(ws: Workspace, row: Pick<ChannelRow, 'id' | 'secretsSealed'>): Record<string, unknown> {
  if (!row.secretsSealed) return {};
  return JSON.parse(ws.open(secretsPlace(row.id), row.secretsSealed).reveal()) as Record<string, unknown>;
}

const secretsPlace = (row: number) => ({ table: 'channels', column: 'secrets_sealed', row });
const statePlace = (row: number) => ({ table: 'channels', column: 'state_sealed', row });
