/** What the keys' pages show. Nothing here opens a key. */
import { and, asc, eq, isNull } from '../db/drizzle.ts';
import { prices, providerKeys } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';
import { listPrice, priceOf, type Price } from './prices.ts';
import { chats, type Model, type Provider } from './provider.ts';
import { vendorUrls } from './registry.ts';

export interface ListedKey {
  id: number;
  provider: Provider['id'];
  name: string;
  host: string;
  /** '' for a host without keys, and for one too short to show any of it. */
  lastFour: string;
  chatModels: Model[];
  embeddingModels: Model[];
  hearingModels: Model[];
  status: 'works' | 'broken';
  /** What the last failure said; null when all is well. */
  says: string | null;
  checkedAt: number;
  createdAt: number;
}

/** The workspace's keys, the oldest first. */
export function listKeys(workspace: Workspace): ListedKey[] {
  return workspace.db
    .select(shown)
    .from(providerKeys)
    .where(isNull(providerKeys.removedAt))
    .orderBy(asc(providerKeys.id))
    .all()
    .map(listed);
}

export function keyById(workspace: Workspace, keyId: number): ListedKey | undefined {
  const row = workspace.db
    .select(shown)
    .from(providerKeys)
    .where(and(eq(providerKeys.id, keyId), isNull(providerKeys.removedAt)))
    .get();
  return row && listed(row);
}

const shown = {
  id: providerKeys.id,
  provider: providerKeys.provider,
  name: providerKeys.name,
  baseUrl: providerKeys.baseUrl,
  lastFour: providerKeys.lastFour,
  models: providerKeys.models,
  status: providerKeys.status,
  says: providerKeys.says,
  checkedAt: providerKeys.checkedAt,
  createdAt: providerKeys.createdAt,
};

type Shown = Pick<typeof providerKeys.$inferSelect, keyof typeof shown>;

function listed({ baseUrl, lastFour, models, ...row }: Shown): ListedKey {
  return {
    ...row,
    host: URL.parse(baseUrl ?? vendorUrls[row.provider] ?? '')?.host ?? '',
    lastFour: lastFour ?? '',
    chatModels: models.filter(chats),
    embeddingModels: models.filter(({ embeds }) => embeds),
    hearingModels: models.filter(({ hears }) => hears),
  };
}

export interface ListedPrice {
  provider: Provider['id'];
  model: string;
  /** Null: price unknown. */
  price: Price | null;
  /** What the release's list says, to go back to. */
  list: Price | null;
}

/** Prices of every model that the workspace's keys open, and of those the user priced before. */
export function listPrices(workspace: Workspace): ListedPrice[] {
  const own = workspace.db.select({ provider: prices.provider, model: prices.model }).from(prices).all();
  const opened = listKeys(workspace).flatMap(({ provider, chatModels, embeddingModels, hearingModels }) =>
    [...chatModels, ...embeddingModels, ...hearingModels].map(({ id }) => ({ provider, model: id })),
  );
  const unique = new Map([...opened, ...own].map((each) => [`${each.provider} ${each.model}`, each]));
  return [...unique.values()].map(({ provider, model }) => {
    const id = provider as Provider['id'];
    return { provider: id, model, price: priceOf(workspace, id, model), list: listPrice(id, model) };
  });
}
