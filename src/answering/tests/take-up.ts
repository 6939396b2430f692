import type { Workspace } from '../../workspace.ts';
import { runById } from '../try-bot.ts';
import { keepUnclear, putLineBack } from './keep-result.ts';
import { linesBegun } from './round.queries.ts';

const BROKE_OFF =
  'The server stopped while this was being asked, and the provider may have been paid. It isn’t asked again by itself: press “Ask again”.';

/**
 * Lines that a kill or a stop left in the middle. What had come to its end is gone on with, what cost nothing waits again, and
 * what may have been paid for is left to a person.
 */
export function takeUp(ws: Workspace, roundId: number): void {
  for (const line of linesBegun(ws, roundId)) {
    const runId = line.answer === null ? line.runId : line.judgeRunId;
    const run = runId === null ? null : runById(ws, runId);
    const brokeOff = run?.state === 'died' || run?.state === 'dropped';
    if (brokeOff && (run.costMicros ?? 0) > 0) keepUnclear(ws, line, BROKE_OFF);
    else putLineBack(ws, line, { tries: line.tries, anew: run === null || brokeOff });
  }
}
