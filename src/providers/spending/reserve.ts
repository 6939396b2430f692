/**
 * The ledger of what calls cost. A call holds what it can cost at most before it is made, in the transaction that writes it
 * down, and is settled by the transaction that closes it. So however many are made at once, what was spent and what is held
 * together never pass a ceiling: only a call that costs more than its own estimate can, by that difference.
 */
import { enqueue } from '../../jobs/enqueue.ts';
import { moneyText } from '../../web/formats.ts';
import type { Workspace } from '../../workspace.ts';
import { todayOf, worthIn, type Money, type Today } from './own-money.ts';

/** Of everything together, beside those of single bots. */
export const EVERYTHING = 0;

/** Where a call's cost stands, for its settlement. */
export interface Held {
  botId: number;
  day: string;
  currency: string;
  micros: number;
}

export type Reserved = { held: Held; refused?: undefined } | { held?: undefined; refused: string };

/** A budget; money in micro-units. */
export interface Budget {
  botId: number;
  currency: string;
  dayMicros: number | null;
  monthMicros: number | null;
  warnPercent: number;
  assumedMicros: number | null;
}

export const BUDGET_COLUMNS =
  'bot_id AS botId, currency, day_micros AS dayMicros, month_micros AS monthMicros, warn_percent AS warnPercent, assumed_micros AS assumedMicros';

const LIMITS = `SELECT ${BUDGET_COLUMNS} FROM budgets WHERE bot_id IN (0, ?)`;

const SUMS = `
  SELECT coalesce(sum(spent_micros + held_micros), 0) AS month, coalesce(sum(CASE WHEN day = ? THEN spent_micros + held_micros ELSE 0 END), 0) AS day
  FROM spend WHERE bot_id = ? AND currency = ? AND day >= ? AND day <= ?`;

const HOLD = `
  INSERT INTO spend (bot_id, currency, day, held_micros, calls, unpriced) VALUES (?, ?, ?, ?, 1, ?)
  ON CONFLICT DO UPDATE SET held_micros = held_micros + excluded.held_micros, calls = calls + 1, unpriced = unpriced + excluded.unpriced`;

const SETTLE =
  'UPDATE spend SET held_micros = held_micros - ?, spent_micros = spent_micros + ? WHERE bot_id = ? AND currency = ? AND day = ?';

/**
 * Holds what a call can cost at most, or says in plain words for the owner why it can't be made. A null cost is an unknown
 * price. Bot 0 stands for what no bot asks: reading the knowledge. Inside the transaction that writes the call down.
 */
export function reserve(ws: Workspace, botId: number, cost: Money | null): Reserved {
  const today = todayOf(ws);
  const limits = limitsOn(ws, botId);
  const known = cost && worthIn(ws, today.currency, cost);
  const micros = known ?? limits.find((each) => each.botId === EVERYTHING)?.assumedMicros ?? (limits.length === 0 ? 0 : null);
  if (micros === null) return { refused: unknownCost(cost, today) };
  for (const limit of limits) {
    const refused = ceilingAt(ws, limit, today, micros);
    if (refused) return { refused };
  }
  for (const row of rowsOf(botId)) ws.prepare(HOLD).run(row, today.currency, today.day, micros, known === null ? 1 : 0);
  return { held: { botId, day: today.day, currency: today.currency, micros } };
}

/** Turns what a call held into what it cost; a null cost leaves what was held. Inside the transaction that closes the call. */
export function settle(ws: Workspace, { botId, day, currency, micros }: Held, cost: Money | null): number {
  const spent = cost === null ? micros : (worthIn(ws, currency, cost) ?? micros);
  for (const row of rowsOf(botId)) ws.prepare(SETTLE).run(micros, spent, row, currency, day);
  if (spent > 0) warnNear(ws, botId);
  return spent;
}

/** Counts what was paid already, for calls that nothing holds: the search by meaning. Inside a transaction. */
export function charge(ws: Workspace, botId: number, cost: Money | null): void {
  const { day, currency } = todayOf(ws);
  for (const row of rowsOf(botId)) ws.prepare(HOLD).run(row, currency, day, 0, cost === null ? 1 : 0);
  settle(ws, { botId, day, currency, micros: 0 }, cost);
}

