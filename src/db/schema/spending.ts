/** What may be spent, and what was. Money in micro-units of the business's currency. */
import { integer, primaryKey, sqliteTable, text } from '../drizzle.ts';

/** By bot; 0 is everything together. */
export const budgets = sqliteTable('budgets', {
  botId: integer('bot_id').primaryKey(),
  currency: text('currency').notNull(),
  /** Null: no ceiling. */
  dayMicros: integer('day_micros'),
  monthMicros: integer('month_micros'),
  warnPercent: integer('warn_percent').notNull().default(80),
  /** What a call counts whose price nobody knows; null refuses it. Of the row of everything alone. */
  assumedMicros: integer('assumed_micros'),
  updatedBy: integer('updated_by'),
  updatedAt: integer('updated_at').notNull(),
});

/** By day of the business's zone; a bot's spending stands in its own row and in that of everything (0). */
export const spend = sqliteTable(
  'spend',
  {
    botId: integer('bot_id').notNull(),
    currency: text('currency').notNull(),
    day: text('day').notNull(),
    spentMicros: integer('spent_micros').notNull().default(0),
    /** What calls under way hold. */
    heldMicros: integer('held_micros').notNull().default(0),
    calls: integer('calls').notNull().default(0),
    unpriced: integer('unpriced').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.botId, t.currency, t.day] })],
);

export const budgetNotices = sqliteTable(
  'budget_notices',
  {
    botId: integer('bot_id').notNull(),
    /** A day or a month. */
    period: text('period').notNull(),
    level: text('level', { enum: ['near', 'spent'] }).notNull(),
    at: integer('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.botId, t.period, t.level] })],
);

export const exchangeRates = sqliteTable(
  'exchange_rates',
  {
    fromCurrency: text('from_currency').notNull(),
    intoCurrency: text('into_currency').notNull(),
    /** Millionths of the one for a unit of the other. */
    rateMicros: integer('rate_micros').notNull(),
    updatedBy: integer('updated_by'),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.fromCurrency, t.intoCurrency] })],
);
