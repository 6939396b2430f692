import { keyById, priceOf } from '../providers/index.ts';
import { aboutCost } from './about-cost.ts';
import type { BotSettings } from './settings.ts';
import type { Workspace } from '../workspace.ts';

/** What an answer may cost with a model that we put forward, in micro-units: a quarter of a cent. */
const CHEAP = 2500;

/**
 * The model to begin with: the dearest of those whose answer costs next to nothing, since among cheap ones the price tells
 * the better; else the cheapest whose price is known; else the first that the key lists. Undefined for a key without models.
 */
export function suggestModel(
  workspace: Workspace,
  keyId: number,
  settings: Pick<BotSettings, 'instructions' | 'length'>,
): string | undefined {
  const key = keyById(workspace, keyId);
  if (!key) return undefined;
  const priced = key.chatModels.flatMap(({ id }) => {
    const price = priceOf(workspace, key.provider, id);
    return price ? [{ id, cost: aboutCost(price, settings) }] : [];
  });
  priced.sort((a, b) => a.cost - b.cost);
  const cheap = priced.filter(({ cost }) => cost <= CHEAP);
  return (cheap.at(-1) ?? priced[0] ?? key.chatModels[0])?.id;
}
