/**
 * `npm run channels`: runs the contract suite of the channels, and prints what each channel does in each situation as a
 * table in Markdown, with the reason where it can't come into one.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Test {
  fullTitle: string;
}

interface Results {
  tests: Test[];
  pending: Test[];
  failures: Test[];
}

const TITLE = /^the contract of a channel: (\S+) (.*?)(?: \(skipped: (.*)\))?$/;

function run(): Results {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-channels-'));
  const file = join(folder, 'results.json');
  try {
    execFileSync('mocha', ['--reporter', 'json', '--reporter-option', `output=${file}`, 'test/channels/contract.test.ts'], {
      stdio: 'ignore',
    });
  } catch {
    // What failed stands in the results.
  }
  const results = JSON.parse(readFileSync(file, 'utf8')) as Results;
  rmSync(folder, { recursive: true });
  return results;
}

const { tests, pending, failures } = run();
const failed = new Set(failures.map(({ fullTitle }) => fullTitle));
const kinds: string[] = [];
const reasons: string[] = [];
/** Situation → kind → how it went. */
const table = new Map<string, Map<string, string>>();

function placeIn(list: string[], value: string): number {
  if (!list.includes(value)) list.push(value);
  return list.indexOf(value);
}

for (const { fullTitle } of tests) {
  const [, kind, situation, reason] = TITLE.exec(fullTitle) ?? [];
  if (kind === undefined || situation === undefined) continue;
  placeIn(kinds, kind);
  const row = table.get(situation) ?? new Map<string, string>();
  row.set(kind, reason === undefined ? (failed.has(fullTitle) ? '✗' : '✓') : `– ${placeIn(reasons, reason) + 1}`);
  table.set(situation, row);
}

const line = (...cells: string[]): string => `| ${cells.join(' | ')} |`;
process.stdout.write(
  [
    line('situation', ...kinds),
    line('---', ...kinds.map(() => '---')),
    ...[...table].map(([situation, row]) => line(situation, ...kinds.map((kind) => row.get(kind) ?? ''))),
    '',
    ...reasons.map((reason, at) => `${at + 1}. ${reason}`),
    '',
    `${table.size} situations: ${tests.length - pending.length - failures.length} passed, ${failures.length} failed, ${pending.length} skipped`,
    '',
  ].join('\n'),
);
process.exitCode = failures.length === 0 ? 0 : 1;
