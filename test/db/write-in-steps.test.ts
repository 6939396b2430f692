import assert from 'node:assert/strict';
import { writeInSteps } from '../../src/db/write-in-steps.ts';
import type { Workspace } from '../../src/workspace.ts';
import { TestClock } from '../support/clock.ts';
import { cafeAurora, testInstallation, type TestInstallation } from '../support/installation.ts';

/** Time passes by the work that is done, not by itself. */
class WorkClock extends TestClock {
  worked = 0;

  override steady(): number {
    return this.worked;
  }
}

describe('writing in steps', () => {
  const clock = new WorkClock();
  let test: TestInstallation;
  let held: { workspace: Workspace; release(): void };
  /** ms of each transaction. */
  const steps: number[] = [];

  before(async () => {
    test = await testInstallation({ clock });
    held = test.installation.workspaces.hold(cafeAurora(test.installation));
    const write = held.workspace.write.bind(held.workspace);
    held.workspace.write = <T>(act: () => T): T => {
      const began = clock.worked;
      const done = write(act);
      steps.push(clock.worked - began);
      return done;
    };
  });
  beforeEach(() => void (steps.length = 0));
  after(async () => {
    held.release();
    await test.end();
  });

  function acts(many: number, ms: number, { signal = new AbortController().signal, acted = () => {} } = {}): Promise<void> {
    let left = many;
    const act = (): boolean => {
      clock.worked += ms;
      acted();
      left -= 1;
      return left > 0;
    };
    return writeInSteps(held.workspace, act, signal);
  }

  it('puts many cheap acts into a step, and one that is dear', async () => {
    await acts(400, 0.1);
    assert.ok(steps.length < 30 && steps.every((ms) => ms < 2.2), steps.join(' '));
    steps.length = 0;
    await acts(12, 5);
    assert.deepEqual(steps.slice(1), Array<number>(8).fill(5));
  });

  it('lets everything else go on between two steps, however many write at once', async () => {
    let turns = 0;
    let turn = setImmediate(function count() {
      turns += 1;
      turn = setImmediate(count);
    });
    const at: number[] = [];
    const acted = (): void => void at.push(turns);
    await Promise.all([acts(6, 3, { acted }), acts(6, 3, { acted }), acts(6, 3, { acted })]);
    clearImmediate(turn);
    // The first step of each has several acts, whose cost isn't known yet.
    assert.equal(new Set(at).size, steps.length, at.join(' '));
  });

  it('stops with the signal’s reason, and holds up nobody else by it', async () => {
    const stop = new AbortController();
    const stopped = acts(50, 3, { signal: stop.signal, acted: () => stop.abort(new Error('the server stops')) });
    const other = acts(10, 3);
    await assert.rejects(stopped, /the server stops/);
    await other;
  });
});
