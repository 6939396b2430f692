import { and, eq, isNull } from '../db/drizzle.ts';
import { bots, channels } from '../db/schema/workspace.ts';
import { audit } from '../web/audit.ts';
import type { Workspace } from '../workspace.ts';

/**
 * Takes a bot out of the lists; its versions stay, since runs point at them.
 * Returns `says` when channels still answer with it: nothing is changed then.
 */
export function archiveBot(workspace: Workspace, { botId, userId }: { botId: number; userId: number | null }): { says?: string } {
  return workspace.durable(() => {
    const users = channelsOf(workspace, botId);
    if (users.length > 0) {
      const names = new Intl.ListFormat('en-GB').format(users);
      return {
        says: `${names} ${users.length === 1 ? 'answers' : 'answer'} with this bot. Give ${users.length === 1 ? 'it' : 'them'} another bot first.`,
      };
    }
    const changed = workspace.db
      .update(bots)
      .set({ archivedAt: workspace.clock.now() })
      .where(and(eq(bots.id, botId), isNull(bots.archivedAt)))
      .run();
    if (changed.changes > 0) audit(workspace, { actor: userId ?? 'system', action: 'bot.archived', subject: `bot ${botId}` });
    return {};
  });
}

/** Names of the channels that answer with this bot. */
export function channelsOf(workspace: Workspace, botId: number): string[] {
  return workspace.db
    .select({ name: channels.name })
    .from(channels)
    .where(and(eq(channels.botId, botId), isNull(channels.disconnectedAt)))
    .orderBy(channels.id)
    .all()
    .map((channel) => channel.name);
}
