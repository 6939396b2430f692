import { and, eq, isNull } from '../db/drizzle.ts';
import { providerKeys } from '../db/schema/workspace.ts';
import { chats } from '../providers/index.ts';
import type { BotSettings } from './settings.ts';
import type { Workspace } from '../workspace.ts';

/** What is wrong, by field, each in plain words with the way out. */
export type Problems = Partial<Record<keyof BotSettings | 'tests', string>>;

/** What the schema alone can't know: whether the keys are still there and open their models. Undefined when all is well. */
export function checkModel(workspace: Workspace, { providerKeyId, model, backups }: BotSettings): Problems | undefined {
  if (providerKeyId === null) return undefined;
  const first = problemWith(workspace, providerKeyId, model);
  if (first) return { model: first };
  const ways = [{ providerKeyId, model }, ...backups];
  for (const [at, backup] of backups.entries()) {
    const says = problemWith(workspace, backup.providerKeyId, backup.model);
    if (says) return { backups: says };
    const twice = ways.slice(0, at + 1).some((way) => way.providerKeyId === backup.providerKeyId && way.model === backup.model);
    if (twice) return { backups: `${backup.model} of the same key stands there twice. Choose another.` };
  }
  return undefined;
}

function problemWith(workspace: Workspace, keyId: number, model: string): string | undefined {
  const key = workspace.db
    .select()
    .from(providerKeys)
    .where(and(eq(providerKeys.id, keyId), isNull(providerKeys.removedAt)))
    .get();
  if (!key) return 'The key of this model was removed. Choose a model of another key.';
  if (key.provider === 'quote') return undefined;
  if (model === '') return `Choose a model of ${key.name}.`;
  // Other hosts open more than they list (Azure lists no deployments): there a name is taken as it was typed.
  if (key.provider !== 'compatible' && !key.models.some((each) => each.id === model && chats(each)))
    return `${key.name} doesn’t offer ${model}. Choose one from the list, or check the key again.`;
  return undefined;
}
