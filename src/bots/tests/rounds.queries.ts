/** What pages show of rounds and of what came of them. */
import { moneyText } from '../../web/formats.ts';
import type { Workspace } from '../../workspace.ts';
import type { BotVersion } from '../bot-versions.ts';
import { signOf } from '../differences.ts';
import { nameOfVersion } from '../trials.queries.ts';
import type { Check, Wants } from './wants.ts';

export interface Round {
  id: number;
  botId: number;
  versionNumber: number;
  /** "Draft", "Version 3". */
  version: string;
  kind: 'tests' | 'replay';
  cause: 'asked' | 'schedule';
  state: 'running' | 'paused' | 'done';
  /** Why it paused by itself. */
  says: string | null;
  createdAt: number;
  endedAt: number | null;
  settingsSign: string;
  testsSign: string;
  counts: Counts;
  /** How long all answers took together, ms. */
  ms: number;
  /** "€0.03"; of several currencies each; '' where nothing was paid. */
  cost: string;
}

export interface Counts {
  all: number;
  passed: number;
  failed: number;
  unclear: number;
  asked: number;
  /** Neither passed, failed, unclear nor asked yet. */
  left: number;
}

const ROUND = `
  SELECT id, bot_id AS botId, version_number AS versionNumber, kind, cause, state, says, created_at AS createdAt, ended_at AS endedAt,
    settings_sign AS settingsSign, tests_sign AS testsSign FROM test_rounds`;
const COUNTS = `
  SELECT count(*) AS total, count(*) FILTER (WHERE state = 'passed') AS passed, count(*) FILTER (WHERE state = 'failed') AS failed,
    count(*) FILTER (WHERE state = 'unclear') AS unclear, count(*) FILTER (WHERE state = 'asked') AS asked, coalesce(sum(total_ms), 0) AS ms
  FROM test_results WHERE round_id = ?`;
const COSTS = `
  SELECT currency, sum(cost_micros) AS micros FROM test_results WHERE round_id = ? AND currency IS NOT NULL GROUP BY currency HAVING sum(cost_micros) > 0`;

type Row = Omit<Round, 'version' | 'counts' | 'ms' | 'cost'>;

function complete(ws: Workspace, row: Row): Round {
  const { total: all, ms, ...by } = ws.prepare(COUNTS).get(row.id) as Omit<Counts, 'all' | 'left'> & { total: number; ms: number };
  const costs = ws.prepare(COSTS).all(row.id) as { currency: string; micros: number }[];
  return {
    ...row,
    version: nameOfVersion(row.versionNumber),
    counts: { all, ...by, left: all - by.passed - by.failed - by.unclear - by.asked },
    ms,
    cost: costs.map(({ micros, currency }) => moneyText(micros, currency)).join(' + '),
  };
}

/** The newest rounds of a bot. */
export function roundsOf(ws: Workspace, botId: number, atMost: number): Round[] {
  return (ws.prepare(`${ROUND} WHERE bot_id = ? ORDER BY id DESC LIMIT ?`).all(botId, atMost) as Row[]).map((row) => complete(ws, row));
}

/** Undefined when the bot has no such round. */
export function roundById(ws: Workspace, botId: number, id: number): Round | undefined {
  const row = ws.prepare(`${ROUND} WHERE bot_id = ? AND id = ?`).get(botId, id) as Row | undefined;
  return row && complete(ws, row);
}

/** The round that isn't done; there is one at most. */
export function goingRound(ws: Workspace, botId: number): Round | undefined {
  const row = ws.prepare(`${ROUND} WHERE bot_id = ? AND state <> 'done'`).get(botId) as Row | undefined;
  return row && complete(ws, row);
}

/** The last round of the tests of this version; 0 is the draft. */
export function lastRound(ws: Workspace, botId: number, versionNumber: number): Round | undefined {
  const row = ws
    .prepare(`${ROUND} WHERE bot_id = ? AND kind = 'tests' AND version_number = ? ORDER BY id DESC LIMIT 1`)
    .get(botId, versionNumber) as Row | undefined;
  return row && complete(ws, row);
}

/** Rounds of the same kind that ended, the newest of each version first: what another may be laid beside. */
export function roundsBeside(ws: Workspace, { botId, id, kind }: Round): Round[] {
  const rows = ws
    .prepare(`${ROUND} WHERE bot_id = ? AND kind = ? AND state = 'done' AND id <> ? ORDER BY id DESC LIMIT 30`)
    .all(botId, kind, id) as Row[];
  return rows.map((row) => complete(ws, row));
}

/** How many failed when what this version holds was last tested; 0 where all passed or nothing was asked. */
export function failedOf(ws: Workspace, { botId, settings }: BotVersion): number {
  return ws
    .prepare(
      `SELECT count(*) FROM test_results WHERE state = 'failed' AND round_id =
         (SELECT id FROM test_rounds WHERE bot_id = ? AND kind = 'tests' AND state = 'done' AND settings_sign = ? ORDER BY id DESC LIMIT 1)`,
    )
    .pluck()
    .get(botId, signOf(settings)) as number;
}

export interface Result {
  id: number;
  position: number;
  testId: number | null;
  conversationId: number | null;
  question: string;
  wants: Wants | null;
  beforeAnswer: string | null;
  state: 'waiting' | 'asking' | 'judging' | 'passed' | 'failed' | 'unclear' | 'asked';
  says: string | null;
  checks: Check[];
  answer: string | null;
  byPerson: boolean;
  runId: number | null;
  judgeRunId: number | null;
  totalMs: number | null;
  costMicros: number | null;
  currency: string | null;
}

const RESULT = `
  SELECT id, position, test_id AS testId, conversation_id AS conversationId, question, wants, before_answer AS beforeAnswer, state, says, checks, answer,
    by_person AS byPerson, run_id AS runId, judge_run_id AS judgeRunId, total_ms AS totalMs, cost_micros AS costMicros, currency FROM test_results`;

interface ResultRow extends Omit<Result, 'wants' | 'checks' | 'byPerson'> {
  wants: string | null;
  checks: string | null;
  byPerson: number | null;
}

function readResult(row: ResultRow): Result {
  return {
    ...row,
    wants: row.wants === null ? null : (JSON.parse(row.wants) as Wants),
    checks: row.checks === null ? [] : (JSON.parse(row.checks) as Check[]),
    byPerson: row.byPerson === 1,
  };
}

/** Lines of a round in their order. `failing` are those alone that failed or aren't clear. */
export function resultsOf(ws: Workspace, roundId: number, part: { failing: boolean; from: number; atMost: number }): Result[] {
  return (
    ws
      .prepare(`${RESULT} WHERE round_id = ? AND (? = 0 OR state IN ('failed', 'unclear')) ORDER BY position LIMIT ? OFFSET ?`)
      .all(roundId, part.failing ? 1 : 0, part.atMost, part.from) as ResultRow[]
  ).map(readResult);
}

export function resultById(ws: Workspace, id: number): Result | undefined {
  const row = ws.prepare(`${RESULT} WHERE id = ?`).get(id) as ResultRow | undefined;
  return row && readResult(row);
}

/** What a test came to in another round. */
export function resultOfTest(ws: Workspace, roundId: number, testId: number): Result | undefined {
  const row = ws.prepare(`${RESULT} WHERE round_id = ? AND test_id = ?`).get(roundId, testId) as ResultRow | undefined;
  return row && readResult(row);
}
