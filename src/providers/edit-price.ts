import { and, eq } from '../db/drizzle.ts';
import { prices } from '../db/schema/workspace.ts';
import { audit } from '../web/audit.ts';
import type { Workspace } from '../workspace.ts';
import { microsOf } from './spending/decimal.ts';

export interface PriceForm {
  provider: 'openai' | 'anthropic' | 'compatible';
  model: string;
  /** ISO 4217. */
  currency: string;
  /** Money per million tokens as people write it: "2.50" or "0,15". */
  input: string;
  /** '' takes the price of input. */
  cached: string;
  output: string;
}

export type Edited = { ok: true } | { ok: false; field: keyof PriceForm; says: string };

/** Sets the user's own price of a model; it wins over the release's list. */
export function editPrice(workspace: Workspace, form: PriceForm, userId: number): Edited {
  const currency = form.currency.trim().toUpperCase();
  if (!/^[A-Z]{3}$/.test(currency)) return { ok: false, field: 'currency', says: 'Enter the three letters of a currency, like EUR.' };
  if (form.model.trim() === '') return { ok: false, field: 'model', says: 'Choose a model.' };
  const inputMicros = microsOf(form.input);
  const cachedMicros = microsOf(form.cached.trim() === '' ? form.input : form.cached);
  const outputMicros = microsOf(form.output);
  if (inputMicros === null) return notMoney('input');
  if (cachedMicros === null) return notMoney('cached');
  if (outputMicros === null) return notMoney('output');
  const what = { provider: form.provider, model: form.model.trim() };
  const price = { currency, inputMicros, cachedMicros, outputMicros, updatedBy: userId, updatedAt: workspace.clock.now() };
  workspace.durable(() => {
    workspace.db
      .insert(prices)
      .values({ ...what, ...price })
      .onConflictDoUpdate({ target: [prices.provider, prices.model], set: price })
      .run();
    audit(workspace, {
      actor: userId,
      action: 'price.edited',
      subject: `${what.provider} ${what.model}`,
      detail: { currency, inputMicros, cachedMicros, outputMicros },
    });
  });
  return { ok: true };
}

/** Takes the release's own price again. */
export function resetPrice(workspace: Workspace, { provider, model }: Pick<PriceForm, 'provider' | 'model'>, userId: number): void {
  workspace.durable(() => {
    const { changes } = workspace.db
      .delete(prices)
      .where(and(eq(prices.provider, provider), eq(prices.model, model)))
      .run();
    if (changes > 0) audit(workspace, { actor: userId, action: 'price.reset', subject: `${provider} ${model}` });
  });
}

function notMoney(field: 'input' | 'cached' | 'output'): Edited {
  return { ok: false, field, says: 'Enter an amount for a million tokens, like 2.50, with at most six decimals.' };
}
