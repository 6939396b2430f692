import { eq } from '../db/drizzle.ts';
import { channels } from '../db/schema/workspace.ts';
import { audit } from '../web/audit.ts';
import type { Workspace } from '../workspace.ts';
import { channelAccess } from './access.ts';
import { liveChannel } from './channel-row.ts';
import { connectTo } from './connect.ts';
import { announce } from './news.ts';
import { sendWaiting } from './send-waiting.ts';

/** Begins again after a pause, or after what was wrong at the far side is mended: asks it first. Throws Problem. */
export async function resumeChannel(ws: Workspace, { channelId, userId }: { channelId: number; userId: number }): Promise<void> {
  liveChannel(ws, channelId);
  const { kind, access } = channelAccess(ws, channelId, AbortSignal.abort());
  const { endsAt = null } = await connectTo(ws, kind, access.settings);
  ws.durable(() => {
    // Meanwhile somebody else may have disconnected it, or it came back by itself.
    const { status } = liveChannel(ws, channelId);
    if (status !== 'paused' && status !== 'broken') return;
    ws.db.update(channels).set({ status: 'connecting', says: null, saysAt: null, endsAt }).where(eq(channels.id, channelId)).run();
    audit(ws, { actor: userId, action: 'channel.resumed', subject: `channel ${channelId}` });
    sendWaiting(ws, channelId);
    ws.afterCommit(() => announce(ws, channelId));
  });
}
