/** workspace.db: everything of one business. This file gathers the rooms' tables. */
import { sqliteTable, blob, integer, text, index, uniqueIndex } from '../drizzle.ts';

/** One row: the business itself, as its customers and its bots know it. */
export const business = sqliteTable('business', {
  id: integer('id').primaryKey(),
  name: text('name').notNull(),
  website: text('website'),
  language: text('language').notNull(),
  timezone: text('timezone').notNull(),
  currency: text('currency').notNull(),
  /** What an answer would have cost a person: by this hours saved are counted. */
  minutesPerAnswer: integer('minutes_per_answer').notNull().default(3),
  /** What customers are offered who are asked how it was. */
  ratingScale: text('rating_scale', { enum: ['thumbs', 'stars'] })
    .notNull()
    .default('thumbs'),
  /** Conversations that want a person are given to the members in turn. */
  assignInTurn: integer('assign_in_turn', { mode: 'boolean' }).notNull().default(false),
});

/** Everything that can be retried. Leased by a boot id without a time; `wanted` against `taken` catches what came meanwhile. */
export const jobs = sqliteTable(
  'jobs',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    kind: text('kind').notNull(),
    key: text('key').notNull(),
    payload: text('payload', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    dueAt: integer('due_at').notNull(),
    wanted: integer('wanted').notNull().default(1),
    taken: integer('taken').notNull().default(0),
    /** The boot that runs it. No time stands beside it: a boot id is either this process's or a dead one's. */
    lease: text('lease'),
    /** Counted at lease, cleared when it ends: what a job did to the process. The third death parks it. */
    deaths: integer('deaths').notNull().default(0),
    /** Counted when a handler throws. */
    attempts: integer('attempts').notNull().default(0),
    /** Set when it died or failed for good: a person looks at it. */
    parkedAt: integer('parked_at'),
    says: text('says'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [uniqueIndex('jobs_key').on(t.kind, t.key), index('jobs_due').on(t.parkedAt, t.lease, t.dueAt)],
);

/** How far a background worker has come: the inbox's search index, … */
export const cursors = sqliteTable('cursors', {
  name: text('name').primaryKey(),
  value: integer('value').notNull(),
});

export const auditEvents = sqliteTable(
  'audit_events',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    at: integer('at').notNull(),
    /** user, system or contact. */
    actorKind: text('actor_kind').notNull(),
    actorId: integer('actor_id'),
    action: text('action').notNull(),
    subject: text('subject'),
    detail: text('detail', { mode: 'json' }).$type<Record<string, string | number | boolean | null>>(),
    /** Binds what `audit_persons` holds of it; null where it tells of no customer. */
    personHash: text('person_hash'),
    /** Keyed, of the event and of the hash before it. Null only in what an earlier release wrote, until the chain begins. */
    hash: text('hash'),
  },
  (t) => [index('audit_events_at').on(t.at)],
);

/** What an audit event tells of a customer; it goes with them. */
export const auditPersons = sqliteTable(
  'audit_persons',
  {
    /** The event's. */
    id: integer('id').primaryKey(),
    contactId: integer('contact_id').notNull(),
    salt: blob('salt', { mode: 'buffer' }).notNull(),
    part: text('part').notNull(),
  },
  (t) => [index('audit_persons_contact').on(t.contactId)],
);

export * from './alerts.ts';
export * from './answer-tests.ts';
export * from './answering.ts';
export * from './bots.ts';
export * from './channels.ts';
export * from './contacts.ts';
export * from './conversations.ts';
export * from './devices.ts';
export * from './inbox.ts';
export * from './handoff.ts';
export * from './insights.ts';
export * from './knowledge.ts';
export * from './leads.ts';
export * from './mail.ts';
export * from './masking.ts';
export * from './privacy.ts';
export * from './providers.ts';
export * from './rights.ts';
export * from './spending.ts';
export * from './tools.ts';
export * from './waiting.ts';
export * from './visitors.ts';
export * from './writing.ts';
