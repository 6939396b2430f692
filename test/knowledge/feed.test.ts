import assert from 'node:assert/strict';
import { addFeed, closeReading, rereadSource, search, switchChunk } from '../../src/knowledge/index.ts';
import { columnsOf, lookAtFeed, readFeedItems, type ChosenColumns } from '../../src/knowledge/feed/change-feed.ts';
import { readFeed } from '../../src/knowledge/feed/read-feed.ts';
import { sampleItems } from '../../src/knowledge/feed/feed.queries.ts';
import { sourceOf, type Source } from '../../src/knowledge/source.ts';
import { estimateMissing } from '../../src/knowledge/vectors/missing.ts';
import { website } from '../simulators/website.ts';
import { eventually } from '../support/eventually.ts';
import { cameTo, heldUp, openWebDesk, pagesOf, textOf, type WebDesk } from './web-desk.ts';

const DAY = 24 * 3600_000;
const HEAD = 'sku,name,price,currency,availability,url,colour,description\n';
const CAKE = 'c1,Zeppelin cake,4.50,EUR,in_stock,https://aurora.example/cake,brown,"A cake, with <b>cream</b>."\n';
const TEA = 'c2,Balloon tea,2,EUR,out_of_stock,https://aurora.example/tea,green,Tea of the house.\n';
const SOUP = 'c3,Submarine soup,5.00 EUR,EUR,12,,,\n';

