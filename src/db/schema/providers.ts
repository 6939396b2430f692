/** Keys of AI providers, sealed, and what models cost. */
import { sqliteTable, integer, text, blob, uniqueIndex } from '../drizzle.ts';

export const providerKeys = sqliteTable('provider_keys', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  provider: text('provider', { enum: ['openai', 'anthropic', 'compatible', 'quote'] }).notNull(),
  name: text('name').notNull(),
  baseUrl: text('base_url'),
  keySealed: blob('key_sealed', { mode: 'buffer' }),
  lastFour: text('last_four'),
  /** Keyed hash, so that pasting the same key twice is noticed. */
  fingerprint: text('fingerprint'),
  /** Models as the provider lists them: [{id, name?}]. */
  models: text('models', { mode: 'json' }).$type<{ id: string; name?: string; embeds?: boolean; hears?: boolean }[]>().notNull(),
  /** Optional fields this host refused with 400: not sent again. */
  refusedFields: text('refused_fields', { mode: 'json' }).$type<string[]>().notNull(),
  status: text('status', { enum: ['works', 'broken'] }).notNull(),
  says: text('says'),
  checkedAt: integer('checked_at').notNull(),
  createdAt: integer('created_at').notNull(),
  removedAt: integer('removed_at'),
});

/** Prices the user edited; they win over the release's prices.json. Micro-units of `currency` per million tokens. */
export const prices = sqliteTable(
  'prices',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    provider: text('provider').notNull(),
    model: text('model').notNull(),
    currency: text('currency').notNull(),
    inputMicros: integer('input_micros').notNull(),
    cachedMicros: integer('cached_micros').notNull(),
    outputMicros: integer('output_micros').notNull(),
    updatedBy: integer('updated_by'),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [uniqueIndex('prices_model').on(t.provider, t.model)],
);
