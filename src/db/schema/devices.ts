/** What a channel that is a linked device is known by at the far side. */
import { sqliteTable, integer, text, blob, uniqueIndex } from '../drizzle.ts';
import { channels } from './channels.ts';

export const deviceValues = sqliteTable(
  'device_values',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    channelId: integer('channel_id')
      .notNull()
      .references(() => channels.id, { onDelete: 'cascade' }),
    /** What sort of value: a session, a key. */
    kind: text('kind').notNull(),
    /** Keyed hash: the names of sessions are customers' numbers. */
    name: blob('name', { mode: 'buffer' }).notNull(),
    valueSealed: blob('value_sealed', { mode: 'buffer' }).notNull(),
  },
  (t) => [uniqueIndex('device_values_name').on(t.channelId, t.kind, t.name)],
);
