import { eq } from '../db/drizzle.ts';
import { channels } from '../db/schema/workspace.ts';
import { audit } from '../web/audit.ts';
import type { Workspace } from '../workspace.ts';
import { liveChannel } from './channel-row.ts';
import { announce } from './news.ts';

/** Stops a channel until it is resumed: nothing is fetched and nothing goes out. What customers write waits at the far side. */
export function pauseChannel(ws: Workspace, { channelId, userId }: { channelId: number; userId: number }): void {
  ws.durable(() => {
    if (liveChannel(ws, channelId).status === 'paused') return;
    ws.db.update(channels).set({ status: 'paused', says: null, saysAt: null }).where(eq(channels.id, channelId)).run();
    audit(ws, { actor: userId, action: 'channel.paused', subject: `channel ${channelId}` });
    ws.afterCommit(() => announce(ws, channelId));
  });
}
