import { enqueue } from '../jobs/enqueue.ts';
import type { Workspace } from '../workspace.ts';

/** Holds for a delivery that waits. First the index's own condition: SQLite takes it only when it stands here word for word. */
export const WAITS = "state in ('queued', 'sending') AND state = 'queued'";

/**
 * What waited for a channel is looked at now: it goes out when the channel is well again, and is given up when the
 * channel was disconnected. Inside the transaction of the change.
 */
export function sendWaiting(ws: Workspace, channelId: number): void {
  const waiting = ws.prepare(`SELECT DISTINCT conversation_id AS id FROM deliveries WHERE ${WAITS} AND channel_id = ?`).all(channelId) as {
    id: number;
  }[];
  for (const { id } of waiting) enqueue(ws, { kind: 'deliver', key: String(id) });
}
