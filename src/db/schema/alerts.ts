/** Who of the team is told that a customer waits, and how. */
import { sqliteTable, integer, text, blob, index, uniqueIndex } from '../drizzle.ts';
import { channels } from './channels.ts';

/** What a member chose; one without a row is told by mail. */
export const memberAlerts = sqliteTable('member_alerts', {
  userId: integer('user_id').primaryKey(),
  byMail: integer('by_mail', { mode: 'boolean' }).notNull().default(true),
  /** When the last mail was written: the next one waits a while. */
  mailedAt: integer('mailed_at'),
});

/** One row: by this key the services of browsers know that a notification is ours (VAPID). */
export const pushKeys = sqliteTable('push_keys', {
  id: integer('id').primaryKey(),
  publicKey: text('public_key').notNull(),
  privateSealed: blob('private_sealed', { mode: 'buffer' }).notNull(),
});

/** A browser in which a member wants to be told. */
export const pushDevices = sqliteTable(
  'push_devices',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    userId: integer('user_id').notNull(),
    /** Keyed, of its address: a browser that asks again is the same one. */
    hash: blob('hash', { mode: 'buffer' }).notNull().unique(),
    name: text('name').notNull(),
    /** Its address at the browser's own service, and the keys that only it can read with. */
    subscriptionSealed: blob('subscription_sealed', { mode: 'buffer' }).notNull(),
    toldAt: integer('told_at'),
    says: text('says'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [index('push_devices_user').on(t.userId)],
);

/** A chat in which a member is told; what is written there is no customer's. */
export const memberChats = sqliteTable(
  'member_chats',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    userId: integer('user_id').notNull(),
    channelId: integer('channel_id')
      .notNull()
      .references(() => channels.id, { onDelete: 'cascade' }),
    /** As in `conversations`. */
    thread: text('thread').notNull(),
    /** As the channel names who linked it. */
    name: text('name').notNull(),
    /** What customers are called, and what they wrote last, is said there, too. */
    withWords: integer('with_words', { mode: 'boolean' }).notNull().default(false),
    toldAt: integer('told_at'),
    /** Why nothing can be said there; then it isn't tried. */
    says: text('says'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [uniqueIndex('member_chats_chat').on(t.channelId, t.thread), index('member_chats_user').on(t.userId)],
);

/** A link by which a chat becomes a member's: once, and for a while. */
export const chatLinks = sqliteTable('chat_links', {
  /** Keyed, of its code. */
  hash: blob('hash', { mode: 'buffer' }).primaryKey(),
  userId: integer('user_id').notNull(),
  channelId: integer('channel_id')
    .notNull()
    .references(() => channels.id, { onDelete: 'cascade' }),
  until: integer('until').notNull(),
});

/** Another program that is told. */
export const hooks = sqliteTable('hooks', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  name: text('name').notNull(),
  /** Addresses of such programs often hold a token. */
  urlSealed: blob('url_sealed', { mode: 'buffer' }).notNull(),
  host: text('host').notNull(),
  secretSealed: blob('secret_sealed', { mode: 'buffer' }).notNull(),
  toldAt: integer('told_at'),
  says: text('says'),
  saysAt: integer('says_at'),
  createdAt: integer('created_at').notNull(),
});

/** Calls of a hook that wait, and those that were given up. What was taken is deleted. */
export const hookCalls = sqliteTable(
  'hook_calls',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    hookId: integer('hook_id')
      .notNull()
      .references(() => hooks.id, { onDelete: 'cascade' }),
    /** The same at each try: by it the other side knows a call that it had before. */
    reference: text('reference').notNull().unique(),
    event: text('event').notNull(),
    body: text('body').notNull(),
    says: text('says'),
    failedAt: integer('failed_at'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [index('hook_calls_hook').on(t.hookId)],
);
