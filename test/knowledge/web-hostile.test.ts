import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { addSite, closeReading, search } from '../../src/knowledge/index.ts';
import { NoAddress, typedAddress } from '../../src/knowledge/web/add-web.ts';
import { readSite } from '../../src/knowledge/web/change-site.ts';
import { Politeness } from '../../src/knowledge/web/polite.ts';
import { httpSimulator } from '../simulators/http.ts';
import { html, linksTo, sitemap, type SitePage } from '../simulators/website.ts';
import { docx, pdf } from './made-files.ts';
import { cameTo, heldUp, openWebDesk, pagesOf, readOne, readWhole, textOf, type WebDesk } from './web-desk.ts';

const WELL = html('Well', '<h1>Well</h1><p>The zeppelin lands at nine every morning of the year.</p>');
const redirect = (to: string, status = 302): SitePage => ({ status, headers: { Location: to } });

describe('a website that means no good', () => {
  let desk: WebDesk;
  beforeEach(async () => void (desk = await openWebDesk({ limits: { timeoutMs: 400, pageBytes: 500_000 } })));
  afterEach(() => desk.end());
  after(() => closeReading());

  const cases: [what: string, page: SitePage, said: RegExp][] = [
    [
      'a server that never ends its answer',
      { play: (_, response) => void response.writeHead(200, { 'Content-Type': 'text/html' }).write('<p>and') },
      /didn’t come to its end within 0\.4 seconds/,
    ],
    ['a server that never begins its answer', { play: () => undefined }, /didn't answer within 0\.4 seconds/],
    ['a huge page', { body: `<p>${'more of it '.repeat(60_000)}</p>` }, /larger than 500 kB, more than Deskbell reads of one page/],
    ['a picture', { type: 'image/png', body: '\x89PNG' }, /This is no page but a picture \(image\/png\)\./],
    ['a picture that says it is a page', { body: Buffer.from('\x89PNG\r\n', 'latin1') }, /This is a picture/],
    ['bytes that say they are a page', { body: Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * 7919) % 256)) }, /can’t tell/],
    ['a page for those who are signed in', { status: 403, body: 'no' }, /refuses to show this page \(403\)/],
    ['a page with a fault', { status: 500, body: 'oh' }, /has a fault of its own at this page \(500\)\. Try again later\./],
    ['a page of scripts alone', html('App', '<div id="root"></div><script>draw()</script>'), /There is no text on this page\./],
    [
      'a redirect to another site',
      redirect('https://elsewhere.example/x'),
      /sends visitors of this page on to elsewhere\.example, which isn’t part of it/,
    ],
    ['a redirect to no address', redirect('javascript:alert(1)'), /to an address that is none/],
    ['no HTTP at all', { play: (request) => void request.socket.end('SMTP 220 hello\r\n\r\n') }, /failed|couldn’t be understood/],
    ['an empty page', { body: '' }, /empty|no text/],
  ];
  it('says of each page in plain words why it was not read, and reads the others', async () => {
    const { ws, site } = desk;
    cases.forEach(([, page], at) => site.pages.set(`/case-${String.fromCharCode(97 + at)}`, page));
    site.pages.set('/well', WELL);
    site.pages.set('/sitemap.xml', sitemap(site.url, '/well', ...cases.map((_, at) => `/case-${String.fromCharCode(97 + at)}`)));
    site.pages.set('/', WELL);
    const { id, state } = await readWhole(ws, site.url);
    assert.equal(state, 'ready');
    const said = pagesOf(ws, id);
    cases.forEach(([what, , words], at) => {
      const line = said.find((each) => each.includes(`/case-${String.fromCharCode(97 + at)}`)) ?? assert.fail(what);
      assert.match(line, words, what);
      assert.match(line, /^(failed|skipped) /, what);
    });
    assert.ok(said.includes('ready /well'));
    assert.equal((await search(ws, { query: 'when does the zeppelin land' })).length, 2);
  }).timeout(20_000);

  it('a redirect leads to no other server, however near it is', async () => {
    const { ws, site } = desk;
    const inner = await httpSimulator((_, response) => response.end('<p>The secret of the router</p>'));
    site.pages.set('/', html('Home', linksTo('/in', '/meta')));
    site.pages.set('/in', redirect(`${inner.url}/admin`));
    site.pages.set('/meta', redirect('http://169.254.169.254/latest/'));
    const { id } = await readWhole(ws, site.url);
    assert.deepEqual(inner.requests, []);
    assert.match(
      pagesOf(ws, id).join('\n'),
      /skipped \/in: .*127\.0\.0\.1:\d+, which isn’t part of it[^]*skipped \/meta: .*169\.254\.169\.254/,
    );
    await inner.close();
  });

  it('redirects within the site are followed five times, and count once', async () => {
    const { ws, site } = desk;
    const chain = (name: string, hops: number): void => {
      for (let hop = 0; hop < hops; hop += 1) site.pages.set(`/${name}${'-'.repeat(hop)}`, redirect(`/${name}${'-'.repeat(hop + 1)}`));
      site.pages.set(`/${name}${'-'.repeat(hops)}`, WELL);
    };
    site.pages.set('/', html('Home', linksTo('/old', '/older', '/round', '/near', '/far')));
    site.pages
      .set('/old', redirect('/well', 301))
      .set('/older', redirect('/old', 308))
      .set('/round', redirect('/round'))
      .set('/well', WELL);
    chain('near', 5);
    chain('far', 6);
    const { id } = await readWhole(ws, site.url);
    assert.deepEqual(
      pagesOf(ws, id).map((line) => line.replace(/The site sends.*(on and on|read in its place).*/, '$1')),
      [
        'ready /',
        'skipped /far: on and on',
        'ready /near-----',
        'skipped /older: read in its place',
        'skipped /round: on and on',
        'ready /well',
      ],
    );
  });

  it('private addresses are refused where the operator doesn’t allow them', async () => {
    const closed = await openWebDesk({ env: { ALLOW_PRIVATE_ADDRESSES: '0' } });
    for (const typed of ['127.0.0.1', 'http://10.0.0.1/x', 'https://[::1]/', 'http://2130706433/', 'https://192.168.1.1:8080'])
      assert.throws(() => typedAddress(closed.ws, typed), NoAddress, typed);
    assert.equal(
      typedAddress(closed.ws, 'http://aurora.example/menu#top'),
      'https://aurora.example/menu',
      'the internet is asked by https',
    );
    for (const typed of ['ftp://aurora.example', 'javascript:alert(1)', 'aurora', 'https://mira:pw@aurora.example', ''])
      assert.throws(() => typedAddress(closed.ws, typed), NoAddress, typed);
    const failed = await readOne(closed.ws, 'https://localhost/');
    assert.match(failed.says ?? '', /localhost leads to a private or reserved address/);
    await closed.end();
  });

  it('a calendar without an end is bounded, and says so', async () => {
    const { ws, site } = desk;
    let asked = 0;
    const ahead = (n: number): string => Array.from({ length: 40 }, (_, at) => `<a href="/calendar/${n + at + 1}">on</a>`).join('');
    const day = (n: number): SitePage =>
      html(`Day ${n}`, `<p>On day ${n} the balloon rests.</p>${ahead(n)}<a href="?view=${n}">week</a><a href="/x/x/x/x/x/">in</a>`);
    site.pages.get = (path: string) => {
      const n = /^\/calendar\/(\d+)/.exec(path)?.[1];
      if (n === undefined) return path === '/' ? html('Home', linksTo('/calendar/1')) : undefined;
      asked += 1;
      return day(Number(n));
    };
    const source = await readWhole(ws, site.url);
    const all = pagesOf(ws, source.id);
    assert.ok(asked > 3 && asked < 250, `${asked} were asked for`);
    assert.ok(all.length < 250);
    assert.ok(all.some((line) => line.endsWith('So many addresses look like this one that the others are left out.')));
    assert.ok(!all.some((line) => line.includes('/x/x/x/x')));
  }).timeout(20_000);

  it('pages that aren’t to be read, and lead to such without an end, come to an end', async () => {
    const { ws, site } = desk;
    let asked = 0;
    site.pages.get = (path: string) => {
      if (!path.startsWith('/w')) return path === '/' ? html('Home', linksTo('/wa')) : undefined;
      asked += 1;
      return html('Nothing', linksTo(`${path}a`, `${path}b`, `${path}c`), '<meta name="robots" content="noindex">');
    };
    const id = addSite(ws, { address: site.url, by: null });
    await cameTo(ws, id, 'found');
    readSite(ws, id, { most: 20, depth: 20 });
    await cameTo(ws, id, 'ready');
    assert.ok(asked > 20 && asked < 20 * 3 + 45, `${asked} were asked for`);
    assert.ok(pagesOf(ws, id).length <= 20 * 3 + 45);
  }).timeout(20_000);

  it('a page nested fifteen thousand deep is read, or is said to take too much', async () => {
    const { ws, site } = desk;
    const deep = (tag: string): SitePage => ({
      body: `<title>Deep</title>${`<${tag}>`.repeat(15_000)}<p>The zeppelin lies below all of this.</p>`,
    });
    site.pages.set('/', html('Home', linksTo('/div', '/header', '/a', '/well')));
    for (const tag of ['div', 'header', 'a']) site.pages.set(`/${tag}`, deep(tag));
    site.pages.set('/well', WELL);
    const { id } = await readWhole(ws, site.url);
    for (const line of pagesOf(ws, id)) assert.match(line, /^(ready \/|(failed|skipped) \/\w+: (This takes more|There is no text))/);
    assert.ok(pagesOf(ws, id).includes('ready /well'));
  }).timeout(30_000);

  it('query noise makes no pages, and the order of a query no second one', async () => {
    const { ws, site } = desk;
    site.pages.set(
      '/',
      html(
        'Home',
        linksTo(
          '/shop?b=2&a=1&utm_campaign=x',
          '/shop?a=1&b=2&fbclid=1',
          '/shop;jsessionid=ABC?a=1&b=2',
          '//' + new URL(site.url).host + '/shop?a=1&b=2#there',
        ),
      ),
    );
    site.pages.set('/shop?a=1&b=2', WELL);
    const { id } = await readWhole(ws, site.url);
    assert.deepEqual(pagesOf(ws, id), ['ready /', 'ready /shop?a=1&b=2']);
  });

  it('whatever a page calls its encoding, its letters are read', async () => {
    const { ws, site } = desk;
    const latin = Buffer.from('<title>Käse</title><p>Der Käse kostet fünf Euro und schmeckt schön nach Gebäck.</p>', 'latin1');
    site.pages.set('/latin', { type: 'text/html; charset=iso-8859-1', body: latin });
    site.pages.set('/lies', { type: 'text/html; charset=utf-8', body: latin });
    site.pages.set('/unknown', { type: 'text/html; charset=klingon', body: latin });
    site.pages.set('/meta', {
      body: Buffer.concat([
        Buffer.from('<meta charset="windows-1251"><title>x</title><p>'),
        Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]),
        Buffer.from(' zeppelin</p>'),
      ]),
    });
    site.pages.set('/sitemap.xml', sitemap(site.url, '/latin', '/lies', '/unknown', '/meta'));
    site.pages.set('/', WELL);
    const { id } = await readWhole(ws, site.url);
    for (const key of ['/latin', '/lies', '/unknown']) assert.match(textOf(ws, id, key).join(), /Der Käse kostet fünf Euro/, key);
    assert.match(textOf(ws, id, '/meta').join(), /Привет zeppelin/);
  });

  it('a page that is a file is read as one', async () => {
    const { ws, site } = desk;
    site.pages.set('/menu.pdf', { type: 'application/pdf', body: pdf([[{ text: 'The zeppelin soup costs four euros.', y: 700 }]]) });
    site.pages.set('/list.docx', {
      type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      body: docx([['Normal', 'The balloon tea costs two euros.']]),
    });
    site.pages.set('/', html('Home', linksTo('/menu.pdf', '/list.docx')));
    const { id } = await readWhole(ws, site.url);
    assert.deepEqual(textOf(ws, id, '/menu.pdf'), ['menu.pdf | The zeppelin soup costs four euros.']);
    assert.deepEqual(textOf(ws, id, '/list.docx'), ['list.docx | The balloon tea costs two euros.']);
  });

  it('robots.txt: what can’t be asked allows nothing, what isn’t there everything; one made to cost much costs the chats nothing', async () => {
    const { ws, site } = desk;
    site.pages.set('/', html('Home', linksTo('/well'))).set('/well', WELL);
    site.pages.set('/robots.txt', { status: 503, body: 'later' });
    const failed = await readWhole(ws, site.url);
    assert.equal(failed.state, 'failed');
    assert.match(failed.says ?? '', /\(503\)\. Try again later\./);
    assert.ok(!site.asked.includes('/'));
    const rules = Array.from({ length: 4000 }, (_, at) => `Disallow: /*${'a*'.repeat(40)}${at}`).join('\n');
    site.pages.set('/robots.txt', { type: 'text/plain', body: `User-agent: *\n${rules}\nDisallow: /well` });
    const held = heldUp();
    const second = await readWhole(ws, `${site.url}/?`);
    const longest = held();
    assert.ok(longest < 60, `the main thread was held up for ${longest} ms`);
    assert.deepEqual(pagesOf(ws, second.id), ['ready /', 'skipped /well: The site’s robots.txt asks not to read it.']);
  }).timeout(20_000);
});

