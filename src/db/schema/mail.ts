/** The business's own mail server, and what waits to be sent by it. */
import { sqliteTable, integer, text, blob } from '../drizzle.ts';

/** One row at most. */
export const mailServer = sqliteTable('mail_server', {
  id: integer('id').primaryKey(),
  host: text('host').notNull(),
  port: integer('port').notNull(),
  security: text('security', { enum: ['tls', 'starttls', 'none'] }).notNull(),
  user: text('user'),
  passwordSealed: blob('password_sealed', { mode: 'buffer' }),
  fromName: text('from_name').notNull(),
  fromAddress: text('from_address').notNull(),
  lastSentAt: integer('last_sent_at'),
  /** What was wrong last, in plain words; null while it is well. */
  says: text('says'),
  saysAt: integer('says_at'),
});

/** Mails that wait, and those that were given up. What was sent is deleted. */
export const mails = sqliteTable('mails', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  /** Its Message-ID: where one is sent twice after a cut connection, the receiving server knows it by this. */
  reference: text('reference').notNull().unique(),
  toAddress: text('to_address').notNull(),
  subject: text('subject').notNull(),
  text: text('text').notNull(),
  says: text('says'),
  failedAt: integer('failed_at'),
  createdAt: integer('created_at').notNull(),
});
