/** What is known of a website's visitors beyond their conversations. */
import { sqliteTable, integer, blob } from '../drizzle.ts';

/** Keyed hashes of tokens whose visitors signed out before they ended. */
export const signedOut = sqliteTable('signed_out', {
  hash: blob('hash', { mode: 'buffer' }).primaryKey(),
  /** When the token ends by itself, UTC ms: the row is of no use any more. */
  until: integer('until').notNull(),
});
