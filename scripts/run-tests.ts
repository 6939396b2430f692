/**
 * Everything that `scripts/test` checks: types, lint, import rules, format, the tests, a short crash run. Prints a line
 * for each check, the output of those that failed, and at the end `N passed, N failed` over all of it.
 */
import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import project from '../package.json' with { type: 'json' };
import type { TestResults } from './test-reporter.ts';

const root = join(import.meta.dirname, '..');
const resultsFile = join(root, '.cache/tests.json');
const tally = { passed: 0, failed: 0, skipped: 0 };

interface Ended {
  code: number;
  output: string;
}

/** Runs a command without standard input. Its output is kept, or shown as it comes. */
function run(command: string, args: string[], { show = false, results = '' } = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, TEST_RESULTS: results, NODE_COMPILE_CACHE: join(root, '.cache/compiled') };
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'] });
    let output = '';
    child.stdout?.on('data', (text: Buffer) => (output += text.toString()));
    child.stderr?.on('data', (text: Buffer) => (output += text.toString()));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? 1, output: signal ? `${output}\nended by ${signal}` : output }));
  });
}

async function check(name: string, command: string, args: string[]): Promise<void> {
  const began = performance.now();
  const { code, output } = await run(command, args);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  if (code === 0) tally.passed += 1;
  else tally.failed += 1;
  console.log(`${code === 0 ? '✔' : '✘'} ${name} (${seconds} s)${code === 0 ? '' : `\n${output}`}`);
}

/** The files of tests that drive a browser. */
function browserTests(): string[] {
  const files = globSync('test/**/*.test.ts', { cwd: root });
  return files.filter((file) => readFileSync(join(root, file), 'utf8').includes('support/browser.ts'));
}

/** Runs some of the files; none is no run. A run that died, or that found no test, must not look like one that passed. */
async function mocha(name: string, files: string[], show: boolean): Promise<TestResults> {
  const none: TestResults = { passed: [], failed: [], skipped: [] };
  if (files.length === 0) return none;
  const file = join(root, `.cache/tests-${name}.json`);
  rmSync(file, { force: true });
  const { code, output } = await run('mocha', ['--reporter', './scripts/test-reporter.ts', ...files], { show, results: file });
  const results = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as TestResults) : none;
  if (!show) console.log(output);
  if (results.failed.length > 0 || (code === 0 && results.passed.length > 0)) return results;
  console.log(`✘ tests: mocha ended with code ${code} after ${results.passed.length} tests`);
  return { ...results, failed: [`mocha, ${name}`] };
}

/** Two runs at a time, those with a browser and those without: a browser waits more than it works. */
async function tests(): Promise<void> {
  const seen = browserTests();
  const unseen = process.env['CHROMIUM'] === '' ? seen : [];
  for (const file of unseen) console.log(`– ${file} is skipped: there is no Chromium`);
  const others = globSync('test/**/*.test.ts', { cwd: root }).filter((file) => !seen.includes(file));
  const runs = await Promise.all([mocha('others', others, true), mocha('browser', unseen.length > 0 ? [] : seen, false)]);
  const all = (key: keyof TestResults): string[] => runs.flatMap((results) => results[key]);
  const results: TestResults = { passed: all('passed'), failed: all('failed'), skipped: all('skipped') };
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(resultsFile, JSON.stringify(results, null, 1));
  tally.passed += results.passed.length;
  tally.skipped += results.skipped.length + unseen.length;
  tally.failed += results.failed.length;
}

// Two at a time: each of these keeps one core busy.
await Promise.all([check('types', 'tsc', ['-p', '.']), check('lint', 'eslint', ['.'])]);
await Promise.all([
  check('import rules', 'node', ['scripts/check-imports.ts']),
  check('format', 'prettier', ['--check', '--log-level=warn', '.']),
  check('nothing unused', 'knip', ['--no-progress', '--no-config-hints']),
]);
await tests();
if ('crash' in project.scripts) await check('crash, 10 kills', 'npm', ['run', '--silent', 'crash', '--', '--kills', '10']);

const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : '';
console.log(`\n${tally.passed} passed, ${tally.failed} failed${skipped}`);
process.exitCode = tally.failed === 0 ? 0 : 1;
