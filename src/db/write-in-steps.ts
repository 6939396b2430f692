import { setImmediate, setTimeout as pause } from 'node:timers/promises';
import type { Workspace } from '../workspace.ts';

const STEP_MS = 2;
const ACTS_AT_FIRST = 4;
const ACTS_AT_MOST = 40;

/** Of everything that is written at once, in whichever workspace, one makes a step. */
let queue: Promise<unknown> = Promise.resolve();
/** ms of the processor that were taken since the last rest. */
let taken = 0;

/**
 * Writes what is much in short transactions, and rests as long as they took: a message that comes meanwhile waits for one step at
 * most, and finds the processor free every other time. How many acts make a step is learned from the step before: most of their time
 * is spent by the commit, and taking a passage out of a large index costs ten times what putting it in does.
 * `act` returns false when it is done. Rejects with the signal's reason.
 */
export async function writeInSteps(ws: Workspace, act: () => boolean, signal: AbortSignal): Promise<void> {
  let acts = ACTS_AT_FIRST;
  let more = true;
  const step = async (): Promise<void> => {
    signal.throwIfAborted();
    const began = ws.clock.steady();
    ws.write(() => {
      for (let done = 0; more && done < acts; done += 1) more = act();
    });
    const took = ws.clock.steady() - began;
    acts = Math.max(1, Math.min(2 * acts, Math.round((acts * STEP_MS) / took), ACTS_AT_MOST));
    await rest(took);
  };
  while (more) await inTurn(step);
}

function inTurn(step: () => Promise<void>): Promise<void> {
  const mine = queue.then(step);
  queue = mine.catch(() => undefined); // whoever asked for the step hears of it
  return mine;
}

/** Not after each little page of a site: a timer's shortest rest is a millisecond. */
async function rest(took: number): Promise<void> {
  taken += took;
  if (taken < STEP_MS) {
    await setImmediate();
    return;
  }
  const ms = taken;
  taken = 0;
  await pause(ms);
}
