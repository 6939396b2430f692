/** A round: all of a bot's tests asked of one version, or customers' questions asked again. What it asks is fixed when it begins. */
import { signOf } from '../differences.ts';
import type { BotVersion } from '../bot-versions.ts';
import { enqueue } from '../../jobs/enqueue.ts';
import type { Workspace } from '../../workspace.ts';
import { signOfTests, testsOf } from './answer-tests.ts';
import type { Wants } from './wants.ts';

export interface NewRound {
  version: BotVersion;
  kind: 'tests' | 'replay';
  cause: 'asked' | 'schedule';
  userId: number | null;
}

export interface Line {
  testId: number | null;
  conversationId: number | null;
  question: string;
  wants: Wants | null;
  beforeAnswer: string | null;
}

export type Begun = { roundId: number; refused?: undefined } | { roundId?: undefined; refused: 'going' | 'nothing' };

/** Rounds kept of a bot, besides the newest of each version. */
const KEPT = 20;

/** Asks all of a bot's tests. */
export function beginTests(ws: Workspace, { version, cause, userId }: Omit<NewRound, 'kind'>): Begun {
  const tests = testsOf(ws, version.botId);
  const lines = tests.map(({ id, conversationId, question, wants }) => ({
    testId: id,
    conversationId,
    question,
    wants,
    beforeAnswer: null,
  }));
  return beginRound(ws, { version, kind: 'tests', cause, userId }, lines, signOfTests(tests));
}

/** Asks what customers asked, once more. Their words and what they were answered are masked already. */
export function beginReplay(ws: Workspace, { version, userId }: Pick<NewRound, 'version' | 'userId'>, lines: readonly Line[]): Begun {
  return beginRound(ws, { version, kind: 'replay', cause: 'asked', userId }, lines, '');
}

/** One at a time for each bot: 'going' when another isn't done. */
function beginRound(ws: Workspace, round: NewRound, lines: readonly Line[], testsSign: string): Begun {
  if (lines.length === 0) return { refused: 'nothing' };
  return ws.durable(() => {
    const { botId } = round.version;
    if (ws.prepare("SELECT 1 FROM test_rounds WHERE bot_id = ? AND state <> 'done'").get(botId)) return { refused: 'going' };
    const roundId = insertRound(ws, round, testsSign);
    const insert = ws.prepare(
      "INSERT INTO test_results (round_id, position, test_id, conversation_id, question, wants, before_answer, state) VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting')",
    );
    for (const [position, { testId, conversationId, question, wants, beforeAnswer }] of lines.entries())
      insert.run(roundId, position + 1, testId, conversationId, question, wants && JSON.stringify(wants), beforeAnswer);
    askOn(ws, roundId);
    return { roundId };
  });
}

function insertRound(ws: Workspace, { version, kind, cause, userId }: NewRound, testsSign: string): number {
  const { id, botId, number, settings } = version;
  return Number(
    ws
      .prepare(
        `INSERT INTO test_rounds (bot_id, bot_version_id, version_number, settings, settings_sign, tests_sign, kind, cause, state, asked_by, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?)`,
      )
      .run(botId, id, number, JSON.stringify(settings), signOf(settings), testsSign, kind, cause, userId, ws.clock.now()).lastInsertRowid,
  );
}

function askOn(ws: Workspace, roundId: number): void {
  enqueue(ws, { kind: 'ask-tests', key: String(roundId) });
  tellRound(ws, roundId);
}

/** After the commit, to open pages. */
export function tellRound(ws: Workspace, roundId: number, resultId: number | null = null): void {
  ws.afterCommit(() => ws.bus.publish({ type: 'tests', roundId, resultId }));
}

/**
 * What is being asked is asked to its end; nothing more is begun. `says` is why, where it pauses by itself: of a round that
 * nobody asked for the team is told, since nobody looks at it.
 */
export function pauseRound(ws: Workspace, roundId: number, says: string | null): void {
  ws.durable(() => {
    const cause = ws
      .prepare("UPDATE test_rounds SET state = 'paused', says = ? WHERE id = ? AND state = 'running' RETURNING cause")
      .pluck()
      .get(says, roundId);
    if (cause === 'schedule' && says !== null) enqueue(ws, { kind: 'tell-tests', key: String(roundId) });
    tellRound(ws, roundId);
  });
}

/** Goes on with what waits. */
export function resumeRound(ws: Workspace, roundId: number): void {
  ws.durable(() => {
    const { changes } = ws.prepare("UPDATE test_rounds SET state = 'running', says = NULL WHERE id = ? AND state = 'paused'").run(roundId);
    if (changes > 0) askOn(ws, roundId);
  });
}

