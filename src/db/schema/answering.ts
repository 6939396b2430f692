/** How an answer is made: a run, and the provider calls under it. */
import { sqliteTable, integer, text, index, sql } from '../drizzle.ts';
import { conversations } from './conversations.ts';
import { botVersions } from './bots.ts';

export interface RunPassage {
  n: number;
  chunkId: number;
  sourceId: number;
  title: string;
  path: string;
  text: string;
  score: number;
  used: boolean;
}

export interface SentTurn {
  role: 'system' | 'user' | 'assistant';
  text: string;
  /** Pictures that were shown, by attachment. */
  pictures?: { id: number; name: string }[];
}

export const runs = sqliteTable(
  'runs',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    conversationId: integer('conversation_id').references(() => conversations.id),
    botVersionId: integer('bot_version_id')
      .notNull()
      .references(() => botVersions.id),
    kind: text('kind', {
      enum: ['answer', 'playground', 'suggestion', 'translation', 'summary', 'test', 'judge', 'transcription', 'recap'],
    }).notNull(),
    /** The boot that runs it: a dead boot's open runs are charged by estimate and closed. */
    boot: text('boot').notNull(),
    state: text('state', { enum: ['open', 'answered', 'fell-back', 'dropped', 'failed', 'died'] }).notNull(),
    /** Why it ended so: 'newer message', 'person took over', 'wrong-key', 'nothing found' … */
    why: text('why'),
    answersThrough: integer('answers_through'),
    question: text('question'),
    passages: text('passages', { mode: 'json' }).$type<RunPassage[]>().notNull(),
    /** What was sent, exactly: [{role, text, pictures}]. */
    prompt: text('prompt', { mode: 'json' }).$type<SentTurn[]>().notNull(),
    answer: text('answer'),
    /** What a visitor had been shown when it was dropped. */
    shown: text('shown'),
    searchMs: integer('search_ms'),
    firstTokenMs: integer('first_token_ms'),
    totalMs: integer('total_ms'),
    inputTokens: integer('input_tokens'),
    cachedTokens: integer('cached_tokens'),
    outputTokens: integer('output_tokens'),
    /** Micro-units of `currency`; reserved before the call, settled after. */
    reservedMicros: integer('reserved_micros').notNull().default(0),
    costMicros: integer('cost_micros'),
    currency: text('currency'),
    /** Micro-units that the cached tokens would have cost more if they had been read anew. */
    savedMicros: integer('saved_micros'),
    startedAt: integer('started_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (t) => [
    index('runs_conversation').on(t.conversationId),
    index('runs_open')
      .on(t.boot)
      .where(sql`ended_at is null`),
    index('runs_started').on(t.startedAt),
  ],
);

export const providerCalls = sqliteTable(
  'provider_calls',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    runId: integer('run_id')
      .notNull()
      .references(() => runs.id),
    providerKeyId: integer('provider_key_id'),
    provider: text('provider').notNull(),
    host: text('host'),
    model: text('model').notNull(),
    state: text('state', { enum: ['open', 'ended', 'failed', 'aborted'] }).notNull(),
    errorKind: text('error_kind'),
    says: text('says'),
    inputTokens: integer('input_tokens'),
    cachedTokens: integer('cached_tokens'),
    outputTokens: integer('output_tokens'),
    costMicros: integer('cost_micros'),
    currency: text('currency'),
    /** True when the provider gave no usage and tokens were counted by us. */
    estimated: integer('estimated', { mode: 'boolean' }).notNull().default(false),
    firstTokenMs: integer('first_token_ms'),
    /** What it holds of the budgets while it is open, and what it spent afterwards; in the business's currency. */
    botId: integer('bot_id'),
    spendDay: text('spend_day'),
    spendCurrency: text('spend_currency'),
    spendMicros: integer('spend_micros'),
    startedAt: integer('started_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (t) => [index('provider_calls_run').on(t.runId)],
);
