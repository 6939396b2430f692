/** Two containers on one volume would answer the same customers twice. The lock must hold between processes, and end with its process however that ends. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OwnedElsewhere, ownDataFolder } from '../../src/db/owner-lock.ts';
import { systemClock } from '../../src/lib/clock.ts';

const module = new URL('../../src/db/owner-lock.ts', import.meta.url).href;
const OWN = `
  import { ownDataFolder } from ${JSON.stringify(module)};
  const clock = { now: () => Date.now(), steady: () => performance.now() };
  await ownDataFolder(process.argv[1], clock, 0);
  process.stdout.write('owned');
  setInterval(() => undefined, 1000);`;

describe('a data folder', () => {
  let folder: string;
  let children: ChildProcess[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'deskbell-owner-'));
    children = [];
  });
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  async function another(): Promise<ChildProcess> {
    const child = spawn(process.execPath, ['--input-type=module', '-e', OWN, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    await once(child.stdout, 'data');
    return child;
  }

  it('belongs to one process, is refused to a second in plain words, and is free once the first was killed', async () => {
    const first = await another();
    await assert.rejects(ownDataFolder(folder, systemClock, 0), (error) => {
      assert.ok(error instanceof OwnedElsewhere);
      assert.match(error.message, /Another Deskbell works on .*Stop it first/);
      return true;
    });
    const waiting = ownDataFolder(folder, systemClock, 5000);
    first.kill('SIGKILL');
    const release = await waiting;
    await assert.rejects(ownDataFolder(folder, systemClock, 0), OwnedElsewhere);
    release();
    (await ownDataFolder(folder, systemClock, 0))();
  });
});
