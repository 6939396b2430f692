import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { addText, releaseSearch, search } from '../../src/knowledge/index.ts';
import { SearchPool } from '../../src/knowledge/search/search-pool.ts';
import { openDesk, settled } from './desk.ts';

/** A search thread that answers with its own birthday, and dies when it is asked to: "die" always, "die once" unless the mark is there. */
const PROGRAM = `
import { existsSync, writeFileSync } from 'node:fs';
import { parentPort, threadId } from 'node:worker_threads';
parentPort.on('message', ({ id, file, query }) => {
  if (query === 'die') process.exit(1);
  if (query === 'die once' && !existsSync(file)) { writeFileSync(file, ''); throw new Error('out of luck'); }
  if (query === 'wrong') return parentPort.postMessage({ id, error: 'no such table' });
  parentPort.postMessage({ id, passages: [{ chunkId: threadId, text: query }] });
});`;

describe('the search threads', () => {
  let folder: string;
  let pool: SearchPool;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'deskbell-test-'));
    writeFileSync(join(folder, 'thread.mjs'), PROGRAM);
  });
  beforeEach(() => (pool = new SearchPool(1, pathToFileURL(join(folder, 'thread.mjs')))));
  afterEach(() => pool.close());
  after(() => rmSync(folder, { recursive: true }));

  it('a thread that dies is replaced, and what it was asked is asked once more', async () => {
    const mark = join(folder, 'died');
    const [again, beside] = await Promise.all([pool.find(mark, 'die once', 1), pool.find(mark, 'beside', 1)]);
    assert.deepEqual([again[0]?.text, beside[0]?.text], ['die once', 'beside']);
  });

  it('what kills two threads is refused, and the next search is answered', async () => {
    await assert.rejects(pool.find('', 'die', 1), /ended/);
    assert.equal((await pool.find('', 'after', 1))[0]?.text, 'after');
  });

  it('a failed search says why and harms no other', async () => {
    const both = [pool.find('', 'wrong', 1), pool.find('', 'fine', 1)];
    await assert.rejects(both[0] ?? assert.fail(), /no such table/);
    assert.equal((await both[1])?.[0]?.text, 'fine');
  });

  it('one thread answers many, in one life', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => pool.find('', `question ${n}`, 1)));
    assert.equal(new Set(answers.map(([passage]) => passage?.chunkId)).size, 1);
    assert.equal(answers[49]?.[0]?.text, 'question 49');
  });

  it('is started once when a question is expected, and ends when none comes', async () => {
    await pool.close();
    pool = new SearchPool(2, pathToFileURL(join(folder, 'thread.mjs')), 40);
    pool.warm();
    pool.warm();
    assert.equal(pool.threads, 1);
    assert.equal((await pool.find('', 'quick', 1))[0]?.text, 'quick');
    assert.equal(pool.threads, 1);
    while (pool.threads > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal((await pool.find('', 'later', 1))[0]?.text, 'later');
  });

  it('a closed pool refuses what waits', async () => {
    const waiting = pool.find('', 'x', 1);
    await pool.close();
    await assert.rejects(waiting, /ended/);
  });

  it('a search sees what was committed before it, and holds no lock afterwards', async () => {
    const desk = await openDesk();
    const { ws } = desk;
    const id = addText(ws, { title: 'T', text: 'The zeppelin lands.', by: null });
    await settled(ws, id);
    assert.equal((await search(ws, { query: 'zeppelin' })).length, 1);
    const [{ busy }] = ws.sql.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }];
    assert.equal(busy, 0, 'no read transaction was left open');
    ws.write(() => ws.sql.prepare("UPDATE chunks SET words = 'balloon' WHERE source_id = ?").run(id));
    assert.equal((await search(ws, { query: 'balloon' })).length, 1);
    assert.equal((await search(ws, { query: 'zeppelin' })).length, 0);
    releaseSearch(ws);
    assert.equal((await search(ws, { query: 'balloon' })).length, 1);
    await desk.end();
  });
});
