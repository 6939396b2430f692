/**
 * Takes out of node_modules what a running server never reads: typings, source maps, TypeScript sources, notes, tests,
 * other platforms' binaries, the C sources of SQLite, the icon sets that no page draws. Licences stay.
 * `node docker/prune-packages.mjs node_modules` prints the megabytes before and after.
 */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = process.argv[2] ?? 'node_modules';

const wholeFolders = [
  'better-sqlite3/deps',
  'better-sqlite3/src',
  'openai/src',
  '@anthropic-ai/sdk/src',
  '@tabler/icons/categories',
  '@tabler/icons/icons/filled',
  'tinyld/playground',
  'tinyld/tests-integration',
];
const unreadFolders = new Set(['test', 'tests', '__tests__', 'docs', 'example', 'examples', 'benchmark', 'benchmarks', '.github']);
const unreadFile =
  /\.(d\.[cm]?ts|map|md|markdown|flow|tsbuildinfo|ts|mts|cts|yml|yaml|png|html)$|^(tabler-nodes-\w+|icons)\.json$|\.browser\.js$/i;
const licence = /^(licen[cs]e|copying|notice|ofl)/i;
const prebuilt = new Set([`${process.platform}-${process.arch}.node`]);

const sizeOf = (path) => {
  const found = statSync(path);
  return found.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : found.size;
};

function prune(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      // A package may itself be called "docs": only folders inside a package are looked at.
      const isPackage = basename(folder) === 'node_modules' || basename(folder).startsWith('@');
      if (!isPackage && unreadFolders.has(entry.name)) rmSync(path, { recursive: true });
      else prune(path);
    } else if (basename(folder) === 'prebuilds' ? !prebuilt.has(entry.name) : unreadFile.test(entry.name) && !licence.test(entry.name)) {
      rmSync(path);
    }
  }
}

const megabytes = () => (sizeOf(root) / 1e6).toFixed(1);
const before = megabytes();
for (const folder of wholeFolders) rmSync(join(root, folder), { recursive: true, force: true });
rmSync(join(root, '.package-lock.json'), { force: true });
rmSync(join(root, '.bin'), { recursive: true, force: true });
prune(root);
console.log(`node_modules: ${before} MB, pruned to ${megabytes()} MB`);
