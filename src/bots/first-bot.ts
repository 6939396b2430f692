import { asc, isNull } from '../db/drizzle.ts';
import { bots } from '../db/schema/workspace.ts';
import { createBot } from './create-bot.ts';
import type { Workspace } from '../workspace.ts';

/** The bot that the set-up is about: the oldest one, made when there is none. Returns its id. */
export function firstBot(workspace: Workspace, userId: number): number {
  return workspace.durable(() => {
    const known = workspace.db.select({ id: bots.id }).from(bots).where(isNull(bots.archivedAt)).orderBy(asc(bots.id)).get();
    return known?.id ?? createBot(workspace, { userId }).botId;
  });
}