describe('politeness', () => {
  const clock = { now: () => 0, steady: () => performance.now() };
  const never = new AbortController().signal;

  it('asks a host one thing at a time, with the pause between, and other hosts meanwhile', async () => {
    const politeness = new Politeness();
    const told: string[] = [];
    const ask = (host: string, name: string) =>
      politeness.inTurn(host, 40, clock, never, async () => {
        told.push(`${name} begins`);
        await pause(5);
        told.push(`${name} ends`);
      });
    const began = performance.now();
    await Promise.all([ask('a', 'one'), ask('a', 'two'), ask('b', 'other')]);
    assert.deepEqual(told, ['one begins', 'other begins', 'one ends', 'other ends', 'two begins', 'two ends']);
    assert.ok(performance.now() - began >= 45);
  });

  it('a failure, too, is followed by the pause; who gives up waiting keeps nobody waiting', async () => {
    const politeness = new Politeness();
    const began = performance.now();
    await assert.rejects(
      politeness.inTurn('a', 40, clock, never, () => Promise.reject(new Error('no'))),
      /no/,
    );
    const gone = AbortSignal.timeout(5);
    await assert.rejects(politeness.inTurn('a', 5000, clock, gone, () => Promise.resolve()));
    await politeness.inTurn('b', 0, clock, never, () => Promise.resolve());
    assert.ok(performance.now() - began < 40);
  });
});
