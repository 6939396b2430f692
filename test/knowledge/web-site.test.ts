import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { addSite, closeReading, search } from '../../src/knowledge/index.ts';
import { readSite } from '../../src/knowledge/web/change-site.ts';
import { estimateMissing } from '../../src/knowledge/vectors/missing.ts';
import { LIMITS } from '../../src/knowledge/web/site.ts';
import { html, linksTo, sitemap } from '../simulators/website.ts';
import { cameTo, openWebDesk, pagesOf, readWhole, textOf, type WebDesk } from './web-desk.ts';

const MENU = html(
  'Menu',
  '<main><h1>Menu</h1><h2>Cakes</h2><p>The zeppelin cake costs 4 euros and is baked every single morning by Mira.</p></main>',
);
const HOURS = html('Opening hours', '<h1>Opening hours</h1><p>On Sundays we are open from nine to five, on Mondays the balloon rests.</p>');

describe('a website as knowledge', () => {
  let desk: WebDesk;
  beforeEach(async () => void (desk = await openWebDesk()));
  afterEach(() => desk.end());
  after(() => closeReading());

  it('is found by its sitemap, shown before it is read, and answers questions after the yes', async () => {
    const { ws, site } = desk;
    site.pages.set('/', html('Café Aurora', linksTo('/hidden')));
    site.pages.set('/menu', MENU).set('/hours', HOURS).set('/hidden', MENU);
    site.pages.set('/sitemap.xml', sitemap(site.url, '/menu', '/hours'));
    const id = addSite(ws, { address: site.url, by: null });
    await cameTo(ws, id, 'found');
    assert.deepEqual(await search(ws, { query: 'zeppelin cake' }), [], 'nothing is in use before the yes');
    assert.equal((await estimateMissing(ws, 0)).texts, 0, 'nor sent to a model');
    readSite(ws, id);
    await cameTo(ws, id, 'ready');
    assert.equal((await estimateMissing(ws, 0)).texts, 3);
    assert.deepEqual(pagesOf(ws, id), ['ready /', 'ready /hours', 'ready /menu'], 'a link that no sitemap names is not followed');
    const [best] = await search(ws, { query: 'what does the zeppelin cake cost' });
    assert.equal(best?.url, `${site.url}/menu`, 'the passage leads to its page');
    assert.equal(best?.path, 'Menu › Cakes');
    assert.deepEqual(site.objections, []);
  });

  it('without a sitemap is crawled by its links, as deep as its rules say', async () => {
    const { ws, site } = desk;
    site.pages.set('/', html('Café Aurora', linksTo('/a', 'https://elsewhere.example/x', '/photo.jpg', 'mailto:mira@aurora.example')));
    for (const [path, next] of [
      ['/a', '/b'],
      ['/b', '/c'],
      ['/c', '/d'],
      ['/d', '/e'],
      ['/e', '/f'],
      ['/f', '/'],
    ] as const)
      site.pages.set(path, html(`Page ${path}`, linksTo(`${next}#part`, `${next}?utm_source=mail`)));
    const { id, state } = await readWhole(ws, site.url);
    assert.equal(state, 'ready');
    assert.deepEqual(pagesOf(ws, id), ['ready /', 'ready /a', 'ready /b', 'ready /c', 'ready /d', 'ready /e']);
    assert.deepEqual(site.asked.filter((path) => path === '/a').length, 1, 'what was looked at before the yes is not fetched twice');
  });

  it('an index of sitemaps, packed by gzip and named in robots.txt', async () => {
    const { ws, site } = desk;
    site.pages.set('/robots.txt', {
      type: 'text/plain',
      body: `User-agent: *\nDisallow: /secret\nSitemap: ${site.url}/maps/index.xml\nSitemap: https://elsewhere.example/sitemap.xml`,
    });
    site.pages.set('/maps/index.xml', {
      type: 'text/xml',
      body: `<sitemapindex><sitemap><loc>${site.url}/maps/one.xml.gz</loc></sitemap></sitemapindex>`,
    });
    const { body } = sitemap(site.url, '/menu', '/secret/plans', '/hours?b=2&a=1');
    site.pages.set('/maps/one.xml.gz', { type: 'application/gzip', body: gzipSync(body ?? '') });
    site.pages
      .set('/menu', MENU)
      .set('/hours?a=1&b=2', HOURS)
      .set('/secret/plans', MENU)
      .set('/', html('Home', '<p>Welcome to the café with the zeppelin.</p>'));
    const { id } = await readWhole(ws, site.url);
    assert.deepEqual(pagesOf(ws, id), [
      'ready /',
      'ready /hours?a=1&b=2',
      'ready /menu',
      'skipped /secret/plans: The site’s robots.txt asks not to read it.',
    ]);
    assert.ok(!site.asked.includes('/secret/plans'));
  });

  it('says who asks by name and its server’s address, and keeps the pause that robots.txt asks for, up to a limit', async () => {
    const known = await openWebDesk({ env: { BASE_URL: 'https://desk.aurora.example' }, limits: { longestPauseMs: 90 } });
    const at: number[] = [];
    for (const path of ['/', '/menu', '/hours'])
      known.site.pages.set(path, {
        play: (request, response) => {
          at.push(performance.now());
          assert.equal(request.headers['user-agent'], 'Deskbell (+https://desk.aurora.example)');
          response.writeHead(200, { 'Content-Type': 'text/html' }).end(`<p>The zeppelin lands.</p>${linksTo('/menu', '/hours')}`);
        },
      });
    known.site.pages.set('/robots.txt', { type: 'text/plain', body: 'User-agent: deskbell\nCrawl-delay: 86400' });
    await readWhole(known.ws, known.site.url);
    assert.equal(at.length, 3);
    const pauses = at.slice(1).map((time, place) => time - (at[place] ?? 0));
    assert.ok(
      pauses.every((ms) => ms >= 85 && ms < 2000),
      pauses.join(' '),
    );
    assert.deepEqual(known.site.objections, []);
    assert.equal(LIMITS.pauseMs, 250, 'where nobody asks for more');
    await known.end();
  });

  it('main text alone: no menu, no cookie banner, no footer; tables stay tables', async () => {
    const { ws, site } = desk;
    site.pages.set(
      '/',
      html(
        'Prices | Café Aurora',
        `<header><a href="/">Home</a></header><nav><a href="/a">Leads away</a></nav>
         <div class="menu-main"><ul><li><a href="/a">Cakes here</a></li><li><a href="/b">Bread here</a></li></ul></div>
         <div id="cookie-consent"><p>We use cookies to remember you.</p><button>Accept all</button></div>
         <h1>Prices</h1><p>All of our prices hold until the zeppelin lands, and include the tax of the country.</p>
         <table><tr><th>Cake</th><th>Price</th></tr><tr><td>Zeppelin</td><td>4 €</td></tr></table>
         <div class="menu"><h2>Menu of today</h2><p>Soup of the balloon with bread, <a href="/s">more</a> or <a href="/l">less</a>.</p></div>
         <footer>All rights reserved by nobody</footer>`,
      ),
    );
    const { id } = await readWhole(ws, site.url);
    assert.deepEqual(textOf(ws, id, '/'), [
      'Prices | All of our prices hold until the zeppelin lands, and include the tax of the country.\n\nCake | Price\nZeppelin | 4 €',
      'Prices › Menu of today | Soup of the balloon with bread, more or less.',
    ]);
  });
});
