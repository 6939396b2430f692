/** What the bot couldn't answer, from whom the words of a learned answer were taken, and the figures of each day. */
import { sqliteTable, integer, text, index, uniqueIndex, primaryKey } from '../drizzle.ts';
import { contacts } from './contacts.ts';
import { conversations, messages } from './conversations.ts';
import { questions } from './knowledge.ts';

/** Questions that ask the same. */
export const gapGroups = sqliteTable(
  'gap_groups',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    state: text('state', { enum: ['open', 'answered', 'dismissed'] }).notNull(),
    /** The pair that was made of it; null before, and when it is gone. */
    questionId: integer('question_id').references(() => questions.id, { onDelete: 'set null' }),
    /** When it was last answered; kept while it is open again, so that the page can say so. */
    answeredAt: integer('answered_at'),
    /** The user who answered or dismissed it. */
    settledBy: integer('settled_by'),
    /** Asked again after it was answered, and not answered. */
    reopenedAt: integer('reopened_at'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [index('gap_groups_state').on(t.state), index('gap_groups_question').on(t.questionId)],
);

/** A customer's question that the bot could not answer, or answered wrongly. */
export const gaps = sqliteTable(
  'gaps',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    groupId: integer('group_id')
      .notNull()
      .references(() => gapGroups.id),
    contactId: integer('contact_id')
      .notNull()
      .references(() => contacts.id),
    conversationId: integer('conversation_id')
      .notNull()
      .references(() => conversations.id),
    /** The newest message of the question. */
    messageId: integer('message_id')
      .notNull()
      .references(() => messages.id),
    /** What the bot said to it. A reply counts once. */
    replyId: integer('reply_id')
      .notNull()
      .references(() => messages.id),
    reason: text('reason', { enum: ['not-found', 'not-helpful', 'wrong'] }).notNull(),
    /** The customer's words, without what greets or thanks: a copy. */
    text: text('text').notNull(),
    /** The words that tell what is asked, as they are compared: lower-cased, joined by spaces. */
    words: text('words').notNull(),
    language: text('language'),
  },
  (t) => [
    uniqueIndex('gaps_reply').on(t.replyId),
    index('gaps_group').on(t.groupId),
    index('gaps_contact').on(t.contactId),
    index('gaps_conversation').on(t.conversationId),
    index('gaps_message').on(t.messageId),
  ],
);

/** From whom the words of a pair were taken, by its part. A purge of the contact reads it before it deletes the row. */
export const questionOrigins = sqliteTable(
  'question_origins',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    questionId: integer('question_id')
      .notNull()
      .references(() => questions.id, { onDelete: 'cascade' }),
    part: text('part', { enum: ['question', 'answer'] }).notNull(),
    contactId: integer('contact_id')
      .notNull()
      .references(() => contacts.id),
    messageId: integer('message_id')
      .notNull()
      .references(() => messages.id),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('question_origins_once').on(t.questionId, t.part, t.messageId),
    index('question_origins_contact').on(t.contactId),
    index('question_origins_message').on(t.messageId),
  ],
);

/**
 * Days that have been counted. Triggers of the migration take a day's row away when something of it changes, and its figures
 * go with it; it is counted anew when somebody looks, or at night.
 */
export const countedDays = sqliteTable('counted_days', {
  /** Midnight in the business's zone. */
  startsAt: integer('starts_at').primaryKey(),
  endsAt: integer('ends_at').notNull(),
  /** Before its end: the day was not over. */
  countedAt: integer('counted_at').notNull(),
});

const day = () =>
  integer('starts_at')
    .notNull()
    .references(() => countedDays.startsAt, { onDelete: 'cascade' });

/** What is counted of a day, by channel and bot; numbers alone. */
export const dayFigures = sqliteTable(
  'day_figures',
  {
    startsAt: day(),
    channelId: integer('channel_id').notNull(),
    /** 0 where a channel had no bot. */
    botId: integer('bot_id').notNull(),
    conversations: integer('conversations').notNull(),
    alone: integer('alone').notNull(),
    handed: integer('handed').notNull(),
    fromCustomers: integer('from_customers').notNull(),
    fromBot: integer('from_bot').notNull(),
    fromPeople: integer('from_people').notNull(),
    answers: integer('answers').notNull(),
    good: integer('good').notNull(),
    bad: integer('bad').notNull(),
    /** Conversations that their customers rated. */
    rated: integer('rated').notNull().default(0),
    ratedGood: integer('rated_good').notNull().default(0),
    ratedBad: integer('rated_bad').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.startsAt, t.channelId, t.botId] })],
);

/** In how many conversations of a day somebody waited so long for a first answer. */
export const dayWaits = sqliteTable(
  'day_waits',
  {
    startsAt: day(),
    channelId: integer('channel_id').notNull(),
    botId: integer('bot_id').notNull(),
    answeredBy: text('answered_by', { enum: ['bot', 'person'] }).notNull(),
    /** Rounded, so that there are few. */
    ms: integer('ms').notNull(),
    conversations: integer('conversations').notNull(),
  },
  (t) => [primaryKey({ columns: [t.startsAt, t.channelId, t.botId, t.answeredBy, t.ms] })],
);

/** What answers of a day have cost. */
export const dayCosts = sqliteTable(
  'day_costs',
  {
    startsAt: day(),
    channelId: integer('channel_id').notNull(),
    botId: integer('bot_id').notNull(),
    currency: text('currency').notNull(),
    micros: integer('micros').notNull(),
  },
  (t) => [primaryKey({ columns: [t.startsAt, t.channelId, t.botId, t.currency] })],
);
