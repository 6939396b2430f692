/** The table of jobs itself can't be written for a while, as on a full or ill disk: the process stays up, and the work is done afterwards. */
import assert from 'node:assert/strict';
import { enqueue } from '../../src/jobs/enqueue.ts';
import type { JobKind } from '../../src/jobs/job.ts';
import type { Workspace } from '../../src/workspace.ts';
import { eventually } from '../support/eventually.ts';
import { cafeAurora, testInstallation, type TestInstallation } from '../support/installation.ts';

describe('jobs on a disk that is full', () => {
  let test: TestInstallation;
  let ws: Workspace;

  beforeEach(async () => {
    test = await testInstallation();
    ws = test.installation.workspaces.hold(cafeAurora(test.installation)).workspace;
  });
  afterEach(() => test.end());

  const begin = async (run: JobKind['run']): Promise<void> => {
    await test.installation.jobs.start({ k: { run } });
  };
  const refuse = (column: string): void =>
    void ws.sql.exec(
      `CREATE TEMP TRIGGER ill BEFORE UPDATE OF ${column} ON jobs BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`,
    );
  const mend = (): void => void ws.sql.exec('DROP TRIGGER ill');
  const left = (): unknown => ws.sql.prepare('SELECT count(*) FROM jobs').pluck().get();

  it('wait, while other businesses are served, and are done once there is room', async () => {
    const other = test.installation.workspaces.hold(cafeAurora(test.installation, 'Bistro')).workspace;
    const done: string[] = [];
    await begin(async (workspace, job) => {
      await job.finish(() => void done.push(workspace === ws ? 'aurora' : 'bistro'));
    });
    refuse('lease');
    for (const workspace of [ws, other]) workspace.write(() => enqueue(workspace, { kind: 'k', key: 'a' }));
    await eventually(() => assert.deepEqual(done, ['bistro']));
    mend();
    await eventually(() => assert.deepEqual(done, ['bistro', 'aurora']));
    assert.equal(left(), 0);
  });

  it('that failed and can’t be put back are tried again in the same life', async () => {
    let runs = 0;
    await begin(async (_, job) => {
      if (++runs === 1) {
        refuse('attempts');
        throw new Error('the disk is full');
      }
      await job.finish(() => undefined);
    });
    ws.write(() => enqueue(ws, { kind: 'k', key: 'a' }));
    await eventually(() => assert.equal(runs, 1));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(left(), 1);
    mend();
    await eventually(() => assert.deepEqual([runs, left()], [2, 0]), 6000);
  });
});
