import { eq } from '../db/drizzle.ts';
import { channels } from '../db/schema/workspace.ts';
import { audit } from '../web/audit.ts';
import { Problem } from '../web/problem.ts';
import type { Workspace } from '../workspace.ts';
import { channelAccess, sealSecrets } from './access.ts';
import type { ConnectResult } from './channel.ts';
import { checkBot, liveChannel } from './channel-row.ts';
import { connectTo } from './connect.ts';
import { announce } from './news.ts';
import { sendWaiting } from './send-waiting.ts';
import { readSettings, secretFields } from './settings.ts';

interface Change {
  channelId: number;
  userId: number;
}

/** A burst is waited out for eight seconds at most, so no pause is longer. */
export const QUIET_CHOICES_MS: readonly number[] = [0, 1500, 3000, 5000, 8000];

interface Answering {
  /** Null: people alone. */
  botId: number | null;
  /** ms a customer may pause before the bot answers, of those offered; null takes the kind's own. */
  quietMs: number | null;
}

/** Who answers on a channel from its next message on, and how soon. Throws Problem, and then changes nothing. */
export function setAnswering(ws: Workspace, { channelId, botId, quietMs, userId }: Change & Answering): void {
  checkBot(ws, botId);
  if (quietMs !== null && !QUIET_CHOICES_MS.includes(quietMs))
    throw new Problem(422, 'Choose one of the pauses offered.', { field: 'quietMs' });
  ws.durable(() => {
    liveChannel(ws, channelId);
    ws.db.update(channels).set({ botId, quietMs }).where(eq(channels.id, channelId)).run();
    audit(ws, { actor: userId, action: 'channel.answering-changed', subject: `channel ${channelId}`, detail: { bot: botId, quietMs } });
    ws.afterCommit(() => announce(ws, channelId));
  });
}

/**
 * Changes settings. A secret that isn't given stays as it is; a new one must open the same account, since the
 * conversations hang on it. Asks the far side first. Throws Problem.
 */
export async function editChannelSettings(
  ws: Workspace,
  { channelId, settings, userId }: Change & { settings: Record<string, unknown> },
): Promise<void> {
  const row = liveChannel(ws, channelId);
  const { kind, access } = channelAccess(ws, channelId, AbortSignal.abort());
  const given = Object.fromEntries(Object.entries(settings).filter(([name, value]) => value !== '' || !secretFields(kind).has(name)));
  const read = readSettings(kind, { ...access.settings, ...given });
  // A device's account is known by the phone that it is linked to, and not by settings.
  const account: ConnectResult = kind.isDevice ? { name: row.name, accountId: row.accountId ?? '' } : await connectTo(ws, kind, read.whole);
  if ((account.accountId || null) !== row.accountId) {
    throw new Problem(422, `This opens ${account.name}, another account than ${row.name}. Connect it as a channel of its own.`, {
      field: [...secretFields(kind)][0] ?? '',
    });
  }
  ws.durable(() => {
    const { status, settings: before } = liveChannel(ws, channelId);
    // What was heard by the settings before doesn't show that anything comes by these.
    const isUnproved = status === 'connected' && kind.listen !== undefined && JSON.stringify(before) !== JSON.stringify(read.plain);
    ws.db
      .update(channels)
      .set({
        name: account.name,
        endsAt: account.endsAt ?? null,
        settings: read.plain,
        secretsSealed: sealSecrets(ws, channelId, read.secrets),
        ...(status === 'broken' || isUnproved ? { status: 'connecting', says: null, saysAt: null } : {}),
      })
      .where(eq(channels.id, channelId))
      .run();
    audit(ws, { actor: userId, action: 'channel.edited', subject: `channel ${channelId}` });
    if (status === 'broken') sendWaiting(ws, channelId);
    ws.afterCommit(() => announce(ws, channelId));
  });
}
