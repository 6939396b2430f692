import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const project = join(import.meta.dirname, '../..');

describe('scripts/start', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'deskbell-start-'));
    for (const name of ['start', 'prepare.sh', 'missing-packages.mjs'])
      cpSync(join(project, 'scripts', name), join(folder, 'scripts', name));
    mkdirSync(join(folder, 'bin'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function command(name: string, body: string): void {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, 'bin', name), 0o755);
  }

  function start(): { status: number | null; said: string } {
    const env = { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` };
    const { status, stdout, stderr } = spawnSync('sh', [join(folder, 'scripts/start')], { env, encoding: 'utf8' });
    return { status, said: stdout + stderr };
  }

  it('says in plain words that Node.js is too old, before any file of the server is read', () => {
    command('node', 'case "$1" in -v) echo v18.19.0 ;; *) echo 18 ;; esac');
    command('npm', 'echo npm was called; exit 9');
    const { status, said } = start();
    assert.equal(status, 1);
    assert.match(said, /Node\.js v18\.19\.0 is too old\. Install version 20 or newer/);
    assert.doesNotMatch(said, /npm was called/);
  });

  it('says that packages could not be installed, and starts nothing', () => {
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }));
    command('node', `case "$*" in *src/main.ts) echo server started ;; *) exec ${process.execPath} "$@" ;; esac`);
    command('npm', 'echo "npm $*"; exit 1');
    const { status, said } = start();
    assert.equal(status, 1);
    assert.match(said, /npm ci .*--omit=dev/);
    assert.match(said, /could not be installed\. Check the network/);
    assert.doesNotMatch(said, /server started/);
  });

  it('makes the folders for data and keys and hands over to the server', () => {
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: {} }));
    command('node', `case "$*" in *src/main.ts) ls -ld "$DATA_DIR" "$KEYS_DIR" ;; *) exec ${process.execPath} "$@" ;; esac`);
    command('npm', 'echo npm was called; exit 9');
    const { status, said } = start();
    assert.equal(status, 0, said);
    assert.match(said, /^drwx.* data\ndrwx------.* keys$/m);
    assert.doesNotMatch(said, /npm was called/);
  });
});

describe('the look for missing packages', () => {
  const wanted = {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '2.0.0', dev: true },
    'node_modules/c': { version: '3.0.0', optional: true },
  };
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'deskbell-packages-'));
    cpSync(join(project, 'scripts/missing-packages.mjs'), join(folder, 'scripts/missing-packages.mjs'));
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: wanted }));
    mkdirSync(join(folder, 'node_modules'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const installed: { says: string; packages?: object; args?: string[]; missing: boolean }[] = [
    { says: 'finds all missing when nothing is installed', missing: true },
    {
      says: 'is content with all but the optional ones',
      packages: { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0' } },
      missing: false,
    },
    {
      says: 'sees an old version',
      packages: { 'node_modules/a': { version: '0.9.0' }, 'node_modules/b': { version: '2.0.0' } },
      missing: true,
    },
    { says: 'sees that a development package is missing', packages: { 'node_modules/a': { version: '1.0.0' } }, missing: true },
    {
      says: 'needs none of those to run the server',
      packages: { 'node_modules/a': { version: '1.0.0' } },
      args: ['--production'],
      missing: false,
    },
  ];
  for (const { says, packages, args = [], missing } of installed) {
    it(says, () => {
      if (packages) writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
      const { status } = spawnSync(process.execPath, [join(folder, 'scripts/missing-packages.mjs'), ...args]);
      assert.equal(status, missing ? 1 : 0);
    });
  }
});
