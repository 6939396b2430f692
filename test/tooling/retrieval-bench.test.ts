import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RetrievalReport } from '../../scripts/bench/retrieval.ts';

const script = join(import.meta.dirname, '../../scripts/bench/run.ts');

describe('the bench of retrieval', function () {
  this.timeout(20_000);
  let data: string;
  before(() => {
    data = mkdtempSync(join(tmpdir(), 'deskbell-xquad-'));
    const paragraph = (context: string, question: string) => ({ context, qas: [{ question }] });
    const cakes = paragraph('The carrot cake holds walnuts, the brownie holds none.', 'Which cake has walnuts?');
    const dogs = paragraph('Dogs are welcome on the terrace and inside.', 'Where may dogs sit?');
    const astray = paragraph('The kitchen closes at six.', 'Does the brownie hold walnuts?');
    writeFileSync(join(data, 'xquad.en.json'), JSON.stringify({ data: [{ paragraphs: [cakes, dogs] }, { paragraphs: [astray] }] }));
    writeFileSync(join(data, 'LICENSE.txt'), 'not a language');
  });
  after(() => rmSync(data, { recursive: true }));

  it('adds, reads and asks, and prints what was found, by language and in the mean', () => {
    const said = execFileSync(process.execPath, [script, 'retrieval', '--data', data, '--json'], { encoding: 'utf8' });
    const { languages, mean } = JSON.parse(said.trim().split('\n').at(-1) ?? '') as RetrievalReport;
    assert.deepEqual(Object.keys(languages), ['en']);
    // The third question is about another paragraph than its own.
    assert.ok(Math.abs((languages['en']?.r1 ?? 0) - 2 / 3) < 1e-9, said);
    assert.deepEqual(mean, languages['en']);
  });

  it('asks for its data', () => {
    const { status, stderr } = spawnSync(process.execPath, [script, 'retrieval'], { encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, /--data DIR/);
  });
});
