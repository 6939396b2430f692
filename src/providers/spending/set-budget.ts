import { z } from 'zod';
import { audit } from '../../web/audit.ts';
import type { Workspace } from '../../workspace.ts';
import { microsOf } from './decimal.ts';
import { EVERYTHING } from './reserve.ts';
import { todayOf } from './own-money.ts';

/** As people type it: money like "12" or "0,50"; empty for no ceiling. */
export const budgetForm = z.strictObject({
  day: z.string().max(20).default(''),
  month: z.string().max(20).default(''),
  warn: z.string().max(3).default('80'),
  /** Of everything alone: '' refuses calls of an unknown price. */
  assumed: z.string().max(20).default(''),
});

export type BudgetForm = z.output<typeof budgetForm>;
export type BudgetSet = { ok: true } | { ok: false; errors: Partial<Record<keyof BudgetForm, string>> };

/** Sets the ceilings of a bot, or of everything (0); both empty take the budget away. In the business's currency. */
export function setBudget(ws: Workspace, botId: number, form: BudgetForm, userId: number): BudgetSet {
  const read = readForm(form);
  if (!read.ok) return read;
  const { currency } = todayOf(ws);
  const { dayMicros, monthMicros, warnPercent } = read;
  const assumedMicros = botId === EVERYTHING ? read.assumedMicros : null;
  const none = dayMicros === null && monthMicros === null && assumedMicros === null;
  ws.durable(() => {
    if (none) ws.prepare('DELETE FROM budgets WHERE bot_id = ?').run(botId);
    else
      ws.prepare(
        `INSERT INTO budgets (bot_id, currency, day_micros, month_micros, warn_percent, assumed_micros, updated_by, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET currency = excluded.currency, day_micros = excluded.day_micros, month_micros = excluded.month_micros,
           warn_percent = excluded.warn_percent, assumed_micros = excluded.assumed_micros, updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
      ).run(botId, currency, dayMicros, monthMicros, warnPercent, assumedMicros, userId, ws.clock.now());
    // What was told was told of the budget before.
    ws.prepare('DELETE FROM budget_notices WHERE bot_id = ?').run(botId);
    audit(ws, {
      actor: userId,
      action: 'budget.set',
      subject: botId === EVERYTHING ? 'everything' : `bot ${botId}`,
      detail: { currency, dayMicros, monthMicros, warnPercent, assumedMicros },
    });
  });
  return { ok: true };
}

type Read = { ok: true; dayMicros: number | null; monthMicros: number | null; warnPercent: number; assumedMicros: number | null };

function readForm({ day, month, warn, assumed }: BudgetForm): Read | Exclude<BudgetSet, { ok: true }> {
  const errors: Partial<Record<keyof BudgetForm, string>> = {};
  const money = (field: 'day' | 'month' | 'assumed', text: string): number | null => {
    if (text.trim() === '') return null;
    const micros = microsOf(text);
    if (micros === null) errors[field] = 'Enter an amount like 12 or 0.50, or nothing.';
    return micros;
  };
  const dayMicros = money('day', day);
  const monthMicros = money('month', month);
  const assumedMicros = money('assumed', assumed);
  const warnPercent = /^\d{1,3}$/.test(warn.trim()) ? Number(warn) : 0;
  if (warnPercent < 1 || warnPercent > 100) errors.warn = 'A number from 1 to 100.';
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, dayMicros, monthMicros, warnPercent, assumedMicros };
}
