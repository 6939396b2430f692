/** What the editor shows of a bot's models and their money. */
import {
  budgetNotices,
  budgetsOf,
  EVERYTHING,
  hearingModel,
  keyById,
  lacks,
  priceOf,
  seesPictures,
  todayOf,
  worthIn,
} from '../providers/index.ts';
import type { Workspace } from '../workspace.ts';
import { modelChoices, troubleWithKey } from './bots.queries.ts';
import type { BotSettings } from './settings.ts';

export function modelPage(workspace: Workspace, settings: BotSettings, botId: number): object {
  const spent = budgetNotices(workspace, botId).map(({ span, level }) => ({
    kind: level === 'spent' ? 'failed' : 'wanted',
    head: `${level === 'spent' ? 'The' : 'Most of the'} budget for ${span === 'day' ? 'today' : 'this month'} is spent.`,
  }));
  return {
    ...modelChoices(workspace, settings),
    trouble: troubleWithKey(workspace, settings),
    spent,
    saved: savedBy(workspace, botId),
    unpriced: uncountable(workspace, settings, botId),
    opens: whatItOpens(workspace, settings),
  };
}

/** What stands beside the switches for what customers send besides words. */
function whatItOpens(workspace: Workspace, settings: BotSettings): { pictures: boolean; voiceHint: string; picturesHint: string } {
  const { providerKeyId, model, backups } = settings;
  const keys = [providerKeyId, ...backups.map((backup) => backup.providerKeyId)];
  const hearing = keys.flatMap((key) => (key === null ? [] : (hearingModel(workspace, key) ?? [])))[0];
  return {
    pictures: settings.seesPictures ?? seesPictures(model),
    voiceHint:
      hearing === undefined
        ? 'None of the models above writes down what was spoken: that needs a key of OpenAI, or of a host that does it. Until then a person is called.'
        : `${hearing} writes down what was spoken, and it is answered like any message.`,
    picturesHint: hintOnPictures(workspace, settings),
  };
}

function hintOnPictures(workspace: Workspace, { providerKeyId, model }: BotSettings): string {
  if (providerKeyId === null) return 'This needs a model.';
  if (lacks(workspace, providerKeyId, 'pictures', model))
    return `${model} refused pictures before, so it is shown none. A person is called.`;
  if (seesPictures(model)) return `${model} is known to look at pictures. Those above 3.75 MB go to a person.`;
  return `Nobody knows whether ${model} looks at pictures. Switched on, it is shown one; where it refuses, a person is called from then on.`;
}

const SAVED_DAYS = 30;
const SAVED = `
  SELECT r.currency, sum(r.saved_micros) AS micros FROM runs r
  WHERE r.started_at >= ? AND r.saved_micros > 0 AND r.bot_version_id IN (SELECT id FROM bot_versions WHERE bot_id = ?)
  GROUP BY r.currency ORDER BY micros DESC`;

/** What the providers' caches saved in the last thirty days, each currency by itself. */
function savedBy(workspace: Workspace, botId: number): { currency: string; micros: number }[] {
  const since = workspace.clock.now() - SAVED_DAYS * 24 * 3600_000;
  return workspace.prepare(SAVED).all(since, botId) as ReturnType<typeof savedBy>;
}

/** Why a budget keeps a model from being asked: what it costs can't be counted. Null where nothing does. */
function uncountable(workspace: Workspace, { providerKeyId, model, backups }: BotSettings, botId: number): string | null {
  if (providerKeyId === null) return null;
  const budgets = budgetsOf(workspace).filter((budget) => budget.botId === EVERYTHING || budget.botId === botId);
  const limits = budgets.some(({ dayMicros, monthMicros }) => dayMicros !== null || monthMicros !== null);
  if (!limits || budgets.some(({ assumedMicros }) => assumedMicros !== null)) return null;
  const { currency } = todayOf(workspace);
  for (const way of [{ providerKeyId, model }, ...backups]) {
    const provider = keyById(workspace, way.providerKeyId)?.provider;
    const price = provider && priceOf(workspace, provider, way.model);
    if (provider && !price) return `There is a budget, and nobody knows what ${way.model} costs: it isn’t asked until its price is set.`;
    if (price && worthIn(workspace, currency, { micros: 1, currency: price.currency }) === null)
      return `There is a budget in ${currency}, and ${way.model} is paid in ${price.currency}: it isn’t asked until an exchange rate is set.`;
  }
  return null;
}
