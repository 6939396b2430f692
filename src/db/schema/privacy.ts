/** What people ask about their data, and what was done. */
import { sqliteTable, integer, text, index, sql, uniqueIndex } from '../drizzle.ts';

/** A deletion waits in `grace`, is written down in the ledger and becomes `purging`, then `purged`; a person can take it back while it waits. */
export const privacyRequests = sqliteTable(
  'privacy_requests',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    publicId: text('public_id').notNull(),
    kind: text('kind', { enum: ['erase'] }).notNull(),
    state: text('state', { enum: ['grace', 'purging', 'purged', 'cancelled'] }).notNull(),
    /** Whom it is about; null once they are gone. */
    contactId: integer('contact_id'),
    askedBy: text('asked_by', { enum: ['member', 'contact'] }).notNull(),
    /** The member who asked, or wrote down that the contact had. */
    userId: integer('user_id'),
    receivedAt: integer('received_at').notNull(),
    /** Nothing is deleted before. */
    purgeAt: integer('purge_at').notNull(),
    /** The clock or the server was away for days: it waits until then, for somebody to look. */
    heldUntil: integer('held_until'),
    /** The contact was restricted before they were to be deleted, and is again when that is taken back. */
    restrictedBefore: integer('restricted_before', { mode: 'boolean' }).notNull().default(false),
    /** How many rows of each table there were when the purge began: `{"messages": 12}`. */
    counts: text('counts', { mode: 'json' }).$type<Record<string, number>>(),
    /** Its entry in the ledger. */
    ledgerN: integer('ledger_n'),
    purgedAt: integer('purged_at'),
    endedAt: integer('ended_at'),
    /** Signed once the file was written anew; a certificate in JSON. */
    certificate: text('certificate'),
  },
  (t) => [
    uniqueIndex('privacy_requests_public').on(t.publicId),
    index('privacy_requests_state').on(t.state, t.purgeAt),
    index('privacy_requests_contact')
      .on(t.contactId)
      .where(sql`contact_id is not null`),
  ],
);
