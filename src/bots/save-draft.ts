import { and, eq, isNull } from '../db/drizzle.ts';
import { botVersions, bots } from '../db/schema/workspace.ts';
import { draftOf, type BotVersion } from './bot-versions.ts';
import { checkModel, type Problems } from './check-settings.ts';
import { botSettings, type BotSettings } from './settings.ts';
import type { Workspace } from '../workspace.ts';

export interface DraftChanges {
  botId: number;
  /** Only what changes; the rest of the draft stays. */
  changes: Partial<BotSettings>;
  userId: number | null;
}

export type SavedDraft = { draft: BotVersion; problems?: undefined } | { draft?: undefined; problems: Problems };

/**
 * Changes the draft; customers see nothing of it until it is published.
 * Returns what is wrong when the key doesn't offer the model. Throws ZodError for values that don't fit, which the editor's
 * form says field by field, and Error when there is no such bot.
 */
export function saveDraft(workspace: Workspace, { botId, changes, userId }: DraftChanges): SavedDraft {
  return workspace.durable(() => {
    const draft = draftOf(workspace, botId);
    if (!draft) throw new Error(`there is no bot ${botId}`);
    const settings = botSettings.parse({ ...draft.settings, ...changes });
    const touchesModel = 'model' in changes || 'providerKeyId' in changes || 'backups' in changes;
    const problems = touchesModel ? checkModel(workspace, settings) : undefined;
    if (problems) return { problems };
    workspace.db
      .update(botVersions)
      .set({ settings, updatedAt: workspace.clock.now(), createdBy: userId })
      .where(eq(botVersions.id, draft.id))
      .run();
    // Lists and channels show `bots.name`: the live version's, or the draft's while nothing is live.
    workspace.db
      .update(bots)
      .set({ name: settings.name })
      .where(and(eq(bots.id, botId), isNull(bots.publishedVersionId)))
      .run();
    return { draft: { ...draft, settings, updatedAt: workspace.clock.now(), createdBy: userId } };
  });
}
