import { and, eq, isNull } from '../db/drizzle.ts';
import { providerKeys } from '../db/schema/workspace.ts';
import type { BotSettings } from './settings.ts';
import type { Workspace } from '../workspace.ts';

/** What is wrong, by field, each in plain words with the way out. */
export type Problems = Partial<Record<keyof BotSettings, string>>;

/** What the schema alone can't know: whether the key is still there and opens that model. Undefined when all is well. */
export function checkModel(workspace: Workspace, settings: BotSettings): Problems | undefined {
  if (settings.providerKeyId === null) return undefined;
  const key = workspace.db
    .select()
    .from(providerKeys)
    .where(and(eq(providerKeys.id, settings.providerKeyId), isNull(providerKeys.removedAt)))
    .get();
  if (!key) return { model: 'The key of this model was removed. Choose a model of another key.' };
  if (key.provider === 'quote') return undefined;
  if (settings.model === '') return { model: `Choose a model of ${key.name}.` };
  // Other hosts open more than they list (Azure lists no deployments): there a name is taken as it was typed.
  if (key.provider !== 'compatible' && !key.models.some((model) => model.id === settings.model && !model.embeds)) {
    return { model: `${key.name} doesn’t offer ${settings.model}. Choose one from the list, or check the key again.` };
  }
  return undefined;
}
