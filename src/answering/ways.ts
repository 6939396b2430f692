/** The keys and models that a bot asks, one after the other where one fails. */
import type { BotSettings } from '../bots/index.ts';
import {
  mayAsk,
  noteNothing,
  openProvider,
  priceOf,
  ProviderError,
  type Masker,
  type OpenProvider,
  type Price,
} from '../providers/index.ts';
import type { Workspace } from '../workspace.ts';

export interface Way {
  keyId: number | null;
  model: string;
}

export interface OpenWay {
  open: OpenProvider;
  model: string;
  price: Price | null;
  /** The same for every way of one question; without one the strictest rules mask it. */
  masker: Masker | undefined;
  /** Ends a call whose first word doesn't come; null where no other way is left. */
  giveUp: AbortController | null;
}

/** Silence before the first word after which another model is asked, where there is one. */
export const patience = { firstWordMs: 12_000 };

/** A bot's ways, the first first. Without a key there is one: the built-in provider. */
export function waysOf({ providerKeyId, model, backups }: BotSettings): Way[] {
  const first = { keyId: providerKeyId, model };
  return providerKeyId === null ? [first] : [first, ...backups.map(({ providerKeyId: keyId, model }) => ({ keyId, model }))];
}

/**
 * Takes the next way that may be asked out of `ways` and opens it. Where all are ill the first is asked all the same: a
 * customer waits, and not asking would surely fail. Throws ProviderError when none opens.
 */
export function openNext(ws: Workspace, ways: Way[], signal: AbortSignal, masker?: Masker): OpenWay {
  let failure = new ProviderError('wrong-key', 'This bot has no key. Choose a model in its settings.');
  while (ways.length > 0) {
    const well = ways.findIndex(({ keyId, model }) => keyId === null || mayAsk(ws, keyId, model));
    for (const way of ways.splice(Math.max(0, well), 1)) {
      try {
        return openWay(ws, way, { masker, signal, others: ways.length > 0 });
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        if (way.keyId !== null) noteNothing(ws, way.keyId, way.model);
        failure = error;
      }
    }
  }
  throw failure;
}

function openWay(
  ws: Workspace,
  { keyId, model }: Way,
  { masker, signal, others }: { masker: Masker | undefined; signal: AbortSignal; others: boolean },
): OpenWay {
  const giveUp = others ? new AbortController() : null;
  const open = openProvider(ws, keyId, giveUp ? AbortSignal.any([signal, giveUp.signal]) : signal, masker);
  return { open, model, price: priceOf(ws, open.provider.id, model), masker, giveUp };
}

const ELSEWHERE: readonly ProviderError['kind'][] = [
  'rate',
  'overloaded',
  'broken',
  'silent',
  'unreachable',
  'no-credit',
  'wrong-key',
  'no-model',
];

/** Whether another model may do what this one failed at. What it refused to say, no other is asked to. */
export function helpsElsewhere(error: unknown): error is ProviderError {
  return error instanceof ProviderError && ELSEWHERE.includes(error.kind);
}
