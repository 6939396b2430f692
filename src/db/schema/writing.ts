/** What helps a member write: words kept ready, and what each has begun to write where. */
import { sqliteTable, integer, text, index, primaryKey } from '../drizzle.ts';
import { conversations, messages } from './conversations.ts';

export const cannedReplies = sqliteTable('canned_replies', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  /** 1 to 40 of a-z, 0-9, - and _, or letters of other scripts; typed behind a slash. */
  shortcut: text('shortcut').notNull().unique(),
  /** With its variables as they are written: {{contact.first_name}}. */
  text: text('text').notNull(),
  updatedBy: integer('updated_by').notNull(),
  updatedAt: integer('updated_at').notNull(),
});

/** One for each member and conversation; gone once it is sent. */
export const replyDrafts = sqliteTable(
  'reply_drafts',
  {
    userId: integer('user_id').notNull(),
    conversationId: integer('conversation_id')
      .notNull()
      .references(() => conversations.id),
    kind: text('kind', { enum: ['reply', 'note'] }).notNull(),
    text: text('text').notNull(),
    /** The message that it replies to. */
    replyTo: integer('reply_to'),
    /** It was sent and held back: something came that its writer had not seen, or a variable has no value. */
    held: text('held', { enum: ['unseen', 'variables'] }),
    /** What was unseen came after this message. */
    heldAfter: integer('held_after'),
    /** As it was written, where it stands here translated. */
    original: text('original'),
    /** What of it wasn't kept when it was held back, and has to be given again. */
    leftOut: text('left_out', { enum: ['files', 'answers', 'both'] }),
    savedAt: integer('saved_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.conversationId] }), index('reply_drafts_conversation').on(t.conversationId)],
);

/** A message in another language; it goes with the message. */
export const messageTranslations = sqliteTable(
  'message_translations',
  {
    messageId: integer('message_id')
      .notNull()
      .references(() => messages.id),
    /** ISO 639-1: of a translation what it is in, of an original what its writer reads in. */
    language: text('language').notNull(),
    /** 'original': what a member had written, before it was translated and sent. */
    kind: text('kind', { enum: ['translation', 'original'] }).notNull(),
    text: text('text').notNull(),
    runId: integer('run_id'),
    madeAt: integer('made_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.messageId, t.language] })],
);