const NOT_ASKED =
  "UPDATE test_results SET state = 'unclear', says = 'It was not asked: the run was ended before.' WHERE round_id = ? AND state";

/** Leaves unasked what still waits. What is being asked is asked to its end, and the job then sees to what is left: `leaveUnasked`. */
export function endRound(ws: Workspace, roundId: number): void {
  ws.durable(() => {
    ws.prepare(`${NOT_ASKED} = 'waiting'`).run(roundId);
    closeRound(ws, roundId);
  });
}

/** Inside a transaction in which nothing is being asked any more: what a round that was ended left behind is said to be unclear. */
export function leaveUnasked(ws: Workspace, roundId: number): void {
  if (ws.prepare("SELECT 1 FROM test_rounds WHERE id = ? AND state = 'done'").get(roundId) === undefined) return;
  const left = ws.prepare(`${NOT_ASKED} IN ('waiting', 'asking', 'judging') RETURNING id`).pluck().all(roundId) as number[];
  for (const resultId of left) tellRound(ws, roundId, resultId);
}

/** Ends the round that the schedule began and that paused: left as it is, the schedule would never begin another. Inside a transaction. */
export function endPausedOnSchedule(ws: Workspace, botId: number): void {
  const paused = ws
    .prepare("SELECT id FROM test_rounds WHERE bot_id = ? AND cause = 'schedule' AND state = 'paused'")
    .pluck()
    .get(botId) as number | undefined;
  if (paused !== undefined) endRound(ws, paused);
}

/** Asks once more what nobody could tell. False when another round is under way. */
export function askUnclear(ws: Workspace, roundId: number): boolean {
  return ws.durable(() => {
    const round = ws.prepare("SELECT bot_id AS botId FROM test_rounds WHERE id = ? AND state = 'done'").get(roundId) as
      { botId: number } | undefined;
    if (!round || ws.prepare("SELECT 1 FROM test_rounds WHERE bot_id = ? AND state <> 'done'").get(round.botId)) return false;
    // An answer that is there is kept: only its judge is asked again.
    ws.prepare(
      `UPDATE test_results SET state = 'waiting', says = NULL, tries = 0, judge_run_id = NULL, ended_at = NULL,
         run_id = CASE WHEN answer IS NULL THEN NULL ELSE run_id END
       WHERE round_id = ? AND state = 'unclear'`,
    ).run(roundId);
    ws.prepare("UPDATE test_rounds SET state = 'running', ended_at = NULL, says = NULL WHERE id = ?").run(roundId);
    askOn(ws, roundId);
    return true;
  });
}

/** A call under way holds money of the budgets: what leads to it stays until it is settled. */
const NONE_ASKED = "NOT EXISTS (SELECT 1 FROM test_results t WHERE t.round_id = test_rounds.id AND t.state IN ('asking', 'judging'))";

/** Inside a transaction: nothing waits any more. Old rounds are let go. */
export function closeRound(ws: Workspace, roundId: number): void {
  const round = ws
    .prepare(
      "UPDATE test_rounds SET state = 'done', says = NULL, ended_at = ? WHERE id = ? AND state <> 'done' RETURNING bot_id AS botId, kind, cause",
    )
    .get(ws.clock.now(), roundId) as { botId: number; kind: string; cause: string } | undefined;
  if (!round) return;
  ws.prepare(
    `DELETE FROM test_rounds WHERE bot_id = @botId AND kind = @kind AND state = 'done' AND ${NONE_ASKED}
       AND id NOT IN (SELECT id FROM test_rounds WHERE bot_id = @botId AND kind = @kind ORDER BY id DESC LIMIT @kept)
       AND id NOT IN (SELECT max(id) FROM test_rounds WHERE bot_id = @botId AND kind = @kind GROUP BY version_number ORDER BY 1 DESC LIMIT @kept)`,
  ).run({ botId: round.botId, kind: round.kind, kept: KEPT });
  if (round.cause === 'schedule') enqueue(ws, { kind: 'tell-tests', key: String(roundId) });
  tellRound(ws, roundId);
}

/** Takes a round away with what came of it. False while it is under way, or what it asks isn't answered yet. */
export function removeRound(ws: Workspace, botId: number, roundId: number): boolean {
  return ws.durable(
    () =>
      ws.prepare(`DELETE FROM test_rounds WHERE id = ? AND bot_id = ? AND state = 'done' AND ${NONE_ASKED}`).run(roundId, botId).changes >
      0,
  );
}
