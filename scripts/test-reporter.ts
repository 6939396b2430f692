/**
 * Mocha's spec reporter, which also writes what happened to the file named by TEST_RESULTS: `scripts/test` counts from it,
 * and `npm run promises` reads from it which promises have a proof that passed.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Mocha from 'mocha';

export interface TestResults {
  passed: string[];
  failed: string[];
  skipped: string[];
}

const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING, EVENT_RUN_END } = Mocha.Runner.constants;

export default class Reporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const results: TestResults = { passed: [], failed: [], skipped: [] };
    runner.on(EVENT_TEST_PASS, (test) => results.passed.push(test.fullTitle()));
    // A hook that fails comes here too, under its own title: it took its tests with it.
    runner.on(EVENT_TEST_FAIL, (test) => results.failed.push(test.fullTitle()));
    runner.on(EVENT_TEST_PENDING, (test) => results.skipped.push(test.fullTitle()));
    runner.once(EVENT_RUN_END, () => {
      const file = process.env['TEST_RESULTS'];
      if (!file) return;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify(results, null, 1));
    });
  }
}
