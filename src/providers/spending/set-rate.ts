import { audit } from '../../web/audit.ts';
import type { Workspace } from '../../workspace.ts';
import { microsOf } from './decimal.ts';
import { todayOf } from './own-money.ts';

export type RateSet = { ok: true } | { ok: false; says: string };

/** Sets what one unit of a currency is worth in the business's own, from now on: what was counted stays as it was counted. */
export function setRate(ws: Workspace, from: string, text: string, userId: number): RateSet {
  const rate = microsOf(text);
  if (rate === null || rate === 0) return { ok: false, says: 'Enter what one is worth, like 0.92, with at most six decimals.' };
  const { currency } = todayOf(ws);
  ws.durable(() => {
    ws.prepare(
      `INSERT INTO exchange_rates (from_currency, into_currency, rate_micros, updated_by, updated_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET rate_micros = excluded.rate_micros, updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
    ).run(from, currency, rate, userId, ws.clock.now());
    audit(ws, { actor: userId, action: 'rate.set', subject: `${from} in ${currency}`, detail: { rate } });
  });
  return { ok: true };
}

export interface Rate {
  from: string;
  into: string;
  /** Millionths; null where none is set. */
  micros: number | null;
  setAt: number | null;
}

/** The rates that are wanted: of each currency given that isn't the business's own. */
export function ratesOf(ws: Workspace, currencies: readonly string[]): Rate[] {
  const { currency } = todayOf(ws);
  return [...new Set(currencies)]
    .filter((from) => from !== currency)
    .map((from) => {
      const row = ws
        .prepare('SELECT rate_micros AS micros, updated_at AS setAt FROM exchange_rates WHERE from_currency = ? AND into_currency = ?')
        .get(from, currency) as { micros: number; setAt: number } | undefined;
      return { from, into: currency, micros: row?.micros ?? null, setAt: row?.setAt ?? null };
    });
}
