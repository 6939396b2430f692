/** People who write in. A contact groups identities; each message keeps the identity it came by. */
import { sqliteTable, integer, text, index, primaryKey, sql, uniqueIndex } from '../drizzle.ts';
import { channels } from './channels.ts';

export const contacts = sqliteTable(
  'contacts',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    name: text('name'),
    email: text('email'),
    phone: text('phone'),
    language: text('language'),
    blockedAt: integer('blocked_at'),
    /** Restricted: stored only; no run, search, figure or delivery. */
    restrictedAt: integer('restricted_at'),
    erasedAt: integer('erased_at'),
    /** They want no messages; only what they ask about their rights is answered. */
    stoppedAt: integer('stopped_at'),
    /** They want no bot. */
    peopleOnlyAt: integer('people_only_at'),
    createdAt: integer('created_at').notNull(),
    /** When one of its identities was seen last; 0 for one that never wrote. Triggers keep it. */
    seenAt: integer('seen_at').notNull().default(0),
  },
  (t) => [
    index('contacts_seen').on(t.seenAt, t.id),
    index('contacts_email')
      .on(t.email)
      .where(sql`email is not null`),
    index('contacts_phone')
      .on(t.phone)
      .where(sql`phone is not null`),
    index('contacts_blocked')
      .on(t.blockedAt)
      .where(sql`blocked_at is not null`),
  ],
);

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

/** What a business wants to know of its contacts beyond name, e-mail and phone. */
export const contactFields = sqliteTable(
  'contact_fields',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    name: text('name').notNull(),
    kind: text('kind', { enum: ['text', 'number', 'date', 'yes-no', 'choice', 'email', 'phone', 'url'] }).notNull(),
    /** Of a choice: what can be chosen. */
    choices: text('choices', { mode: 'json' }).$type<string[]>(),
    position: integer('position').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [uniqueIndex('contact_fields_name').on(sql`${t.name} collate nocase`)],
);

/** In one form for each kind: 2026-11-24, 12.5, yes, +4930123456. */
export const contactValues = sqliteTable(
  'contact_values',
  {
    contactId: integer('contact_id')
      .notNull()
      .references(() => contacts.id),
    fieldId: integer('field_id')
      .notNull()
      .references(() => contactFields.id),
    value: text('value').notNull(),
    setAt: integer('set_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.contactId, t.fieldId] }), index('contact_values_field').on(t.fieldId, t.value)],
);

export const contactNotes = sqliteTable(
  'contact_notes',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    contactId: integer('contact_id')
      .notNull()
      .references(() => contacts.id),
    userId: integer('user_id').notNull(),
    text: text('text').notNull(),
    createdAt: integer('created_at').notNull(),
    editedAt: integer('edited_at'),
    /** Until the night after, it can be brought back. */
    deletedAt: integer('deleted_at'),
  },
  (t) => [
    index('contact_notes_contact').on(t.contactId, t.id),
    index('contact_notes_deleted')
      .on(t.deletedAt)
      .where(sql`deleted_at is not null`),
  ],
);

/** A contact that was joined with another: as it was, and what of it the other took over. */
export const contactMerges = sqliteTable(
  'contact_merges',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    /** Who stays. */
    contactId: integer('contact_id')
      .notNull()
      .references(() => contacts.id),
    /** The id of who went: free, until they are separated again. */
    goneId: integer('gone_id').notNull(),
    goneName: text('gone_name'),
    /** A MergeRecord. */
    record: text('record').notNull(),
    mergedBy: integer('merged_by').notNull(),
    mergedAt: integer('merged_at').notNull(),
  },
  (t) => [index('contact_merges_contact').on(t.contactId, t.id), uniqueIndex('contact_merges_gone').on(t.goneId)],
);
