/** What was said: conversations, messages with their parts, and each attempt to hand a part to a channel. */
import { sqliteTable, integer, text, blob, index, uniqueIndex, sql } from '../drizzle.ts';
import { channels } from './channels.ts';
import { contacts, identities } from './contacts.ts';
import { bots } from './bots.ts';

export const conversations = sqliteTable(
  'conversations',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    publicId: text('public_id').notNull().unique(),
    channelId: integer('channel_id')
      .notNull()
      .references(() => channels.id),
    identityId: integer('identity_id')
      .notNull()
      .references(() => identities.id),
    contactId: integer('contact_id')
      .notNull()
      .references(() => contacts.id),
    /** The channel's own thread: a Telegram chat, a widget conversation. Ids are unique within a thread only. */
    thread: text('thread').notNull(),
    botId: integer('bot_id').references(() => bots.id),
    status: text('status', { enum: ['open', 'resolved'] }).notNull(),
    /** Whose turn it is to speak for the business. The bot is silent while it is 'person'. */
    turn: text('turn', { enum: ['bot', 'person'] }).notNull(),
    /** The user who took over; null while nobody has. */
    holderId: integer('holder_id'),
    /** Set while a person is wanted and none has come. */
    wantedSince: integer('wanted_since'),
    wantedWhy: text('wanted_why'),
    /** The user who is to see to it. Assigning isn't taking over: the bot may go on meanwhile. */
    assigneeId: integer('assignee_id'),
    /** Put off until then: it stands in no list but its own. */
    snoozedUntil: integer('snoozed_until'),
    language: text('language'),
    unread: integer('unread').notNull().default(0),
    lastMessageId: integer('last_message_id'),
    /** Newest message of the customer; an answer "answers through" it. */
    lastCustomerMessageId: integer('last_customer_message_id'),
    /** The newest message that an answer covers: the bot's whole replies say through which, a person's words cover all before. */
    answeredThrough: integer('answered_through').notNull().default(0),
    /** Through which message the team was told that the customer waits. */
    silenceTold: integer('silence_told').notNull().default(0),
    lastWords: text('last_words').notNull().default(''),
    lastAt: integer('last_at').notNull(),
    createdAt: integer('created_at').notNull(),
    resolvedAt: integer('resolved_at'),
    /** Until when the customer knows that nobody is there. */
    awayToldUntil: integer('away_told_until'),
    /** Until when its channel asked us to send nothing more here. */
    noSendBefore: integer('no_send_before'),
    /** Rises with each change of the conversation, across the workspace: the inbox resumes by it. */
    revision: integer('revision').notNull(),
  },
  (t) => [
    uniqueIndex('conversations_one_open')
      .on(t.channelId, t.identityId, t.thread)
      .where(sql`status <> 'resolved'`),
    index('conversations_list').on(t.status, t.lastAt),
    index('conversations_revision').on(t.revision),
    index('conversations_wanted')
      .on(t.wantedSince)
      .where(sql`wanted_since is not null`),
    index('conversations_unanswered')
      .on(t.silenceTold, t.lastCustomerMessageId)
      .where(sql`status <> 'resolved' and last_customer_message_id > answered_through`),
    index('conversations_tally')
      .on(t.status, t.turn, t.wantedSince, t.holderId, t.assigneeId, t.snoozedUntil)
      .where(sql`status <> 'resolved'`),
    index('conversations_snoozed')
      .on(t.snoozedUntil)
      .where(sql`snoozed_until is not null`),
    index('conversations_contact').on(t.contactId),
    index('conversations_identity').on(t.identityId),
    index('conversations_created').on(t.createdAt),
  ],
);

