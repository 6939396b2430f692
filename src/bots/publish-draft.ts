import { eq, max } from '../db/drizzle.ts';
import { botVersions, bots } from '../db/schema/workspace.ts';
import { audit } from '../web/audit.ts';
import { draftOf, publishedOf, versionById, type BotVersion } from './bot-versions.ts';
import { checkModel, type Problems } from './check-settings.ts';
import { sameSettings } from './differences.ts';
import { heldUpBy } from './tests/plan.ts';
import type { Workspace } from '../workspace.ts';

export type Published = { version: BotVersion; problems?: undefined } | { version?: undefined; problems: Problems };

interface Publishing {
  botId: number;
  userId: number | null;
  anyway?: string;
}

/**
 * Makes the draft live: a copy of it with the next number, which never changes again. The next answer uses it; one that is
 * being written ends with the version it began with. A draft equal to what is live publishes nothing and returns that.
 * Where its tests hold it up, `anyway` says why it goes live all the same.
 */
export function publishDraft(workspace: Workspace, { botId, userId, anyway }: Publishing): Published {
  return workspace.durable(() => {
    const draft = draftOf(workspace, botId);
    if (!draft) throw new Error(`there is no bot ${botId}`);
    const live = publishedOf(workspace, botId);
    if (live && sameSettings(live.settings, draft.settings)) return { version: live };
    const problems = checkModel(workspace, draft.settings);
    if (problems) return { problems };
    const tests = anyway === undefined ? heldUpBy(workspace, draft) : null;
    if (tests !== null) return { problems: { tests } };
    return { version: copyAsNext(workspace, draft, userId, anyway === undefined ? {} : { anyway }) };
  });
}

/** Inside of a transaction: what `from` holds goes live under the next number. `detail` stands in the record of who did what. */
export function copyAsNext(workspace: Workspace, from: BotVersion, userId: number | null, detail: object = {}): BotVersion {
  const at = workspace.clock.now();
  const last = workspace.db
    .select({ number: max(botVersions.number) })
    .from(botVersions)
    .where(eq(botVersions.botId, from.botId))
    .get();
  const number = (last?.number ?? 0) + 1;
  const { id } = workspace.db
    .insert(botVersions)
    .values({ botId: from.botId, number, settings: from.settings, createdBy: userId, createdAt: at, updatedAt: at })
    .returning({ id: botVersions.id })
    .get();
  workspace.db.update(bots).set({ publishedVersionId: id, name: from.settings.name }).where(eq(bots.id, from.botId)).run();
  const noted = { version: number, ...detail };
  audit(workspace, { actor: userId ?? 'system', action: 'bot.published', subject: `bot ${from.botId}`, detail: noted });
  const version = versionById(workspace, id);
  if (!version) throw new Error('a version was written and is not there');
  return version;
}
