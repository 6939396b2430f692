import assert from 'node:assert/strict';
import { linked } from '../../scripts/bench/linked.ts';

describe('the bench of linked phones', () => {
  it('ends a link again and again, and prints memory after the first connections beside memory at the end', async () => {
    const { name, figures, compared, ratios, targets, met } = await linked(0.1);
    assert.deepEqual([name, figures['reconnects']], ['linked', 10]);
    for (const each of [compared, ratios, targets, met]) assert.deepEqual(Object.keys(each), ['heapMb', 'rssMb']);
    for (const done of [2, 4, 6, 8, 10]) assert.ok((figures[`heapMb after ${done}`] ?? 0) > 0, `after ${done}`);
    assert.ok((figures['heapMb'] ?? 0) > 0 && (figures['rssMb'] ?? 0) > 0);
  }).timeout(40_000);
});
