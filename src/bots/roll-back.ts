import { eq } from '../db/drizzle.ts';
import { botVersions } from '../db/schema/workspace.ts';
import { draftOf, publishedOf, versionNumbered } from './bot-versions.ts';
import { checkModel } from './check-settings.ts';
import { sameSettings } from './differences.ts';
import { copyAsNext, type Published } from './publish-draft.ts';
import type { Workspace } from '../workspace.ts';

export interface RollBack {
  botId: number;
  /** Of the version whose settings are wanted again. */
  number: number;
  userId: number | null;
}

/**
 * Makes what an earlier version held live again, as a version of its own: numbers only rise, so what answered when can be
 * read from them. A draft in which nothing waits to be published follows; one with changes stays as it is. The way back is
 * the same act with the number that was live before. Returns what is wrong when the version's key or model is gone, and the
 * live version when it holds the same already. Throws Error when there is no such bot or version.
 */
export function rollBack(workspace: Workspace, { botId, number, userId }: RollBack): Published {
  return workspace.durable(() => {
    const wanted = number > 0 ? versionNumbered(workspace, botId, number) : undefined;
    const draft = draftOf(workspace, botId);
    if (!wanted || !draft) throw new Error(`there is no version ${number} of bot ${botId}`);
    const live = publishedOf(workspace, botId);
    if (live && sameSettings(live.settings, wanted.settings)) return { version: live };
    const problems = checkModel(workspace, wanted.settings);
    if (problems) return { problems };
    if (live && sameSettings(live.settings, draft.settings)) {
      const changes = { settings: wanted.settings, updatedAt: workspace.clock.now(), createdBy: userId };
      workspace.db.update(botVersions).set(changes).where(eq(botVersions.id, draft.id)).run();
    }
    return { version: copyAsNext(workspace, wanted, userId, { from: number }) };
  });
}
