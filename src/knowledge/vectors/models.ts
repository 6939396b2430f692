/** The models that somebody agreed to, as the acts of this folder see them. */
import {
  charge,
  costOf,
  EVERYTHING,
  keyById,
  openProvider,
  priceOf,
  ProviderError,
  refusalOf,
  type Embedder,
  type Money,
  type OpenProvider,
  type Provider,
} from '../../providers/index.ts';
import type { Workspace } from '../../workspace.ts';
import type { Background } from './scale.ts';

export interface LiveModel {
  id: number;
  keyId: number;
  provider: Provider['id'];
  model: string;
  state: 'filling' | 'serving';
  dimensions: number | null;
  /** What it makes of the examples; null until it was shown them. */
  background: Background | null;
}

interface Row extends Omit<LiveModel, 'background'> {
  mean: number | null;
  spread: number | null;
  of: number | null;
}

const LIVE = `
  SELECT id, provider_key_id AS keyId, provider, model, state, dimensions,
    background_mean AS mean, background_spread AS spread, background_of AS "of"
  FROM embedding_models WHERE state <> 'retired' ORDER BY state DESC`;

/** The one that serves first, then the one that is being filled; at most these two. */
export function liveModels(ws: Workspace): LiveModel[] {
  return (ws.prepare(LIVE).all() as Row[]).map(({ mean, spread, of, ...row }) => ({
    ...row,
    background: mean === null || spread === null || of === null ? null : { mean, spread, of },
  }));
}

/** Where questions are sent that words alone don't settle, and by which key; null when they stay here. */
export function meaningFrom(ws: Workspace): { host: string; keyId: number } | null {
  const row = ws.prepare("SELECT coalesce(host, '') AS host, provider_key_id AS keyId FROM embedding_models WHERE state = 'serving'").get();
  return (row ?? null) as { host: string; keyId: number } | null;
}

export type OpenEmbedder = OpenProvider & { embedder: Embedder };

/** What a call to a model needs. Throws ProviderError when its key is gone or has nothing that embeds. */
export function openEmbedder(ws: Workspace, { keyId, model }: Pick<LiveModel, 'keyId' | 'model'>, signal: AbortSignal): OpenEmbedder {
  if (!keyById(ws, keyId)) throw new ProviderError('wrong-key', `The key of ${model} was removed. Choose a model of another key.`);
  const open = openProvider(ws, keyId, signal);
  const { embedder } = open.provider;
  if (!embedder) throw new ProviderError('no-model', `${open.provider.name} has no models for this. Choose another one.`);
  return { ...open, embedder };
}

/** Why nothing may be sent to a model now: the business's budget is spent. */
export class NoBudget extends Error {
  readonly says: string;

  constructor(says: string) {
    super(says);
    this.says = says;
  }
}

/** Throws NoBudget when so many tokens may not be paid for. Nothing is held for them: few such calls run at once. */
export function demandBudget(ws: Workspace, model: LiveModel, tokens: number): void {
  const says = ws.write(() => refusalOf(ws, EVERYTHING, costOfTokens(ws, model, tokens)));
  if (says !== null) throw new NoBudget(says);
}

function costOfTokens(ws: Workspace, { provider, model }: LiveModel, tokens: number): Money | null {
  const price = priceOf(ws, provider, model);
  return price && { micros: costOf(price, { inputTokens: tokens, cachedTokens: 0, outputTokens: 0 }), currency: price.currency };
}

/** Writes down what a call cost, where the price is known, and counts it against the business's budget; inside a transaction. */
export function spend(ws: Workspace, live: LiveModel, tokens: number): void {
  const cost = costOfTokens(ws, live, tokens);
  charge(ws, EVERYTHING, cost);
  ws.prepare(
    'UPDATE embedding_models SET tokens = tokens + ?, cost_micros = cost_micros + ?, currency = coalesce(?, currency) WHERE id = ?',
  ).run(tokens, cost?.micros ?? 0, cost?.currency ?? null, live.id);
}

/** Tells open pages, once it is committed. */
export function tellVectors(ws: Workspace): void {
  ws.afterCommit(() => ws.bus.publish({ type: 'vectors' }));
}
