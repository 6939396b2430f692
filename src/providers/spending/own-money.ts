/** The business's own money and its own calendar: budgets are kept in both. */
import type { Workspace } from '../../workspace.ts';
import { zoneOf } from '../../web/zones.ts';

export interface Money {
  micros: number;
  currency: string;
}

export interface Today {
  /** As the calendar of the business has it: 2026-11-18. */
  day: string;
  /** The first day of its month. */
  first: string;
  currency: string;
}

/** The day that it is now for the business, and the currency it counts in. */
export function todayOf(ws: Workspace): Today {
  const { timezone, currency } = ws.prepare('SELECT timezone, currency FROM business WHERE id = 1').get() as {
    timezone: string;
    currency: string;
  };
  const day = zoneOf(timezone).dayOf(ws.clock.now());
  return { day, first: `${day.slice(0, 7)}-01`, currency };
}

const ONE = 1_000_000;

/** Micro-units of `own` that an amount is worth by the owner's rate, rounded up; null where no rate is set. */
export function worthIn(ws: Workspace, own: string, { micros, currency }: Money): number | null {
  if (currency === own || micros === 0) return micros;
  const rate = ws
    .prepare('SELECT rate_micros FROM exchange_rates WHERE from_currency = ? AND into_currency = ?')
    .pluck()
    .get(currency, own) as number | undefined;
  return rate === undefined ? null : Math.ceil(micros * (rate / ONE));
}
