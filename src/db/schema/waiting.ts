/** How long customers may wait, and when nobody could hear them. */
import { sqliteTable, integer, text, index } from '../drizzle.ts';
import { channels } from './channels.ts';

/** One row. Times in ms. */
export const waitingTimes = sqliteTable('waiting_times', {
  id: integer('id').primaryKey(),
  /** A customer unanswered for this long is told to the team; null: off. */
  silenceMs: integer('silence_ms'),
  /** What is older on arrival goes to a person, not to the bot. */
  tooOldMs: integer('too_old_ms').notNull(),
  /** A person was called and none came for this long: the customer is told; null: off. */
  nobodyMs: integer('nobody_ms'),
  /** The business's own sentence for that; null takes the catalogue's. */
  nobodyText: text('nobody_text'),
  /** After that sentence the bot answers again. */
  nobodyHandsBack: integer('nobody_hands_back', { mode: 'boolean' }).notNull(),
});

/** A time in which nothing was heard. What came of it is computed from the messages themselves. */
export const outages = sqliteTable(
  'outages',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    /** Null: the whole server was away. */
    channelId: integer('channel_id').references(() => channels.id),
    fromAt: integer('from_at').notNull(),
    toAt: integer('to_at').notNull(),
    dismissedAt: integer('dismissed_at'),
    dismissedBy: integer('dismissed_by'),
  },
  (t) => [index('outages_from').on(t.fromAt)],
);
