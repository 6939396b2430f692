import { eq } from '../db/drizzle.ts';
import { channels } from '../db/schema/workspace.ts';
import { audit } from '../web/audit.ts';
import type { Workspace } from '../workspace.ts';
import { channelAccess } from './access.ts';
import { forgetDevice } from './device-store.ts';
import { liveChannel } from './channel-row.ts';
import { announce } from './news.ts';
import { dropRoutes } from './public-ids.ts';
import { sendWaiting } from './send-waiting.ts';

const PATIENCE_MS = 5000;

/** Lets an account go: its secrets are gone from here at once, its conversations stay. */
export async function disconnectChannel(ws: Workspace, { channelId, userId }: { channelId: number; userId: number }): Promise<void> {
  const row = liveChannel(ws, channelId);
  const { kind, access } = channelAccess(ws, channelId, AbortSignal.timeout(PATIENCE_MS));
  // A device says goodbye by the connection that it has, and by keys that are gone afterwards.
  if (kind.isDevice) await kind.disconnect(access);
  ws.durable(() => {
    ws.db
      .update(channels)
      .set({ status: 'disconnected', disconnectedAt: ws.clock.now(), secretsSealed: null, stateSealed: null, says: null, saysAt: null })
      .where(eq(channels.id, channelId))
      .run();
    forgetDevice(ws, channelId);
    audit(ws, { actor: userId, action: 'channel.disconnected', subject: `channel ${channelId}`, detail: { kind: row.kind } });
    sendWaiting(ws, channelId);
    ws.afterCommit(() => announce(ws, channelId));
  });
  dropRoutes(ws.installation, ws.id, row);
  if (!kind.isDevice) await kind.disconnect(access);
}
