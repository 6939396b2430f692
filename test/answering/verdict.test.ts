import assert from 'node:assert/strict';
import { readVerdict } from '../../src/answering/tests/judge-answer.ts';

describe('what a judge writes', () => {
  for (const [text, passed, says] of [
    ['PASS\nIt names the price.', true, 'It names the price.'],
    ['**FAIL**\n\nIt names no price.', false, 'It names no price.'],
    [
      'Verdict first? No: PASS',
      null,
      'The judge wrote no verdict, but “Verdict first? No: PASS”. Say the rule more simply, or choose another model.',
    ],
    ['passed – all well', true, 'all well'],
    ['fail', false, 'The judge gave no reason.'],
    [
      'Failure is an option',
      null,
      'The judge wrote no verdict, but “Failure is an option”. Say the rule more simply, or choose another model.',
    ],
    [
      '{"verdict": "PASS"}',
      null,
      'The judge wrote no verdict, but “{"verdict": "PASS"}”. Say the rule more simply, or choose another model.',
    ],
    [' \n', null, 'The judge wrote nothing.'],
  ] as const)
    it(`${JSON.stringify(text)} ${passed === null ? 'is no verdict' : passed ? 'passes' : 'fails'}`, () =>
      assert.deepEqual(readVerdict(text), { passed, says }));

  it('is cut where it goes on and on', () => {
    assert.equal(readVerdict(`PASS ${'so '.repeat(5000)}`).says.length, 400);
    assert.ok(readVerdict('x'.repeat(100_000)).says.length < 250);
  });
});
