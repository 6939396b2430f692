/** What models cost: the user's own prices first, then the list that came with this release. An unknown price is null, never 0. */
import { createRequire } from 'node:module';
import { z } from 'zod';
import { once } from '../lib/once.ts';
import type { Workspace } from '../workspace.ts';
import type { Provider, Usage } from './provider.ts';

/** Micro-units of `currency` per million tokens. */
export interface Price {
  currency: string;
  inputMicros: number;
  cachedMicros: number;
  /** For tokens written into the provider's cache. */
  writtenMicros: number;
  outputMicros: number;
  /** The user's own, from the release's list, or free because nobody charges. */
  from: 'own' | 'list' | 'free';
}

const listed = z.object({ input: z.int(), cached: z.int(), written: z.int().optional(), output: z.int() });
const priceList = z.object({ asOf: z.iso.date(), currency: z.string(), models: z.record(z.string(), z.record(z.string(), listed)) });

const require = createRequire(import.meta.url);
/** The release's list, with the day it was read from the vendors' pages. */
export const releasePrices = once(() => priceList.parse(require('./prices.json')));

const lists = once(
  () =>
    new Map(
      Object.entries(releasePrices().models).flatMap(([provider, models]) =>
        Object.entries(models).map(([model, price]) => [`${provider} ${model}`, price] as const),
      ),
    ),
);

/** A dated or "latest" name costs what its model costs. */
const DATED = /-(\d{8}|\d{4}-\d{2}-\d{2}|latest)$/;

const free = once((): Price => ({
  currency: releasePrices().currency,
  inputMicros: 0,
  cachedMicros: 0,
  writtenMicros: 0,
  outputMicros: 0,
  from: 'free',
}));

/** The price of a model, or null when nobody knows it. */
export function priceOf(workspace: Workspace, provider: Provider['id'], model: string): Price | null {
  if (provider === 'quote') return free();
  return ownPrice(workspace, provider, model) ?? listPrice(provider, model);
}

function ownPrice(workspace: Workspace, provider: string, model: string): Price | null {
  const row = workspace
    .prepare('SELECT currency, input_micros, cached_micros, output_micros FROM prices WHERE provider = ? AND model = ?')
    .get(provider, model);
  if (!row) return null;
  const {
    currency,
    input_micros: inputMicros,
    cached_micros: cachedMicros,
    output_micros: outputMicros,
  } = row as Record<string, number> & { currency: string };
  return {
    currency,
    inputMicros: inputMicros ?? 0,
    cachedMicros: cachedMicros ?? 0,
    writtenMicros: inputMicros ?? 0,
    outputMicros: outputMicros ?? 0,
    from: 'own',
  };
}

/** The price of the release's list alone: what an own price is compared with. */
export function listPrice(provider: string, model: string): Price | null {
  const found = lists().get(`${provider} ${model}`) ?? lists().get(`${provider} ${model.replace(DATED, '')}`);
  if (!found) return null;
  const { input, cached, written = input, output } = found;
  return {
    currency: releasePrices().currency,
    inputMicros: input,
    cachedMicros: cached,
    writtenMicros: written,
    outputMicros: output,
    from: 'list',
  };
}

const PER = 1_000_000;

/** What the cached tokens of a call would have cost more if they had been read anew; micro-units, rounded down. */
export function savedOf(price: Price, { cachedTokens }: Usage): number {
  return Math.floor((cachedTokens * Math.max(0, price.inputMicros - price.cachedMicros)) / PER);
}

/** Micro-units of the price's currency, rounded up to a whole one. Cached and written tokens are part of the input. */
export function costOf(price: Price, usage: Usage): number {
  const { inputTokens, cachedTokens, writtenTokens = 0, outputTokens } = usage;
  const fresh = Math.max(0, inputTokens - cachedTokens - writtenTokens);
  const sum =
    fresh * price.inputMicros + cachedTokens * price.cachedMicros + writtenTokens * price.writtenMicros + outputTokens * price.outputMicros;
  return Math.ceil(sum / PER);
}
