/** What a bot is. A run points at the version it ran. */
import { sqliteTable, integer, text, uniqueIndex } from '../drizzle.ts';
import type { BotSettings } from '../../bots/settings.ts';

export const bots = sqliteTable('bots', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  name: text('name').notNull(),
  publishedVersionId: integer('published_version_id'),
  createdAt: integer('created_at').notNull(),
  archivedAt: integer('archived_at'),
});

export const botVersions = sqliteTable(
  'bot_versions',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    botId: integer('bot_id')
      .notNull()
      .references(() => bots.id),
    /** The draft has number 0; published versions count from 1. */
    number: integer('number').notNull(),
    settings: text('settings', { mode: 'json' }).$type<BotSettings>().notNull(),
    createdBy: integer('created_by'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [uniqueIndex('bot_versions_number').on(t.botId, t.number)],
);
