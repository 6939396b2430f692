import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { idsIn, proofsIn } from '../../scripts/promises.ts';
import promises from '../../src/privacy/promises.json' with { type: 'json' };

const project = join(import.meta.dirname, '../..');

describe('the table of promises', () => {
  it('has each id once, and a sentence for each', () => {
    const ids = promises.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(ids.length, 143);
    assert.deepEqual(
      promises.filter(({ does }) => !/^[A-Z].+\.$/.test(does)).map(({ id }) => id),
      [],
    );
  });

  it('counts a promise as proved when its test passed, and never when one of its tests failed', () => {
    const results = {
      passed: ['a [P4.2-c] takes a key nowhere else', 'b [P3.2-a, P4.2-b] is found', 'c [P8.2-d] leaves no byte'],
      failed: ['c [P8.2-d] leaves no byte in a backup'],
      skipped: ['d [P9.2-a] says why'],
    };
    const { rows, proved, missing, unknown } = proofsIn(results);
    assert.deepEqual(proved, ['P3.2-a', 'P4.2-b', 'P4.2-c']);
    assert.equal(missing.length, rows.length - 3);
    assert.ok(missing.includes('P9.2-a'));
    assert.deepEqual(unknown, []);
  });

  it('names an id that no promise has', () => {
    assert.deepEqual(proofsIn({ passed: ['[P99-a] does something'], failed: [], skipped: [] }).unknown, ['P99-a']);
  });

  it('is the only place that ids in test titles come from', () => {
    const known = new Set(promises.map(({ id }) => id));
    const here = 'test/tooling/promises.test.ts';
    const files = globSync('test/**/*.test.ts', { cwd: project }).filter((file) => file !== here);
    const unknown = files.flatMap((file) => idsIn(readFileSync(join(project, file), 'utf8')).filter((id) => !known.has(id)));
    assert.deepEqual(unknown, []);
  });
});
