/** When people are there, and what customers thought of a conversation once it was done. */
import { sqliteTable, integer, text } from '../drizzle.ts';
import { conversations } from './conversations.ts';

/** One row. */
export const openingHours = sqliteTable('opening_hours', {
  id: integer('id').primaryKey(),
  /** Where they aren't, somebody may always come. */
  inUse: integer('in_use', { mode: 'boolean' }).notNull(),
  /** Seven days from Monday on, each with its spans as minutes from midnight; one that ends before it begins ends the next day. */
  week: text('week', { mode: 'json' }).$type<[from: number, to: number][][]>().notNull(),
  /** Customers who wait for a person are told when nobody is there. */
  tellsAway: integer('tells_away', { mode: 'boolean' }).notNull(),
  /** The business's own sentence for that; null takes the catalogue's. */
  awayText: text('away_text'),
});

/** Days on which nobody is there, whatever the week says: 2026-12-25. */
export const holidays = sqliteTable('holidays', {
  day: text('day').primaryKey(),
  name: text('name').notNull(),
});

/** One for each conversation that was asked about. */
export const conversationRatings = sqliteTable('conversation_ratings', {
  conversationId: integer('conversation_id')
    .primaryKey()
    .references(() => conversations.id),
  /** What was offered: two thumbs, or one to five. */
  scale: text('scale', { enum: ['thumbs', 'stars'] }).notNull(),
  /** The message that asked. */
  messageId: integer('message_id').notNull(),
  askedAt: integer('asked_at').notNull(),
  /** 1 and 5 for the thumbs, 1 to 5 for the stars; null while nobody has answered. */
  value: integer('value'),
  ratedAt: integer('rated_at'),
  /** The message in which they said why. */
  commentId: integer('comment_id'),
});
