/** What was spent, and what may be, for the pages that show it. Money in micro-units of the business's currency. */
import type { Workspace } from '../../workspace.ts';
import { todayOf } from './own-money.ts';
import { BUDGET_COLUMNS, EVERYTHING, type Budget } from './reserve.ts';

export type { Budget } from './reserve.ts';

export interface SpentDay {
  botId: number;
  day: string;
  spent: number;
  held: number;
  calls: number;
  /** Calls whose price nobody knew. */
  unpriced: number;
}

/** By bot and day, everything's row (0) with them, the latest day first; days as the calendar has them, both counted. */
export function spentBetween(ws: Workspace, first: string, last: string): SpentDay[] {
  const { currency } = todayOf(ws);
  return ws
    .prepare(
      `SELECT bot_id AS botId, day, spent_micros AS spent, held_micros AS held, calls, unpriced FROM spend
       WHERE currency = ? AND day >= ? AND day <= ? ORDER BY day DESC, spent_micros DESC, bot_id`,
    )
    .all(currency, first, last) as SpentDay[];
}

export function budgetsOf(ws: Workspace): Budget[] {
  return ws.prepare(`SELECT ${BUDGET_COLUMNS} FROM budgets ORDER BY bot_id`).all() as Budget[];
}

interface BudgetNotice {
  botId: number;
  span: 'day' | 'month';
  level: 'near' | 'spent';
}

/** Which budgets are nearly spent or have stopped a call, of this day and this month; the worst of each. */
export function budgetNotices(ws: Workspace, botId?: number): BudgetNotice[] {
  const { day } = todayOf(ws);
  const rows = ws
    .prepare(
      `SELECT bot_id AS botId, CASE WHEN period = @day THEN 'day' ELSE 'month' END AS span, max(level) AS level FROM budget_notices
       WHERE period IN (@day, @month) AND (@bot IS NULL OR bot_id IN (@everything, @bot)) GROUP BY bot_id, period ORDER BY bot_id`,
    )
    .all({ day, month: day.slice(0, 7), bot: botId ?? null, everything: EVERYTHING });
  return rows as BudgetNotice[];
}
