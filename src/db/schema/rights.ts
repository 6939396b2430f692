/** What people ask in their channel about their data. */
import { sqliteTable, integer, text, index } from '../drizzle.ts';
import { identities } from './contacts.ts';
import { conversations } from './conversations.ts';

export const rightsAsked = sqliteTable(
  'rights_asked',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    identityId: integer('identity_id')
      .notNull()
      .references(() => identities.id),
    conversationId: integer('conversation_id')
      .notNull()
      .references(() => conversations.id),
    right: text('right', { enum: ['delete', 'data', 'people', 'stop', 'keep', 'bot', 'start'] }).notNull(),
    /** `asked` until they say yes or no, or leave it. */
    state: text('state', { enum: ['asked', 'confirmed', 'left'] }).notNull(),
    language: text('language').notNull(),
    /** The message that asks them whether they mean it, and the one that says what was done. */
    questionId: integer('question_id'),
    answerId: integer('answer_id'),
    askedAt: integer('asked_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (t) => [index('rights_asked_identity').on(t.identityId, t.id), index('rights_asked_conversation').on(t.conversationId)],
);