/** Why a call of so much could not be made now; null when it can. For calls of a cent's part, of which few run at once. */
export function refusalOf(ws: Workspace, botId: number, cost: Money | null): string | null {
  const limits = limitsOn(ws, botId);
  if (limits.length === 0) return null;
  const today = todayOf(ws);
  const micros = (cost && worthIn(ws, today.currency, cost)) ?? limits.find((each) => each.botId === EVERYTHING)?.assumedMicros ?? null;
  if (micros === null) return unknownCost(cost, today);
  return limits.map((limit) => ceilingAt(ws, limit, today, micros)).find((says) => says !== null) ?? null;
}

function rowsOf(botId: number): number[] {
  return botId === EVERYTHING ? [EVERYTHING] : [botId, EVERYTHING];
}

function limitsOn(ws: Workspace, botId: number): Budget[] {
  return (ws.prepare(LIMITS).all(botId) as Budget[]).filter(
    ({ dayMicros, monthMicros, assumedMicros }) => dayMicros !== null || monthMicros !== null || assumedMicros !== null,
  );
}

function sumsOf(ws: Workspace, botId: number, { day, first, currency }: Today): { day: number; month: number } {
  return ws.prepare(SUMS).get(day, botId, currency, first, day) as { day: number; month: number };
}

/** Why `micros` more are too much under this budget; null when they are not. */
function ceilingAt(ws: Workspace, limit: Budget, today: Today, micros: number): string | null {
  const { botId, dayMicros, monthMicros, currency } = limit;
  if (dayMicros === null && monthMicros === null) return null;
  if (currency !== today.currency)
    return `A budget is set in ${currency}, and the business counts in ${today.currency} now. Set it anew under Spending.`;
  const sums = sumsOf(ws, botId, today);
  for (const [span, ceiling, sum] of [
    ['day', dayMicros, sums.day],
    ['month', monthMicros, sums.month],
  ] as const) {
    if (ceiling === null || (ceiling > 0 && sum + micros <= ceiling)) continue;
    notice(ws, botId, span === 'day' ? today.day : today.day.slice(0, 7), 'spent');
    const whose = botId === EVERYTHING ? 'The business’s budget' : 'The bot’s budget';
    return `${whose} of ${moneyText(ceiling, currency)} for the ${span} is spent. Raise it under Spending, or wait for the next ${span}.`;
  }
  return null;
}

function unknownCost(cost: Money | null, { currency }: Today): string {
  return cost === null
    ? 'There is a budget, and nobody knows what this model costs. Set its price under Settings, Prices, or let Spending count an assumed one.'
    : `There is a budget in ${currency}, and this model is paid in ${cost.currency}. Set what a ${cost.currency} is worth under Settings, Prices.`;
}

/** Tells the team once for each period when little is left. */
function warnNear(ws: Workspace, botId: number): void {
  const limits = limitsOn(ws, botId);
  if (limits.length === 0) return;
  const today = todayOf(ws);
  for (const { botId: whose, dayMicros, monthMicros, warnPercent, currency } of limits) {
    if (currency !== today.currency) continue;
    const sums = sumsOf(ws, whose, today);
    const near = (ceiling: number | null, sum: number): boolean => ceiling !== null && sum * 100 >= ceiling * warnPercent;
    if (near(dayMicros, sums.day)) notice(ws, whose, today.day, 'near');
    if (near(monthMicros, sums.month)) notice(ws, whose, today.day.slice(0, 7), 'near');
  }
}

function notice(ws: Workspace, botId: number, period: string, level: 'near' | 'spent'): void {
  const { changes } = ws
    .prepare('INSERT INTO budget_notices (bot_id, period, level, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
    .run(botId, period, level, ws.clock.now());
  if (changes > 0) enqueue(ws, { kind: 'tell-budget', key: `${botId}/${period}/${level}` });
}
