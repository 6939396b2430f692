import { noteOutage, OUTAGE_MS } from '../../channels/index.ts';
import type { Installation } from '../../installation.ts';

/**
 * The server says that it runs: at its start, each minute, and when it stops. What lies between two of these, it was away: it was
 * stopped, killed, or its machine slept. Each workspace with a channel then gets an outage of its own. The row in control.db is
 * written last, so that a kill in between makes the next start tell the same again.
 */
export async function beat({ control, clock, workspaces }: Installation): Promise<void> {
  const last = control.prepare('SELECT alive_at FROM installation WHERE id = 1').pluck().get() as number | null | undefined;
  const now = clock.now();
  if (typeof last === 'number' && now - last >= OUTAGE_MS)
    await workspaces.each(function noteAway(ws) {
      if (ws.prepare("SELECT 1 FROM channels WHERE status <> 'disconnected' LIMIT 1").get() === undefined) return;
      ws.durable(() => noteOutage(ws, { channelId: null, fromAt: last, toAt: now }));
    });
  control.write(() => control.prepare('UPDATE installation SET alive_at = ? WHERE id = 1').run(clock.now()));
}