export const messages = sqliteTable(
  'messages',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    conversationId: integer('conversation_id')
      .notNull()
      .references(() => conversations.id),
    identityId: integer('identity_id').references(() => identities.id),
    /** Who said it. 'note' stays among the team, 'event' is the conversation's own history. */
    author: text('author', { enum: ['customer', 'bot', 'person', 'note', 'event'] }).notNull(),
    userId: integer('user_id'),
    runId: integer('run_id'),
    /** The whole text as one reads it; parts hold what was sent piece by piece. */
    text: text('text').notNull(),
    /** An event's kind: took-over, handed-back, wanted, resolved, reopened, notice; of a note: summary. */
    event: text('event'),
    /** What the bot showed before its answer was dropped. */
    cutOff: integer('cut_off', { mode: 'boolean' }).notNull().default(false),
    /** Sources of an answer: [{n, chunkId, sourceId, title, path, url}]. */
    sources: text('sources', { mode: 'json' }).$type<MessageSource[]>(),
    /** A bot's reply answers everything up to this customer message. */
    answersThrough: integer('answers_through'),
    externalId: text('external_id'),
    /** The message that its customer replied to, where the channel tells and it is here. */
    replyTo: integer('reply_to'),
    /** The emoji that the other side reacted with last: the customer to our words, we to theirs. */
    reaction: text('reaction'),
    /** The channel's own time, UTC ms. */
    saidAt: integer('said_at').notNull(),
    createdAt: integer('created_at').notNull(),
    /** It came too late for the bot: a person was called instead. */
    tooOld: integer('too_old', { mode: 'boolean' }).notNull().default(false),
    editedAt: integer('edited_at'),
    revokedAt: integer('revoked_at'),
    revision: integer('revision').notNull(),
    /** What its customer thought of an answer of the bot. */
    rating: text('rating', { enum: ['good', 'bad'] }),
    ratedAt: integer('rated_at'),
    /** The user who said that an answer of the bot was wrong. */
    wrongBy: integer('wrong_by'),
    wrongAt: integer('wrong_at'),
  },
  (t) => [
    index('messages_conversation').on(t.conversationId, t.id),
    uniqueIndex('messages_one_answer')
      .on(t.conversationId, t.answersThrough)
      .where(sql`answers_through is not null`),
    index('messages_late')
      .on(t.saidAt)
      .where(sql`created_at - said_at > 10000`),
    /** A redelivery is known by its message. Beside its neighbours, so that a new one touches few pages. */
    index('messages_external').on(t.identityId, t.externalId),
    index('messages_created').on(t.createdAt),
  ],
);

export interface MessageSource {
  n: number;
  chunkId: number;
  sourceId: number;
  title: string;
  path: string;
  url?: string;
}

/** What a message is made of. A customer's photo with a caption is two parts; a long answer on Telegram is several. */
export const messageParts = sqliteTable(
  'message_parts',
  {
    id: integer('id').primaryKey(),
    messageId: integer('message_id')
      .notNull()
      .references(() => messages.id),
    position: integer('position').notNull(),
    kind: text('kind', {
      enum: ['text', 'image', 'audio', 'video', 'file', 'sticker', 'location', 'contact', 'order', 'unknown'],
    }).notNull(),
    text: text('text'),
    attachmentId: integer('attachment_id').references(() => attachments.id),
    /** What the kind needs beyond text: coordinates, names, the channel's file id. */
    detail: text('detail', { mode: 'json' }).$type<Record<string, string | number | boolean>>(),
  },
  (t) => [
    uniqueIndex('message_parts_position').on(t.messageId, t.position),
    index('message_parts_attachment')
      .on(t.attachmentId)
      .where(sql`attachment_id is not null`),
  ],
);

/** A file that came or goes with a message; fetched by a job, sealed by a key of its own. */
export const attachments = sqliteTable('attachments', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  channelId: integer('channel_id')
    .notNull()
    .references(() => channels.id),
  /** The channel's own reference to fetch it by. */
  reference: text('reference'),
  name: text('name'),
  /** What the channel says; of one that is kept, what its content shows. */
  mime: text('mime'),
  bytes: integer('bytes'),
  /** 'failed' can be tried again, 'refused' never comes: it is gone, too large, or of a kind that isn't kept. */
  state: text('state', { enum: ['wanted', 'kept', 'failed', 'refused'] }).notNull(),
  /** Why it isn't here, in plain words. */
  says: text('says'),
  /** Its name in the workspace's folder `attachments`. */
  path: text('path'),
  keySealed: blob('key_sealed', { mode: 'buffer' }),
  createdAt: integer('created_at').notNull(),
});

