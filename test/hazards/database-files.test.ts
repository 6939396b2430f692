/**
 * SQLite's locks belong to the process, not to the descriptor: when anything else opens a database's file and closes it
 * again, all locks on it are gone, and acknowledged rows with them. So only SQLite opens these files.
 */
import assert from 'node:assert/strict';
import fs, { globSync, readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { addFile } from '../../src/knowledge/index.ts';
import { castOf } from '../answering/cast.ts';

const root = join(import.meta.dirname, '..', '..');
const DATABASE = /\.(db|lock)(-wal|-shm|-journal)?$/;
/** By these a file is opened; the rest of `fs` goes through them or opens nothing. */
const OPENERS = ['open', 'openSync', 'readFile', 'readFileSync', 'writeFile', 'writeFileSync', 'appendFile', 'appendFileSync'] as const;
const STREAMS = ['createReadStream', 'createWriteStream', 'copyFile', 'copyFileSync', 'cp', 'cpSync', 'truncate', 'truncateSync'] as const;
const PROMISES = ['open', 'readFile', 'writeFile', 'appendFile', 'copyFile', 'cp', 'truncate'] as const;

/** Notes every path that is opened by `fs`; returns what ends it. */
function watchFs(opened: string[]): () => void {
  const undo: (() => void)[] = [];
  const watch = (module: object, names: readonly string[]): void => {
    for (const name of names) {
      const real: unknown = Reflect.get(module, name);
      if (typeof real !== 'function') throw new Error(`fs has no ${name}`);
      const watched = (...given: unknown[]): unknown => {
        opened.push(...given.filter((each) => typeof each === 'string'));
        return Reflect.apply(real, module, given);
      };
      Reflect.set(module, name, watched);
      undo.push(() => Reflect.set(module, name, real));
    }
  };
  watch(fs, [...OPENERS, ...STREAMS]);
  watch(fs.promises, PROMISES);
  syncBuiltinESMExports();
  return () => {
    for (const back of undo) back();
    syncBuiltinESMExports();
  };
}

describe('the files of databases', () => {
  it('are opened by nothing but SQLite, from the first start through answers, files and a restart', async () => {
    const opened: string[] = [];
    const end = watchFs(opened);
    try {
      const cast = await castOf();
      cast.ai.says = 'Yes.';
      await addFile(cast.ws, { name: 'night.txt', content: Readable.from([Buffer.from('We bake at night.')]), by: null });
      await cast.write('Are you open?');
      await cast.quiet();
      await cast.test.reopen();
      await cast.end();
    } finally {
      end();
    }
    assert.ok(
      opened.some((path) => path.includes('keys')),
      'the watch sees what is opened',
    );
    assert.deepEqual(
      opened.filter((path) => DATABASE.test(path)),
      [],
    );
  });

  it('are named in few places, and node:sqlite in none', () => {
    const naming = globSync('src/**/*.ts', { cwd: root }).filter((file) =>
      /\.db\b'|node:sqlite/.test(readFileSync(join(root, file), 'utf8')),
    );
    // Backups name them too: the running ones are copied by SQLite itself, those of a restore are open to nobody.
    const others = naming.filter((file) => !file.startsWith('src/backups/') && file !== 'src/cli.ts');
    assert.deepEqual(others.sort(), ['src/db/control.ts', 'src/installation.ts', 'src/knowledge/search/search.ts', 'src/workspace.ts']);
  });
});
