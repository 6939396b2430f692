import { channelKinds, type Channel } from '../channels/index.ts';
import type { Workspace } from '../workspace.ts';

/** A channel as the conversations need it: its row's settings and what its kind can do. */
export interface OpenChannel {
  id: number;
  kind: Channel;
  status: string;
  botId: number | null;
  quietMs: number;
}

/** The channel isn't there any more, or this release doesn't know its kind. */
export class NoChannel extends Error {}

/** Reads a channel. Throws NoChannel. */
export function channelFor(ws: Workspace, channelId: number): OpenChannel {
  const row = ws.prepare('SELECT id, kind, status, bot_id AS botId, quiet_ms AS quietMs FROM channels WHERE id = ?').get(channelId) as
    { id: number; kind: string; status: string; botId: number | null; quietMs: number | null } | undefined;
  const kind = row && channelKinds[row.kind];
  if (!row || !kind) throw new NoChannel(String(channelId));
  return { id: row.id, kind, status: row.status, botId: row.botId, quietMs: row.quietMs ?? kind.limits.quietMs };
}