describe('a product feed', () => {
  let desk: WebDesk;
  beforeEach(async () => void (desk = await openWebDesk()));
  afterEach(() => desk.end());
  after(() => closeReading());

  const chosen = (source: Source): ChosenColumns => {
    const { url: _, columns: __, ...rest } = columnsOf(source);
    return rest;
  };
  const serve = (body: string, type = 'text/csv', headers: Record<string, string> = {}): void =>
    void desk.site.pages.set('/feed', { type, body, headers });

  async function taken(): Promise<number> {
    const id = addFeed(desk.ws, { address: `${desk.site.url}/feed`, by: null });
    const found = await cameTo(desk.ws, id, 'found', 'failed');
    assert.equal(found.state, 'found', found.says ?? '');
    readFeedItems(desk.ws, id, chosen(found));
    await cameTo(desk.ws, id, 'ready', 'failed');
    return id;
  }

  async function refreshed(id: number): Promise<Source> {
    rereadSource(desk.ws, id);
    return cameTo(desk.ws, id, 'ready', 'failed');
  }

  it('is looked at first: its columns are guessed, its first items shown, and nothing is used before the yes', async () => {
    const { ws } = desk;
    serve(HEAD + CAKE + TEA + SOUP);
    const id = addFeed(ws, { address: `${desk.site.url}/feed`, by: null });
    const source = await cameTo(ws, id, 'found');
    const { columns: _, url: __, ...guessed } = columnsOf(source);
    assert.deepEqual(guessed, {
      ...{ id: 'sku', title: 'name', description: 'description', price: 'price', currency: 'currency', stock: 'availability', link: 'url' },
      ...{ more: [], keepGoneDays: 1 },
    });
    assert.equal(sampleItems(ws, id)[0]?.text, 'Zeppelin cake\nPrice: 4.50 EUR\nAvailability: in stock\nA cake, with cream .');
    assert.deepEqual(await search(ws, { query: 'zeppelin cake' }), []);
    assert.equal((await estimateMissing(ws, 0)).texts, 0);
    lookAtFeed(ws, id, { ...chosen(source), more: ['colour'], description: null });
    await cameTo(ws, id, 'found');
    assert.equal(sampleItems(ws, id)[0]?.text, 'Zeppelin cake\nPrice: 4.50 EUR\nAvailability: in stock\ncolour: brown');
    readFeedItems(ws, id, chosen(sourceOf(ws, id)));
    await cameTo(ws, id, 'ready');
    const [best] = await search(ws, { query: 'price of the submarine soup' });
    assert.equal(best?.text, 'Submarine soup\nPrice: 5.00 EUR\nAvailability: 12 in stock');
    assert.equal((await search(ws, { query: 'balloon tea' }))[0]?.url, 'https://aurora.example/tea', 'an item leads to its own page');
    assert.deepEqual(desk.site.objections, []);
  });

  it('JSON: the list is found wherever it stands, and keys within keys are columns', async () => {
    const { ws } = desk;
    const products = [
      {
        id: 7,
        title: 'Zeppelin cake',
        body_html: '<p>Baked by Mira.</p><ul><li>With cream</li></ul>',
        variants: [{ price: '4.50', available: true }],
        tags: ['cake', 'sweet'],
      },
      { id: 8, title: 'Balloon tea', variants: [{ price: '2.00', available: false }] },
    ];
    serve(JSON.stringify({ meta: { pages: [] }, data: { products } }), 'application/json');
    const id = await taken();
    assert.deepEqual(textOf(ws, id, '7'), [' | Zeppelin cake\nPrice: 4.50\nAvailability: in stock\nBaked by Mira.\nWith cream']);
    assert.deepEqual(textOf(ws, id, '8'), [' | Balloon tea\nPrice: 2.00\nAvailability: out of stock']);
    assert.ok(columnsOf(sourceOf(ws, id)).columns.includes('tags'));
  });

  it('a new price changes its item alone; the others are the rows they were', async () => {
    const { ws } = desk;
    serve(HEAD + CAKE + TEA + SOUP);
    const id = await taken();
    const rows = () => ws.sql.prepare('SELECT id FROM chunks WHERE source_id = ? ORDER BY page_id').pluck().all(id) as number[];
    const [cake, tea = 0, soup] = rows();
    switchChunk(ws, id, tea, false);
    serve(HEAD + CAKE.replace('4.50', '4.90') + TEA + SOUP);
    await refreshed(id);
    const [newCake, sameTea, sameSoup] = rows();
    assert.deepEqual([sameTea, sameSoup], [tea, soup]);
    assert.notEqual(newCake, cake);
    assert.match(textOf(ws, id, 'c1').join(), /Price: 4\.90 EUR/);
    assert.deepEqual(await search(ws, { query: 'balloon tea' }), []);
  });

  it('is asked for with ETag and Last-Modified; by other columns the whole list is fetched again', async () => {
    const { ws, site } = desk;
    for (const [header, one, two] of [
      ['ETag', '"1"', '"2"'],
      ['Last-Modified', 'Tue, 24 Nov 2026 09:00:00 GMT', 'Wed, 25 Nov 2026 09:00:00 GMT'],
    ] as const) {
      serve(HEAD + CAKE + TEA, 'text/csv', { [header]: one });
      const id = await taken();
      site.forget();
      assert.equal((await refreshed(id)).state, 'ready');
      assert.deepEqual(site.asked, ['/feed', '304'], header);
      site.forget();
      serve(HEAD + CAKE.replace('4.50', '4.90') + TEA, 'text/csv', { [header]: two });
      await refreshed(id);
      assert.match(textOf(ws, id, 'c1').join(), /Price: 4\.90 EUR/);
      assert.deepEqual(site.asked, ['/feed'], header);
      site.forget();
      lookAtFeed(ws, id, { ...chosen(sourceOf(ws, id)), more: ['colour'] });
      await cameTo(ws, id, 'ready', 'failed');
      assert.deepEqual(site.asked, ['/feed'], header);
      assert.match(textOf(ws, id, 'c1').join(), /colour: brown/);
    }
  });

  it('an item that is out of the list answers for as long as its rules say, and comes back when it does', async () => {
    const { ws, clock } = desk;
    serve(HEAD + CAKE + TEA);
    const id = await taken();
    serve(HEAD + TEA);
    await refreshed(id);
    assert.deepEqual(pagesOf(ws, id), ['gone c1: It isn’t in the list any more.', 'ready c2']);
    serve(HEAD + CAKE + TEA);
    await refreshed(id);
    assert.deepEqual(pagesOf(ws, id), ['ready c1', 'ready c2']);
    serve(HEAD + TEA);
    await refreshed(id);
    clock.move(DAY + 1);
    desk.installation.jobs.tick();
    await eventually(() => assert.deepEqual(pagesOf(ws, id), ['ready c2']));
  });

  it('a list that is ill or empty takes nothing away, and says so', async () => {
    const { ws } = desk;
    serve(HEAD + CAKE);
    const id = await taken();
    const ills: [body: string, type: string, says: RegExp][] = [
      ['<html><body>Sign in</body></html>', 'text/html', /a web page or XML, not a product list/],
      ['{"products": [', 'application/json', /JSON isn’t whole/],
      ['{"products": []}', 'application/json', /no list of products in this JSON/],
      ['sku,name\n', 'text/csv', /no list of products at this address/],
      ['sku,name\nc1,\n', 'text/csv', /No product in this list has a name/],
      ['', 'text/csv', /no list of products/],
    ];
    for (const [body, type, says] of ills) {
      serve(body, type);
      const source = await refreshed(id);
      assert.equal(source.state, 'ready', body);
      assert.match(source.says ?? '', says, body);
    }
    desk.site.pages.set('/feed', { status: 503 });
    assert.match((await refreshed(id)).says ?? '', /\(503\)/);
    assert.equal((await search(ws, { query: 'zeppelin cake' })).length, 1);
  });

  it('a shared sheet that lies on another server is fetched from there', async () => {
    const other = await website();
    other.pages.set('/export', { type: 'text/csv', body: HEAD + CAKE });
    desk.site.pages.set('/feed', { status: 307, headers: { Location: `${other.url}/export` } });
    const id = await taken();
    assert.deepEqual(pagesOf(desk.ws, id), ['ready c1']);
    desk.site.pages.set('/feed', { status: 302, headers: { Location: 'http://169.254.169.254/latest/meta-data' } });
    assert.match((await refreshed(id)).says ?? '', /leads to a private or reserved address/);
    await other.close();
  });

  it('a list without a name for anything is refused before it is used', async () => {
    serve('a,b\n1,2\n');
    const id = addFeed(desk.ws, { address: `${desk.site.url}/feed`, by: null });
    assert.match((await cameTo(desk.ws, id, 'failed')).says ?? '', /None of the columns looks like a product’s name: a, b\./);
  });

  it('a thousand items are taken over without holding up the chats, and what didn’t change costs nothing the next time', async () => {
    const { ws } = desk;
    const many = (price: number): string =>
      HEAD +
      Array.from(
        { length: 1000 },
        (_, at) =>
          `s${at},Thing number ${at},${at === 7 ? price : 3},EUR,in_stock,https://aurora.example/${at},red,A thing of the kind ${at}\n`,
      ).join('');
    serve(many(3));
    const held = heldUp();
    const id = await taken();
    const longest = held();
    assert.ok(longest < 60, `the main thread was held up for ${longest} ms`);
    assert.equal(pagesOf(ws, id).length, 1000);
    const before = ws.sql.prepare('SELECT max(id) FROM chunks').pluck().get() as number;
    serve(many(4));
    desk.clock.move(60_000);
    await refreshed(id);
    assert.equal(ws.sql.prepare('SELECT count(*) FROM pages WHERE read_at = ?').pluck().get(desk.clock.now()), 1);
    assert.equal(ws.sql.prepare('SELECT count(*) FROM chunks WHERE id > ?').pluck().get(before), 1);
  }).timeout(60_000);
});

