/** People who write in. A contact groups identities; each message keeps the identity it came by. */
import { sqliteTable, integer, text, index, uniqueIndex } from '../drizzle.ts';
import { channels } from './channels.ts';

export const contacts = sqliteTable('contacts', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  name: text('name'),
  email: text('email'),
  phone: text('phone'),
  language: text('language'),
  blockedAt: integer('blocked_at'),
  /** Restricted: stored only; no run, search, figure or delivery. */
  restrictedAt: integer('restricted_at'),
  erasedAt: integer('erased_at'),
  createdAt: integer('created_at').notNull(),
});

export const identities = sqliteTable(
  'identities',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    contactId: integer('contact_id')
      .notNull()
      .references(() => contacts.id),
    channelId: integer('channel_id')
      .notNull()
      .references(() => channels.id),
    /** The channel's own id of the person: a visitor id, a Telegram user id, a phone number. */
    externalId: text('external_id').notNull(),
    displayName: text('display_name'),
    username: text('username'),
    /** The identity that this is another id of (a phone number that may pass to somebody else); null for one that stands by itself. */
    aliasOf: integer('alias_of'),
    createdAt: integer('created_at').notNull(),
    lastSeenAt: integer('last_seen_at').notNull(),
  },
  (t) => [uniqueIndex('identities_external').on(t.channelId, t.externalId), index('identities_contact').on(t.contactId)],
);
