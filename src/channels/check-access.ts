import type { Workspace } from '../workspace.ts';
import { channelAccess } from './access.ts';
import { DeliveryError } from './channel.ts';
import { noteChannelTrouble } from './health.ts';
import { channelKinds } from './kinds.ts';
import { announce } from './news.ts';

const PATIENCE_MS = 20_000;

/**
 * Every night: asks each account whose access may end by itself until when it holds, so that its end is seen days ahead,
 * and not by the first customer who gets no answer.
 */
export async function checkAccess(ws: Workspace): Promise<void> {
  const rows = ws.prepare("SELECT id, kind FROM channels WHERE status IN ('connecting', 'connected')").all() as {
    id: number;
    kind: string;
  }[];
  for (const { id } of rows.filter(({ kind }) => channelKinds[kind]?.endsAt)) await checkOne(ws, id);
}

async function checkOne(ws: Workspace, channelId: number): Promise<void> {
  const { kind, access, version } = channelAccess(ws, channelId, AbortSignal.timeout(PATIENCE_MS));
  try {
    await kind.health(access);
    keepEndsAt(ws, channelId, (await kind.endsAt?.(access)) ?? null);
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    // What passes by itself is asked again tomorrow.
    if (error.account) noteChannelTrouble(ws, channelId, version, error.says);
  }
}

function keepEndsAt(ws: Workspace, channelId: number, endsAt: number | null): void {
  ws.write(() => {
    const changed = ws.prepare('UPDATE channels SET ends_at = ? WHERE id = ? AND ends_at IS NOT ?').run(endsAt, channelId, endsAt).changes;
    if (changed > 0) ws.afterCommit(() => announce(ws, channelId));
  });
}
