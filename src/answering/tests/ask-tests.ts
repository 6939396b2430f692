import { closeRound, leaveUnasked, pauseRound, type BotVersion } from '../../bots/index.ts';
import { TryLater, type JobKind } from '../../jobs/job.ts';
import type { Workspace } from '../../workspace.ts';
import { askTest, type Then } from './ask-test.ts';
import { askedVersion, takeLine, waits } from './round.queries.ts';
import { takeUp } from './take-up.ts';

/** Questions of one round that are asked at the same time: customers' answers need the provider, too. */
const AT_ONCE = 3;

/**
 * The job 'ask-tests', keyed by its round: asks what waits, and ends the round when nothing does any more. It can be paused,
 * killed and begun again at any instant: what was paid for isn't asked again by itself.
 */
export const askTests: JobKind = {
  atOnce: 2,
  async run(ws, job, signal) {
    const roundId = Number(job.key);
    const version = askedVersion(ws, roundId);
    if (version) {
      takeUp(ws, roundId);
      const end = await askAll(ws, roundId, version, signal);
      if (end.then === 'pause') pauseRound(ws, roundId, end.says);
      if (end.then === 'later') throw new TryLater(end.afterMs, 'the provider asked to come again', { counts: false });
    }
    await job.finish(() => {
      leaveUnasked(ws, roundId);
      if (!waits(ws, roundId)) closeRound(ws, roundId);
    });
  },
  onParked(ws, { key }, says) {
    pauseRound(ws, Number(key), says);
    leaveUnasked(ws, Number(key));
  },
};

/** Some at once, until nothing waits or one of them tells to stop; those under way come to their end. */
async function askAll(ws: Workspace, roundId: number, version: BotVersion, signal: AbortSignal): Promise<Then> {
  let end: Then = { then: 'go on' };
  const askOn = async (): Promise<void> => {
    while (end.then === 'go on' && !signal.aborted) {
      const line = takeLine(ws, roundId);
      if (!line) return;
      const then = await askTest(ws, version, line, signal);
      if (end.then === 'go on' || then.then === 'pause') end = then;
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, askOn));
  signal.throwIfAborted();
  const failed = ended.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
  return end;
}
