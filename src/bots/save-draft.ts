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
 * Returns what is wrong by field when a value doesn't fit or the key doesn't offer the model. Throws when there is no such bot.
 */
export function saveDraft(workspace: Workspace, { botId, changes, userId }: DraftChanges): SavedDraft {
  return workspace.durable(() => {
    const draft = draftOf(workspace, botId);
    if (!draft) throw new Error(`there is no bot ${botId}`);
    const parsed = botSettings.safeParse({ ...draft.settings, ...changes });
    if (!parsed.success) return { problems: inWords(parsed.error.issues) };
    const settings = parsed.data;
    const touchesModel = 'model' in changes || 'providerKeyId' in changes;
    const problems = touchesModel ? checkModel(workspace, settings) : undefined;
    if (problems) return { problems };
    workspace.db.update(botVersions).set({ settings, updatedAt: workspace.clock.now(), createdBy: userId }).where(eq(botVersions.id, draft.id)).run();
    // Lists and channels show `bots.name`: the live version's, or the draft's while nothing is live.
    workspace.db.update(bots).set({ name: settings.name }).where(and(eq(bots.id, botId), isNull(bots.publishedVersionId))).run();
    return { draft: { ...draft, settings, updatedAt: workspace.clock.now(), createdBy: userId } };
  });
}

interface Issue {
  code?: string;
  path: PropertyKey[];
  maximum?: unknown;
}

function inWords(issues: Issue[]): Problems {
  const problems: Problems = {};
  for (const issue of issues) {
    const field = String(issue.path[0]) as keyof BotSettings;
    problems[field] ??= sayIssue(field, issue);
  }
  return problems;
}

function sayIssue(field: keyof BotSettings, issue: Issue): string {
  if (field === 'name' && issue.code === 'too_small') return 'A bot needs a name.';
  if (field === 'starters' && issue.path.length === 1) return 'Six questions at most. Take some out.';
  if (field === 'temperature') return 'A number from 0 to 2, or nothing.';
  if (issue.code === 'too_big') return `That is too long. ${Number(issue.maximum).toLocaleString('en')} characters fit.`;
  return 'This value doesn’t fit here. Choose one of those offered.';
}
