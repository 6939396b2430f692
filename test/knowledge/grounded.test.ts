import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { readBusinesses } from '../../scripts/bench/grounded-data.ts';
import type { Report } from '../../scripts/bench/report.ts';
import { FITS } from '../../src/knowledge/index.ts';
import type { AnswerEvent } from '../../src/providers/index.ts';
import { quoteProvider } from '../../src/providers/quote.ts';

const script = join(import.meta.dirname, '../../scripts/bench/run.ts');

describe('what fits is answered, and what doesn’t is refused', function () {
  this.timeout(40_000);
  let said: string;
  let report: Report;
  before(() => {
    said = execFileSync(process.execPath, [script, 'grounded', '--json'], { encoding: 'utf8' });
    report = JSON.parse(said.trim().split('\n').at(-1) ?? '') as Report;
  });

  it('the data are at least three businesses in eight languages, more than 100 questions they answer and 80 they don’t', () => {
    const businesses = readBusinesses();
    const answerable = businesses.flatMap((business) => business.answerable);
    const unanswerable = businesses.flatMap((business) => business.unanswerable);
    assert.ok(businesses.length >= 3 && answerable.length >= 100 && unanswerable.length >= 80);
    assert.ok(unanswerable.filter(({ near }) => near).length >= 40);
    assert.ok(new Set([...answerable, ...unanswerable].map(({ language }) => language)).size >= 8);
  });

  it('of the half that chose nothing, nearly all that is known is answered, and most that isn’t is refused', () => {
    const { answered = 0, right = 0, refused = 0 } = report.figures;
    assert.ok(answered >= 0.92 && right >= 0.92 && refused >= 0.85, said);
  });

  it('the threshold in use is about the one that the other half chooses', () => {
    assert.equal(report.figures['threshold'], FITS);
    assert.ok(Math.abs((report.compared['threshold'] ?? 0) - FITS) < 0.05, said);
    assert.match(said, new RegExp(`→ ${FITS.toFixed(2)}`));
  });

  it('without AI, a wrong passage is seldom quoted: for what it knows, what comes near, and anything else', () => {
    const { quoteRight = 0, quoteWrong = 1, quoteRefused = 0, quoteRefusedNear = 0 } = report.figures;
    assert.ok(quoteRight >= 0.8 && quoteWrong <= 0.1 && quoteRefused >= 0.9 && quoteRefusedNear >= 0.85, said);
  });

  it('`quote` asks for as much as the search does', async () => {
    const quoted = async (score: number): Promise<boolean> => {
      const access = {
        key: null,
        baseUrl: null,
        fetch: () => Promise.reject(new Error('it reaches out')),
        signal: new AbortController().signal,
        refusedFields: [],
        onRefusedField: () => undefined,
      };
      const passage = { n: 1, title: 'Hours', path: '', text: 'On Sunday we are open.', score };
      const request = { system: '', context: '', maxTokens: 0, temperature: null, cacheKey: '', model: 'quote', language: 'en' as const };
      const events: AnswerEvent[] = [];
      const turns = [{ role: 'user' as const, text: 'Are you open on Sunday?' }];
      for await (const event of quoteProvider.answer(access, { ...request, turns, passages: [passage] })) events.push(event);
      return events.some(({ type }) => type === 'delta');
    };
    assert.deepEqual([await quoted(FITS), await quoted(FITS - 0.001)], [true, false]);
  });
});
