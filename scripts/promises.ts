/**
 * Which promises of src/privacy/promises.json have a proof that passed: a test whose title starts with the promise's id
 * in brackets. Reads the last run of `scripts/test` where it is newer than the code, else runs the tests that carry an id.
 * `npm run --silent promises -- --json` prints `{rows, proved, missing}` on its last line.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import promises from '../src/privacy/promises.json' with { type: 'json' };
import type { TestResults } from './test-reporter.ts';

const root = join(import.meta.dirname, '..');

interface Row {
  id: string;
  does: string;
  proved: boolean;
  /** Titles of the tests that carry the id and passed. */
  proofs: string[];
}

export interface Proofs {
  rows: Row[];
  proved: string[];
  missing: string[];
  /** Ids in test titles that no promise has: a slip that would hide a proof. */
  unknown: string[];
}

/** The ids in a title: `[P8.2-d] …`, or several, `[P3.2-a, P4.2-b] …`. */
export function idsIn(title: string): string[] {
  return [...title.matchAll(/\[(P[\dF][\w.]*-[a-z](?:, ?P[\dF][\w.]*-[a-z])*)\]/g)].flatMap(([, ids]) => (ids ?? '').split(/, ?/));
}

/** A promise is proved when a test with its id passed and none with its id failed. */
export function proofsIn(results: TestResults): Proofs {
  const failed = new Set(results.failed.flatMap(idsIn));
  const rows = promises.map(({ id, does }): Row => {
    const proofs = results.passed.filter((title) => idsIn(title).includes(id));
    return { id, does, proved: proofs.length > 0 && !failed.has(id), proofs };
  });
  const known = new Set(promises.map(({ id }) => id));
  const titles = [...results.passed, ...results.failed, ...results.skipped];
  const idsOf = (proved: boolean) => rows.filter((row) => row.proved === proved).map((row) => row.id);
  return { rows, proved: idsOf(true), missing: idsOf(false), unknown: [...new Set(titles.flatMap(idsIn))].filter((id) => !known.has(id)) };
}

function lastResults(): TestResults {
  const whole = join(root, '.cache/tests.json');
  const changed = globSync(['src/**/*', 'test/**/*', 'public/**/*', 'views/**/*'], { cwd: root }).map(
    (file) => statSync(join(root, file)).mtimeMs,
  );
  if (existsSync(whole) && changed.every((at) => at < statSync(whole).mtimeMs)) return read(whole);
  if (!existsSync(join(root, 'node_modules/.bin/mocha'))) {
    process.stderr.write('No test has run here, and the packages that tests need aren’t installed: run scripts/test first.\n');
    return { passed: [], failed: [], skipped: [] };
  }
  const some = join(root, '.cache/promises.json');
  rmSync(some, { force: true });
  const args = ['--grep', String.raw`\[P[\dF]`, '--reporter', './scripts/test-reporter.ts', 'test/**/*.test.ts'];
  try {
    execFileSync('mocha', args, { cwd: root, env: { ...process.env, TEST_RESULTS: some }, stdio: ['ignore', 'ignore', 'inherit'] });
  } catch (error) {
    // Failed tests make mocha exit with their number; only a run that wrote nothing is an error here.
    if (!existsSync(some)) throw error;
  }
  return read(some);
}

function read(file: string): TestResults {
  return JSON.parse(readFileSync(file, 'utf8')) as TestResults;
}

function table({ rows, proved }: Proofs): string {
  const lines = rows.map(({ id, does, proved: isProved }) => `${isProved ? '✔' : '·'} ${id.padEnd(8)} ${does}`);
  return [...lines, '', `${proved.length} of ${rows.length} promises have a proof that passed.`].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { unknown, ...found } = proofsIn(lastResults());
  console.log(process.argv.includes('--json') ? JSON.stringify(found) : table({ ...found, unknown }));
  if (unknown.length > 0) {
    console.error(`No promise has the id ${unknown.join(', ')}, which a test's title carries.`);
    process.exitCode = 1;
  }
}
