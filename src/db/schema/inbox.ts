/** How members keep their inbox: labels, lists of their own, and who is here. */
import { sqliteTable, integer, text, index, primaryKey } from '../drizzle.ts';
import { conversations } from './conversations.ts';

export const labels = sqliteTable('labels', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  /** Unique whatever its letters' case. */
  name: text('name').notNull().unique(),
  /** One of the eight of `conversations/list/labels.ts`. */
  hue: text('hue').notNull(),
  createdAt: integer('created_at').notNull(),
});

export const conversationLabels = sqliteTable(
  'conversation_labels',
  {
    conversationId: integer('conversation_id')
      .notNull()
      .references(() => conversations.id),
    labelId: integer('label_id')
      .notNull()
      .references(() => labels.id),
  },
  (t) => [primaryKey({ columns: [t.conversationId, t.labelId] }), index('conversation_labels_label').on(t.labelId, t.conversationId)],
);

export const savedViews = sqliteTable('saved_views', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  /** Whose it is; only they change it, also when all see it. */
  userId: integer('user_id').notNull(),
  name: text('name').notNull(),
  /** The query of its address, as `filterQuery` writes it. */
  filter: text('filter').notNull(),
  shared: integer('shared', { mode: 'boolean' }).notNull().default(false),
  createdAt: integer('created_at').notNull(),
  /** The order in which its owner has them. */
  position: integer('position').notNull().default(0),
  /** Removed, and can be brought back for a day. */
  removedAt: integer('removed_at'),
});

/** One who has no row is here, and hears no sound. */
export const memberPresence = sqliteTable('member_presence', {
  userId: integer('user_id').primaryKey(),
  awaySince: integer('away_since'),
  sound: integer('sound', { mode: 'boolean' }).notNull().default(false),
  /** When a conversation was last given to them in turn. */
  lastGivenAt: integer('last_given_at'),
  /** In which language they read what is translated; null is the business's own. */
  language: text('language'),
});
