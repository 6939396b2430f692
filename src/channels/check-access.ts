import { eq } from '../db/drizzle.ts';
import { channels } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';
import { channelAccess, sealSecrets, type OpenedChannel } from './access.ts';
import { versionOf } from './version-of.ts';
import { DeliveryError, type Lasting } from './channel.ts';
import { noteChannelTrouble } from './health.ts';
import { channelKinds } from './kinds.ts';
import { announce } from './news.ts';
import { readSettings } from './settings.ts';

const PATIENCE_MS = 20_000;

/**
 * Every night: asks each account whose access may end by itself until when it holds, so that its end is seen days ahead,
 * and not by the first customer who gets no answer. What can be renewed is.
 */
export async function checkAccess(ws: Workspace): Promise<void> {
  const rows = ws.prepare("SELECT id, kind FROM channels WHERE status IN ('connecting', 'connected')").all() as {
    id: number;
    kind: string;
  }[];
  for (const { id } of rows.filter(({ kind }) => channelKinds[kind]?.lasts)) await checkOne(ws, id);
}

async function checkOne(ws: Workspace, channelId: number): Promise<void> {
  const opened = channelAccess(ws, channelId, AbortSignal.timeout(PATIENCE_MS));
  const { kind, access, version } = opened;
  try {
    await kind.health(access);
    const lasting = await kind.lasts?.(access);
    if (lasting) keep(ws, channelId, opened, lasting);
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    // What passes by itself is asked again tomorrow.
    if (error.account) noteChannelTrouble(ws, channelId, version, error.says);
  }
}

/** Unless a person replaced the settings meanwhile: what is theirs is newer than what was renewed. */
function keep(ws: Workspace, channelId: number, { kind, access, version }: OpenedChannel, { endsAt, settings }: Lasting): void {
  const renewed = settings && readSettings(kind, { ...access.settings, ...settings });
  ws.durable(() => {
    const row = ws.db.select().from(channels).where(eq(channels.id, channelId)).get();
    if (!row || row.status === 'disconnected' || versionOf(row) !== version) return;
    const secretsSealed = renewed ? sealSecrets(ws, channelId, renewed.secrets) : row.secretsSealed;
    if (!renewed && row.endsAt === endsAt) return;
    ws.db.update(channels).set({ endsAt, secretsSealed }).where(eq(channels.id, channelId)).run();
    ws.afterCommit(() => announce(ws, channelId));
  });
}
