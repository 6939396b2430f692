import { eq } from '../db/drizzle.ts';
import { channels } from '../db/schema/workspace.ts';
import { audit } from '../web/audit.ts';
import { Problem } from '../web/problem.ts';
import type { Workspace } from '../workspace.ts';
import { channelAccess, sealSecrets } from './access.ts';
import { checkBot, liveChannel } from './channel-row.ts';
import { connectTo } from './connect.ts';
import { announce } from './news.ts';
import { readSettings, secretFields } from './settings.ts';

interface Change {
  channelId: number;
  userId: number;
}

/** Who answers on a channel from its next message on; null: people alone. Throws Problem. */
export function setChannelBot(ws: Workspace, { channelId, botId, userId }: Change & { botId: number | null }): void {
  checkBot(ws, botId);
  ws.durable(() => {
    liveChannel(ws, channelId);
    ws.db.update(channels).set({ botId }).where(eq(channels.id, channelId)).run();
    audit(ws, { actor: userId, action: 'channel.bot-changed', subject: `channel ${channelId}`, detail: { bot: botId } });
    ws.afterCommit(() => announce(ws, channelId));
  });
}

/** ms a customer may pause before the bot answers; null takes the kind's own. */
export function setQuietTime(ws: Workspace, { channelId, quietMs, userId }: Change & { quietMs: number | null }): void {
  ws.durable(() => {
    liveChannel(ws, channelId);
    ws.db.update(channels).set({ quietMs }).where(eq(channels.id, channelId)).run();
    audit(ws, { actor: userId, action: 'channel.quiet-time-changed', subject: `channel ${channelId}`, detail: { quietMs } });
  });
}

/**
 * Changes settings. A secret that isn't given stays as it is; a new one must open the same account, since the
 * conversations hang on it. Asks the far side first. Throws Problem.
 */
export async function editChannelSettings(ws: Workspace, { channelId, settings, userId }: Change & { settings: Record<string, unknown> }): Promise<void> {
  const row = liveChannel(ws, channelId);
  const { kind, access } = channelAccess(ws, channelId, AbortSignal.abort());
  const given = Object.fromEntries(Object.entries(settings).filter(([name, value]) => value !== '' || !secretFields(kind).has(name)));
  const read = readSettings(kind, { ...access.settings, ...given });
  const account = await connectTo(ws, kind, read.whole);
  if ((account.accountId || null) !== row.accountId) {
    throw new Problem(422, `This opens ${account.name}, another account than ${row.name}. Connect it as a channel of its own.`, { field: [...secretFields(kind)][0] ?? '' });
  }
  ws.durable(() => {
    const { status } = liveChannel(ws, channelId);
    ws.db
      .update(channels)
      .set({
        name: account.name,
        settings: read.plain,
        secretsSealed: sealSecrets(ws, channelId, read.secrets),
        ...(status === 'broken' ? { status: 'connecting', says: null, saysAt: null } : {}),
      })
      .where(eq(channels.id, channelId))
      .run();
    audit(ws, { actor: userId, action: 'channel.edited', subject: `channel ${channelId}` });
    ws.afterCommit(() => announce(ws, channelId));
  });
}
