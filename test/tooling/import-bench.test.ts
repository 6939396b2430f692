import assert from 'node:assert/strict';
import { importing } from '../../scripts/bench/import.ts';

describe('the bench of first tokens during an import', () => {
  it('measures what we add to them beside the same without an import, and what was imported meanwhile', async () => {
    const { figures, compared, ratios, targets, met } = await importing(2, { rounds: 1, warmUp: 1, pages: 4, rows: 200, files: 4 });
    assert.deepEqual(Object.keys(figures), ['addedP50', 'addedP95', 'asked', 'passages']);
    assert.ok((figures['asked'] ?? 0) > 0 && (figures['passages'] ?? 0) > 0, JSON.stringify(figures));
    assert.deepEqual(Object.keys(compared), ['addedP50', 'addedP95', 'asked']);
    for (const each of [ratios, targets, met]) assert.deepEqual(Object.keys(each), ['addedP50', 'addedP95']);
  }).timeout(30_000);
});
