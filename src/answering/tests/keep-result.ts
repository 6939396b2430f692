/** What comes of a line, step by step; each is one transaction, so that a kill finds it where it was. */
import { tellRound, type Check } from '../../bots/index.ts';
import type { Workspace } from '../../workspace.ts';
import type { TriedRun } from '../try-bot.ts';
import type { Answered } from './check-answer.ts';
import type { AskedLine } from './round.queries.ts';

/** The line was deleted since it was taken: with its conversation, or with its round. */
export class LineGone extends Error {}

/**
 * In the transaction that opens the run: which line it is for. A judge's is another than that of the answer. Throws LineGone, by
 * which the run isn't opened: it would hold a customer's words, and nothing would lead to it.
 */
export function linkRun(ws: Workspace, lineId: number, column: 'run_id' | 'judge_run_id', runId: number): void {
  const { changes } = ws.prepare(`UPDATE test_results SET ${column} = ? WHERE id = ?`).run(runId, lineId);
  if (changes === 0) throw new LineGone();
}

/** Before anything is judged: what was answered isn't asked for again. */
export function keepAnswer(ws: Workspace, line: AskedLine, { text, byPerson }: Answered, run: TriedRun): void {
  const totalMs = (run.searchMs ?? 0) + (run.totalMs ?? 0);
  ws.write(() => {
    ws.prepare("UPDATE test_results SET state = 'judging', answer = ?, by_person = ?, total_ms = ? WHERE id = ?").run(
      text,
      byPerson ? 1 : 0,
      totalMs,
      line.id,
    );
  });
}

export function keepResult(
  ws: Workspace,
  line: AskedLine,
  { state, checks }: { state: 'passed' | 'failed' | 'unclear' | 'asked'; checks: readonly Check[] },
): void {
  const unknown = state === 'unclear' ? (checks.find(({ passed }) => passed === null)?.says ?? null) : null;
  end(ws, line, state, unknown, checks);
}

/** Nobody can tell whether it passed. */
export function keepUnclear(ws: Workspace, line: AskedLine, says: string): void {
  end(ws, line, 'unclear', says, null);
}

/** What answer and judge cost, in the answer's currency; calls in another stand under Spending alone. */
const COST = `
  SELECT sum(cost_micros) FILTER (WHERE currency = (SELECT currency FROM runs WHERE id = t.run_id) OR t.run_id IS NULL)
  FROM runs WHERE id IN (t.run_id, t.judge_run_id)`;

function end(ws: Workspace, line: AskedLine, state: string, says: string | null, checks: readonly Check[] | null): void {
  ws.write(() => {
    const row = ws
      .prepare(
        `UPDATE test_results AS t SET state = ?, says = ?, checks = ?, ended_at = ?, cost_micros = (${COST}), currency = (SELECT currency FROM runs WHERE id = t.run_id)
         WHERE id = ? RETURNING round_id`,
      )
      .pluck()
      .get(state, says, checks && JSON.stringify(checks), ws.clock.now(), line.id) as number | undefined;
    if (row !== undefined) tellRound(ws, row, line.id);
  });
}

/** It waits again: for the next step where the last one has come to its end, or to be asked `anew`, where nothing was paid for. */
export function putLineBack(ws: Workspace, line: AskedLine, { tries, anew }: { tries: number; anew: boolean }): void {
  ws.write(() => {
    ws.prepare("UPDATE test_results SET state = 'waiting', tries = ? WHERE id = ?").run(tries, line.id);
    if (!anew) return;
    // Of an answer that is there, the judge alone was being asked.
    ws.prepare('UPDATE test_results SET judge_run_id = NULL, run_id = CASE WHEN answer IS NULL THEN NULL ELSE run_id END WHERE id = ?').run(
      line.id,
    );
  });
}
