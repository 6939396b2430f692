import assert from 'node:assert/strict';
import { enqueue, cancelJob } from '../../src/jobs/enqueue.ts';
import { GiveUp, LeaseLost, TryLater, type Job, type JobKind } from '../../src/jobs/job.ts';
import type { Workspace } from '../../src/workspace.ts';
import { TestClock } from '../support/clock.ts';
import { cafeAurora, testInstallation, type TestInstallation } from '../support/installation.ts';
import { eventually } from '../support/eventually.ts';

interface Row {
  key: string;
  attempts: number;
  lease: string | null;
  parked_at: number | null;
  says: string | null;
  due_at: number;
}

describe('jobs', () => {
  let test: TestInstallation;
  let clock: TestClock;
  let ws: Workspace;

  beforeEach(async () => {
    clock = new TestClock();
    test = await testInstallation({ clock });
    ws = test.installation.workspaces.hold(cafeAurora(test.installation)).workspace;
  });

  afterEach(() => test.end());

  const start = (kinds: Record<string, JobKind>): Promise<void> => test.installation.jobs.start(kinds);
  const ask = (key = 'a', more: { dueAt?: number; notLaterThanMs?: number; kind?: string } = {}): void =>
    ws.write(() => enqueue(ws, { kind: 'k', key, ...more }));
  const rows = () => ws.sql.prepare('SELECT * FROM jobs ORDER BY id').all() as Row[];

  it('runs what is due, at once, and forgets it', async () => {
    const ran: string[] = [];
    await start({ k: { run: (_, job) => job.finish(() => void ran.push(job.key)) } });
    ask('a');
    await eventually(() => assert.deepEqual([ran, rows()], [['a'], []]));
  });

  it('runs once more what is asked for again while it runs', async () => {
    let release = (): void => undefined;
    let runs = 0;
    await start({
      k: {
        run: async (_, job) => {
          runs++;
          if (runs === 1) await new Promise<void>((resolve) => (release = resolve));
          await job.finish(() => undefined);
        },
      },
    });
    ask();
    await eventually(() => assert.equal(runs, 1));
    ask();
    ask();
    release();
    await eventually(() => assert.deepEqual([runs, rows().length], [2, 0]));
  });

  it('is pushed back by being asked for again, but only so far', () => {
    const t0 = clock.now();
    ask('a', { dueAt: t0 + 1500, notLaterThanMs: 8000 });
    for (let i = 0; i < 9; i++) {
      clock.move(1000);
      ask('a', { dueAt: clock.now() + 1500, notLaterThanMs: 8000 });
    }
    assert.deepEqual(
      rows().map((row) => row.due_at),
      [t0 + 8000],
    );
  });

  it('undoes the effect with the job when the effect throws, and tries again later', async () => {
    let tries = 0;
    await start({
      k: {
        run: async (workspace, job) => {
          tries++;
          await job.finish(() => {
            workspace.sql.prepare("INSERT INTO cursors VALUES ('effect', 1)").run();
            if (tries === 1) throw new Error('half way');
          });
        },
      },
    });
    ask();
    await eventually(() => assert.equal(rows()[0]?.attempts, 1));
    assert.equal(ws.sql.prepare("SELECT count(*) FROM cursors WHERE name = 'effect'").pluck().get(), 0);
    clock.move(1000);
    test.installation.jobs.tick();
    await eventually(() => assert.deepEqual([tries, rows()], [2, []]));
    assert.equal(ws.sql.prepare("SELECT count(*) FROM cursors WHERE name = 'effect'").pluck().get(), 1);
  });

  it('parks what fails for good, says so, and lets asking again revive it', async () => {
    const parked: string[] = [];
    let help = false;
    await start({
      k: {
        attempts: 2,
        run: async (_, job) => {
          if (job.key === 'b') throw new GiveUp('The file is gone.');
          if (!help) throw new Error('no');
          await job.finish(() => undefined);
        },
        onParked: (_, job, says) => void parked.push(`${job.key}: ${says}`),
      },
    });
    ask('b');
    await eventually(() => assert.deepEqual(parked, ['b: The file is gone.']));
    ask('a');
    await eventually(() => assert.equal(rows()[1]?.attempts, 1));
    clock.move(1000);
    test.installation.jobs.tick();
    await eventually(() => assert.notEqual(rows()[1]?.parked_at, null));
    help = true;
    ask('a');
    await eventually(() =>
      assert.deepEqual(
        rows().map((row) => row.key),
        ['b'],
      ),
    );
  });

  it('waits as long as the handler says', async () => {
    let runs = 0;
    await start({
      k: {
        run: async (_, job) => {
          if (++runs === 1) throw new TryLater(30_000, 'rate');
          await job.finish(() => undefined);
        },
      },
    });
    ask();
    await eventually(() => assert.equal(rows()[0]?.due_at, clock.now() + 30_000));
    clock.move(30_000);
    test.installation.jobs.tick();
    await eventually(() => assert.equal(rows().length, 0));
  });

  it('frees at boot what a dead process held, and parks what killed it three times', async () => {
    ask('a');
    for (let death = 1; death <= 3; death++) {
      ws.sql.prepare("UPDATE jobs SET lease = 'dead', taken = wanted, deaths = ?").run(death);
      await test.reopen();
      ws = test.installation.workspaces.hold(test.installation.workspaces.ids()[0] ?? '').workspace;
      test.installation.jobs.recover(ws);
      const [row] = rows();
      assert.equal(row?.lease, null);
      assert.equal(row?.parked_at !== null, death === 3);
    }
    assert.match(rows()[0]?.says ?? '', /stopped three times/);
  });

  it('writes no effect when its lease was taken away', async () => {
    let lost: unknown;
    await start({
      k: {
        run: async (workspace, job) => {
          workspace.sql.prepare("UPDATE jobs SET lease = 'another'").run();
          try {
            await job.finish(() => assert.fail('the effect was written'));
          } catch (error) {
            lost = error;
            throw error;
          }
        },
      },
    });
    ask();
    await eventually(() => assert.ok(lost instanceof LeaseLost));
  });

  it('takes turns between workspaces and keeps a kind within its limit', async () => {
    const other = test.installation.workspaces.hold(cafeAurora(test.installation, 'Bistro')).workspace;
    const order: string[] = [];
    let now = 0;
    let most = 0;
    const run = async (workspace: Workspace, job: Job): Promise<void> => {
      most = Math.max(most, ++now);
      order.push(workspace === other ? 'bistro' : 'aurora');
      await new Promise((resolve) => setImmediate(resolve));
      now--;
      job.finishQuietly();
    };
    for (let i = 0; i < 6; i++) ask(String(i));
    other.write(() => enqueue(other, { kind: 'k', key: 'x' }));
    await start({ k: { run, atOnce: 2 } });
    await eventually(() => assert.equal(order.length, 7));
    assert.equal(most, 2);
    assert.ok(order.indexOf('bistro') < 6, order.join(' '));
  });

  it('takes back what has not begun', () => {
    ask('a');
    assert.equal(
      ws.write(() => cancelJob(ws, 'k', 'a')),
      true,
    );
    assert.equal(
      ws.write(() => cancelJob(ws, 'k', 'a')),
      false,
    );
  });

  it('puts back what is aborted when the server stops', async () => {
    await start({
      k: {
        run: (_, __, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
      },
    });
    ask();
    await eventually(() => assert.notEqual(rows()[0]?.lease, null));
    await test.installation.jobs.stop(10);
    assert.deepEqual([rows()[0]?.lease, rows()[0]?.attempts], [null, 0]);
  });
});
