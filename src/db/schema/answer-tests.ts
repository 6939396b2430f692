/** Tests of a bot's answers, and what came of them. */
import { sqliteTable, integer, text, index, uniqueIndex, sql } from '../drizzle.ts';
import type { Check, Wants } from '../../bots/tests/wants.ts';
import type { BotSettings } from '../../bots/settings.ts';
import { botVersions, bots } from './bots.ts';
import { conversations } from './conversations.ts';

export const answerTests = sqliteTable(
  'answer_tests',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    botId: integer('bot_id')
      .notNull()
      .references(() => bots.id),
    question: text('question').notNull(),
    wants: text('wants', { mode: 'json' }).$type<Wants>().notNull(),
    /** Whose question it is, word for word but masked; null where somebody of the business wrote it. */
    conversationId: integer('conversation_id').references(() => conversations.id, { onDelete: 'cascade' }),
    createdBy: integer('created_by'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [index('answer_tests_bot').on(t.botId), index('answer_tests_conversation').on(t.conversationId)],
);

export const testPlans = sqliteTable('test_plans', {
  botId: integer('bot_id').primaryKey(),
  /** Publishing waits until all have passed. */
  blocks: integer('blocks', { mode: 'boolean' }).notNull().default(false),
  every: text('every', { enum: ['never', 'day', 'week'] })
    .notNull()
    .default('never'),
  nextAt: integer('next_at'),
  updatedBy: integer('updated_by'),
  updatedAt: integer('updated_at').notNull(),
});

export const testRounds = sqliteTable(
  'test_rounds',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    botId: integer('bot_id').notNull(),
    botVersionId: integer('bot_version_id')
      .notNull()
      .references(() => botVersions.id),
    /** 0 is the draft. */
    versionNumber: integer('version_number').notNull(),
    /** As they were when it began: a draft is edited meanwhile. */
    settings: text('settings', { mode: 'json' }).$type<BotSettings>().notNull(),
    /** Two with equal signs asked the same bot, and the same tests. */
    settingsSign: text('settings_sign').notNull(),
    testsSign: text('tests_sign').notNull(),
    kind: text('kind', { enum: ['tests', 'replay'] }).notNull(),
    cause: text('cause', { enum: ['asked', 'schedule'] }).notNull(),
    state: text('state', { enum: ['running', 'paused', 'done'] }).notNull(),
    /** Why it paused by itself. */
    says: text('says'),
    askedBy: integer('asked_by'),
    createdAt: integer('created_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (t) => [
    index('test_rounds_bot').on(t.botId),
    uniqueIndex('test_rounds_going')
      .on(t.botId)
      .where(sql`state <> 'done'`),
  ],
);

export const testResults = sqliteTable(
  'test_results',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    roundId: integer('round_id')
      .notNull()
      .references(() => testRounds.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    testId: integer('test_id').references(() => answerTests.id, { onDelete: 'set null' }),
    conversationId: integer('conversation_id').references(() => conversations.id, { onDelete: 'cascade' }),
    question: text('question').notNull(),
    /** Null where a customer's question is asked again: nobody said what is wanted. */
    wants: text('wants', { mode: 'json' }).$type<Wants>(),
    /** What the customer was answered, masked. */
    beforeAnswer: text('before_answer'),
    /** 'asked' ends what nothing is wanted of; 'unclear': nobody knows whether it passed, and `says` why. */
    state: text('state', { enum: ['waiting', 'asking', 'judging', 'passed', 'failed', 'unclear', 'asked'] }).notNull(),
    says: text('says'),
    checks: text('checks', { mode: 'json' }).$type<Check[]>(),
    answer: text('answer'),
    /** It ended with a person being called. */
    byPerson: integer('by_person', { mode: 'boolean' }),
    runId: integer('run_id'),
    judgeRunId: integer('judge_run_id'),
    /** How often the provider asked to come again. */
    tries: integer('tries').notNull().default(0),
    totalMs: integer('total_ms'),
    /** Of the answer and its judge together. */
    costMicros: integer('cost_micros'),
    currency: text('currency'),
    endedAt: integer('ended_at'),
  },
  (t) => [
    uniqueIndex('test_results_place').on(t.roundId, t.position),
    index('test_results_test').on(t.testId),
    index('test_results_conversation').on(t.conversationId),
  ],
);
