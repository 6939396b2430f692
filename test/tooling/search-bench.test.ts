import assert from 'node:assert/strict';
import { search } from '../../scripts/bench/search.ts';

describe('the bench of search', () => {
  it('measures words and meaning beside bare FTS5 and an exact look at every vector, and finds nearly all of the best', async () => {
    const { figures, compared, ratios, targets, met } = await search(0.3, 1500);
    const keys = ['keylessP50', 'keylessP95', 'hybridP50', 'hybridP95', 'recallAt6'];
    for (const each of [figures, compared, ratios, targets, met]) assert.deepEqual(Object.keys(each), keys);
    for (const key of keys) assert.ok((figures[key] ?? 0) > 0, key);
    assert.ok((figures['recallAt6'] ?? 0) >= 0.99);
  });
});
