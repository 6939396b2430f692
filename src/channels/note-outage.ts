import { outages } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';

/** Shorter ones nobody needs to hear of: far sides keep what they have for us, and hand it over. */
export const OUTAGE_MS = 5 * 60_000;

/**
 * Nothing was heard from `fromAt` to `toAt` (UTC ms) on a channel, or by the whole server (null). Inside a transaction. One that
 * began at the same moment is the same, and is made longer: the server stopped again before it had said that it is back.
 */
export function noteOutage(ws: Workspace, { channelId, fromAt, toAt }: { channelId: number | null; fromAt: number; toAt: number }): void {
  if (toAt - fromAt < OUTAGE_MS) return;
  const longer = ws
    .prepare('UPDATE outages SET to_at = max(to_at, ?), dismissed_at = NULL, dismissed_by = NULL WHERE from_at = ? AND channel_id IS ?')
    .run(toAt, fromAt, channelId);
  if (longer.changes === 0) ws.db.insert(outages).values({ channelId, fromAt, toAt }).run();
}
