/** How much room the disk has: what stops at which end, and the reserve that is given up last. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiskSpace, NoRoom } from '../../src/db/disk-space.ts';
import { createLogger } from '../../src/lib/log.ts';
import { eventually } from '../support/eventually.ts';
import { Disk, MB } from '../support/disk.ts';

const log = createLogger('silent');

describe('room on the disk', () => {
  let folder: string;
  let disk: Disk;
  let space: DiskSpace;
  let cuts: number;
  const reserve = (): number | undefined => statSync(join(folder, 'reserve'), { throwIfNoEntry: false })?.size;
  const roomAt = async (free: number): Promise<string> => {
    disk.free = free * MB;
    await space.look();
    return space.room;
  };
  const begin = (): void => space.begin(async () => void cuts++, 600_000);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'deskbell-disk-'));
    disk = new Disk();
    cuts = 0;
    space = new DiskSpace({ dataDir: folder, log, measure: () => disk.measure() });
  });
  afterEach(async () => {
    await space.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('stops imports first, then bots, and lets them go on with a little more than that', async () => {
    assert.equal(await roomAt(300), 'enough');
    assert.equal(await roomAt(255), 'low');
    assert.deepEqual([space.forImports, space.forBots], [false, true]);
    assert.throws(() => space.needForImport(), NoRoom);
    assert.equal(await roomAt(63), 'scarce');
    assert.deepEqual([space.forImports, space.forBots], [false, false]);
    assert.equal(await roomAt(70), 'scarce', 'at the threshold it would go to and fro');
    assert.equal(await roomAt(81), 'low');
    assert.equal(await roomAt(300), 'low');
    assert.equal(await roomAt(321), 'enough');
    space.needForImport();
    assert.equal(await roomAt(3), 'none');
  });

  it('asks less of a small disk', async () => {
    disk.total = 500 * MB;
    assert.equal(await roomAt(70), 'enough');
    assert.equal(await roomAt(49), 'low');
    assert.equal(await roomAt(12), 'scarce');
    assert.equal(await roomAt(0.9), 'none');
  });

  it('keeps a reserve, gives it up when the disk is full, has the logs cut then, and makes it again once there is room', async () => {
    disk.total = 400 * MB;
    begin();
    await space.look();
    assert.equal(reserve(), 4 * MB);
    assert.equal(await roomAt(0.5), 'none');
    assert.deepEqual([reserve(), cuts], [undefined, 1]);
    assert.equal(await roomAt(0.5), 'none');
    assert.equal(cuts, 1, 'there was nothing left to give');
    assert.equal(await roomAt(12), 'scarce');
    assert.equal(reserve(), undefined, 'it would take what bots need');
    assert.equal(await roomAt(20), 'low');
    assert.equal(reserve(), 4 * MB);
    assert.equal(existsSync(join(folder, 'reserve.new')), false);
  });

  it('knows the reserve of the process before', async () => {
    disk.total = 400 * MB;
    begin();
    await space.look();
    await space.stop();
    space = new DiskSpace({ dataDir: folder, log, measure: () => disk.measure() });
    begin();
    assert.equal(await roomAt(0.1), 'none');
    assert.equal(reserve(), undefined);
  });

  it('looks again and again by itself', async () => {
    space.begin(async () => undefined, 5);
    disk.free = 100 * MB;
    await eventually(() => assert.equal(space.room, 'low'));
  });

  it('measures the real disk, and takes one that can’t be measured for a large one', async () => {
    space = new DiskSpace({ dataDir: folder, log });
    await space.look();
    assert.ok(space.figures.free > 0 && space.figures.free < Infinity);
    space = new DiskSpace({ dataDir: join(folder, 'nowhere'), log });
    await space.look();
    assert.equal(space.room, 'enough');
  });
});
