/** One connected account: a widget, a Telegram bot. */
import { sqliteTable, integer, text, blob } from '../drizzle.ts';
import { bots } from './bots.ts';

export const channels = sqliteTable('channels', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  /** Unguessable; in the widget's script tag and in webhook addresses. */
  publicId: text('public_id').notNull().unique(),
  kind: text('kind').notNull(),
  name: text('name').notNull(),
  /** The account's own id at the far side: one account is connected once. Null where there is no account (a widget). */
  accountId: text('account_id'),
  botId: integer('bot_id').references(() => bots.id),
  /** 'connected' is written only when the far side was heard. */
  status: text('status', { enum: ['connecting', 'connected', 'paused', 'broken', 'disconnected'] }).notNull(),
  /** Settings that are no secrets, by the channel's own schema. */
  settings: text('settings', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  /** The secret settings as one sealed JSON object. */
  secretsSealed: blob('secrets_sealed', { mode: 'buffer' }),
  /** What the channel remembers between calls (an offset, Signal keys), sealed. */
  stateSealed: blob('state_sealed', { mode: 'buffer' }),
  /** ms a customer may pause before the bot answers; null takes the channel kind's own. */
  quietMs: integer('quiet_ms'),
  lastInAt: integer('last_in_at'),
  lastOutAt: integer('last_out_at'),
  /** Plain words, with what to do; null when well. */
  says: text('says'),
  saysAt: integer('says_at'),
  /** When its access ends by itself, as the far side told last; null where it doesn't end or doesn't tell. */
  endsAt: integer('ends_at'),
  /** Since when it doesn't hear its far side, after it was connected; null while it does. */
  deafSince: integer('deaf_since'),
  /** Whether customers are asked how it was once a conversation is done; null: as is usual for the kind. */
  asksRating: integer('asks_rating', { mode: 'boolean' }),
  createdAt: integer('created_at').notNull(),
  disconnectedAt: integer('disconnected_at'),
});