describe('the items of a feed', () => {
  const read = (body: string, rules: Partial<ChosenColumns> = {}): string[] => {
    const none = { id: null, title: null, description: null, price: null, currency: null, stock: null, link: null };
    const first = readFeed({
      kind: 'feed',
      bytes: Buffer.from(body),
      hash: body,
      keys: null,
      rules: { url: '', columns: [], ...none, more: [], keepGoneDays: 1 },
    });
    const whole = { ...first.feed.rules, ...rules };
    const keys = readFeed({ kind: 'feed', bytes: Buffer.from(body), hash: body, keys: null, rules: whole }).feed.items.map(
      ({ key }) => key,
    );
    return readFeed({ kind: 'feed', bytes: Buffer.from(body), hash: body, keys, rules: whole }).texts;
  };

  it('say their stock as a person would', () => {
    const said = ['in_stock', 'true', 'https://schema.org/OutOfStock', '0', '3', 'PreOrder', ''].map(
      (stock) => read(`title,stock,x\nA,${stock},y`)[0]?.split('\n')[1] ?? '',
    );
    assert.deepEqual(said, [
      'Availability: in stock',
      'Availability: in stock',
      'Availability: out of stock',
      'Availability: out of stock',
      'Availability: 3 in stock',
      'Availability: pre order',
      '',
    ]);
  });

  it('are each told once, those without a name not at all, and none is endless', () => {
    assert.deepEqual(read('id;title;price\n1;A;2\n1;B;3\n2;;4\n3;C;5'), ['A\nPrice: 2', 'C\nPrice: 5']);
    assert.ok((read(`title,description\nA,${'word '.repeat(5000)}`)[0]?.length ?? 0) < 1300);
  });
});
