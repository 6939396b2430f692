/** What a provider is sent of a talk: which signs stand for what, and what came before the part that is sent word for word. */
import { integer, primaryKey, sqliteTable, text } from '../drizzle.ts';
import { conversations } from './conversations.ts';

export const maskedValues = sqliteTable(
  'masked_values',
  {
    conversationId: integer('conversation_id')
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    kind: text('kind').notNull(),
    n: integer('n').notNull(),
    digest: text('digest').notNull(),
  },
  (t) => [primaryKey({ columns: [t.conversationId, t.kind, t.n] })],
);

export const earlierTalk = sqliteTable('earlier_talk', {
  conversationId: integer('conversation_id')
    .primaryKey()
    .references(() => conversations.id, { onDelete: 'cascade' }),
  /** The last message that is in it. */
  throughId: integer('through_id').notNull(),
  text: text('text').notNull(),
  runId: integer('run_id'),
  madeAt: integer('made_at').notNull(),
});
