import { and, eq, isNull, ne } from '../db/drizzle.ts';
import { bots, channels } from '../db/schema/workspace.ts';
import { Problem } from '../web/problem.ts';
import type { Workspace } from '../workspace.ts';
import type { ChannelRow } from './access.ts';

/** A channel that isn't disconnected. Throws Problem. */
export function liveChannel(ws: Workspace, channelId: number): ChannelRow {
  const row = ws.db
    .select()
    .from(channels)
    .where(and(eq(channels.id, channelId), ne(channels.status, 'disconnected')))
    .get();
  if (!row) throw new Problem(404, 'This channel isn’t connected any more.');
  return row;
}

/** Throws Problem when the workspace has no such bot to answer with. */
export function checkBot(ws: Workspace, botId: number | null): void {
  if (botId === null) return;
  const bot = ws.db
    .select({ id: bots.id })
    .from(bots)
    .where(and(eq(bots.id, botId), isNull(bots.archivedAt)))
    .get();
  if (!bot) throw new Problem(422, 'This bot isn’t there any more. Choose another.', { field: 'botId' });
}
