import assert from 'node:assert/strict';
import { visitorMessages } from '../../src/conversations/index.ts';
import { shownMessage } from '../../src/visitors/shown.ts';
import { castOf, type Cast } from './cast.ts';

/** A page of a website as a reading leaves it. */
function addPage(cast: Cast): number {
  const { ws } = cast;
  return ws.write(() => {
    const insert = (sql: string, ...values: unknown[]): number => Number(ws.sql.prepare(sql).run(...values).lastInsertRowid);
    const site = insert(
      "INSERT INTO sources (kind, title, state, url, created_at, updated_at) VALUES ('site', 'aurora.example', 'ready', 'https://aurora.example/', 0, 0)",
    );
    const page = insert(
      "INSERT INTO pages (source_id, key, url, title, state, found_at) VALUES (?, '/cakes', 'https://aurora.example/cakes', 'Our cakes', 'ready', 0)",
      site,
    );
    return insert(
      `INSERT INTO chunks (source_id, page_id, position, path, text, words, language, hash, created_at)
       VALUES (?, ?, 0, 'Our cakes › Plum', 'Plum cake is baked in September.', 'our cake plum plum cake is bake in septemb', 'en', 'h', 0)`,
      site,
      page,
    );
  });
}

describe('the sources of an answer', () => {
  let cast: Cast;
  beforeEach(async () => {
    cast = await castOf();
  });
  afterEach(() => cast.end());

  it('from a website are its pages: a visitor sees each as a link to itself, under its own title', async () => {
    const chunk = addPage(cast);
    cast.ai.says = 'In September. [1]';
    await cast.write('When is plum cake baked?');
    await cast.quiet();
    const identity = cast.ws.sql.prepare('SELECT id FROM identities').pluck().get() as number;
    const last = visitorMessages(cast.ws, identity, 0, 10).at(-1) ?? assert.fail();
    assert.deepEqual(shownMessage(cast.ws, last).sources, [{ title: 'Our cakes', url: 'https://aurora.example/cakes' }]);
    assert.deepEqual(
      last.sources.map(({ chunkId, path }) => [chunkId, path]),
      [[chunk, 'Plum']],
      'the title isn’t said twice',
    );
  });

  it('without an address are named, and lead nowhere', async () => {
    cast.ai.says = 'From nine. [1]';
    await cast.write('Are you open on Sunday?');
    await cast.quiet();
    const identity = cast.ws.sql.prepare('SELECT id FROM identities').pluck().get() as number;
    const last = visitorMessages(cast.ws, identity, 0, 10).at(-1) ?? assert.fail();
    assert.deepEqual(shownMessage(cast.ws, last).sources, [{ title: 'Hours' }]);
  });
});
