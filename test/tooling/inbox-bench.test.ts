import assert from 'node:assert/strict';
import { inbox } from '../../scripts/bench/inbox.ts';

describe('the bench of the inbox', () => {
  it('looks at the page with few and with many messages, and says each figure beside the other', async function () {
    this.timeout(30_000);
    const report = await inbox(0.05, { few: 100, many: 400 });
    assert.deepEqual([report.figures['messages'], report.compared['messages']], [400, 100]);
    for (const key of ['p50', 'p95', 'p99']) assert.ok((report.figures[key] ?? 0) > 0, key);
    assert.equal(report.ratios['p95'], (report.figures['p95'] ?? 0) / (report.compared['p95'] ?? 0));
    assert.deepEqual(Object.keys(report.met), Object.keys(report.targets));
  });
});
