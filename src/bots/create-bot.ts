import { botVersions, bots, business } from '../db/schema/workspace.ts';
import { audit } from '../web/audit.ts';
import { draftOf, type BotVersion } from './bot-versions.ts';
import { firstGreeting } from './first-greeting.ts';
import { botSettings, type BotSettings } from './settings.ts';
import type { Workspace } from '../workspace.ts';

export interface NewBot {
  /** What differs from the defaults. */
  settings?: Partial<BotSettings>;
  /** Null when the software makes it (the sample). */
  userId: number | null;
}

/**
 * Makes a bot with a draft and nothing live: it answers only from knowledge, greets in the business's language, and needs
 * no key yet (the built-in provider quotes). Returns its draft. Throws ZodError when the settings given are not valid.
 */
export function createBot(workspace: Workspace, { settings, userId }: NewBot): BotVersion {
  const own = workspace.db.select().from(business).get();
  // The fallback sentence stays empty: customers then read ours in their own language, not in the business's.
  const checked = botSettings.parse({ greeting: firstGreeting(own?.language, own?.name ?? ''), ...settings });
  return workspace.durable(() => {
    const at = workspace.clock.now();
    const { id } = workspace.db.insert(bots).values({ name: checked.name, createdAt: at }).returning({ id: bots.id }).get();
    workspace.db
      .insert(botVersions)
      .values({ botId: id, number: 0, settings: checked, createdBy: userId, createdAt: at, updatedAt: at })
      .run();
    audit(workspace, { actor: userId ?? 'system', action: 'bot.created', subject: `bot ${id}` });
    const draft = draftOf(workspace, id);
    if (!draft) throw new Error('a draft was written and is not there');
    return draft;
  });
}