/** What was understood of a customer's file: what was spoken in it, or what is written in it. */
export const attachmentTexts = sqliteTable('attachment_texts', {
  attachmentId: integer('attachment_id')
    .primaryKey()
    .references(() => attachments.id, { onDelete: 'cascade' }),
  /** What it was taken for when a bot wanted it. */
  kind: text('kind', { enum: ['voice', 'picture', 'document'] }).notNull(),
  state: text('state', { enum: ['wanted', 'read', 'failed'] }).notNull(),
  text: text('text'),
  /** Why there is none, in plain words. */
  says: text('says'),
  /** The run that wrote it down. */
  runId: integer('run_id'),
  /** A bot that waits for it waits no longer than a moment after this. */
  wantedAt: integer('wanted_at').notNull(),
  endedAt: integer('ended_at'),
});

/** One part on its way to one channel. */
export const deliveries = sqliteTable(
  'deliveries',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    conversationId: integer('conversation_id')
      .notNull()
      .references(() => conversations.id),
    messageId: integer('message_id')
      .notNull()
      .references(() => messages.id),
    partId: integer('part_id')
      .notNull()
      .references(() => messageParts.id),
    channelId: integer('channel_id')
      .notNull()
      .references(() => channels.id),
    state: text('state', { enum: ['queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'uncertain', 'cancelled'] }).notNull(),
    /** Our own reference, stored before the send; echoes and receipts come back with it where the channel allows. */
    reference: text('reference').notNull().unique(),
    externalId: text('external_id'),
    attempts: integer('attempts').notNull().default(0),
    /** Plain words for people, with what to do. */
    says: text('says'),
    queuedAt: integer('queued_at').notNull(),
    sendingAt: integer('sending_at'),
    sentAt: integer('sent_at'),
    deliveredAt: integer('delivered_at'),
    readAt: integer('read_at'),
    settledBy: integer('settled_by'),
  },
  (t) => [
    index('deliveries_message').on(t.messageId),
    index('deliveries_part').on(t.partId),
    index('deliveries_conversation').on(t.conversationId),
    index('deliveries_waiting')
      .on(t.conversationId, t.id)
      .where(sql`state in ('queued', 'sending')`),
    index('deliveries_uncertain')
      .on(t.conversationId)
      .where(sql`state in ('uncertain', 'failed')`),
    index('deliveries_external')
      .on(t.channelId, t.externalId)
      .where(sql`external_id is not null`),
  ],
);

/** Receipts and echoes that came before the send's own response did. */
export const waitingReceipts = sqliteTable(
  'waiting_receipts',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    channelId: integer('channel_id')
      .notNull()
      .references(() => channels.id),
    externalId: text('external_id').notNull(),
    state: text('state', { enum: ['sent', 'delivered', 'read', 'failed'] }).notNull(),
    says: text('says'),
    at: integer('at').notNull(),
  },
  (t) => [index('waiting_receipts_external').on(t.channelId, t.externalId)],
);

/** Keyed hashes of what came in, kept 8 days, past a purge: a redelivery never answers again. */
export const seen = sqliteTable('seen', {
  hash: blob('hash', { mode: 'buffer' }).primaryKey(),
  at: integer('at').notNull(),
});

/** Events in a shape we don't know: kept, shown as such, never lost. */
export const unrecognised = sqliteTable('unrecognised', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  channelId: integer('channel_id')
    .notNull()
    .references(() => channels.id),
  body: text('body').notNull(),
  receivedAt: integer('received_at').notNull(),
});

/** Which notice a customer was shown before the first answer, in which wording. */
export const noticesShown = sqliteTable(
  'notices_shown',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    identityId: integer('identity_id')
      .notNull()
      .references(() => identities.id),
    channelId: integer('channel_id')
      .notNull()
      .references(() => channels.id),
    kind: text('kind', { enum: ['ai'] }).notNull(),
    version: text('version').notNull(),
    language: text('language').notNull(),
    at: integer('at').notNull(),
  },
  (t) => [uniqueIndex('notices_shown_once').on(t.identityId, t.channelId, t.kind, t.version)],
);
