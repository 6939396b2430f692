import assert from 'node:assert/strict';
import { addSite, closeReading, removeSource, rereadSource, search, switchChunk } from '../../src/knowledge/index.ts';
import { editChunk } from '../../src/knowledge/edit-chunk.ts';
import { lookAgain, pauseReading, readSite, resumeReading, retryPage } from '../../src/knowledge/web/change-site.ts';
import { pageWith } from '../../src/knowledge/web/page-rows.ts';
import { setSchedule } from '../../src/knowledge/web/refresh-source.ts';
import { sourceOf } from '../../src/knowledge/source.ts';
import { html, linksTo, sitemap, type SitePage } from '../simulators/website.ts';
import { eventually } from '../support/eventually.ts';
import { gone } from './desk.ts';
import { cameTo, openWebDesk, pagesOf, readOne, readWhole, textOf, webKinds, type WebDesk } from './web-desk.ts';

const DAY = 24 * 3600_000;
const part = (head: string, text: string): string => `<h2>${head}</h2><p>${text}</p>`;
const menu = (...parts: string[]): SitePage => html('Menu', `<main><h1>Menu</h1>${parts.join('')}</main>`);
const CAKE = part('Cake', 'The zeppelin cake costs four euros and is baked in the morning.');
const TEA = part('Tea', 'The balloon tea costs two euros and is served with a biscuit.');
const SOUP = part('Soup', 'The submarine soup costs five euros and comes with some bread.');

describe('a website is kept fresh', () => {
  let desk: WebDesk;
  beforeEach(async () => void (desk = await openWebDesk()));
  afterEach(() => desk.end());
  after(() => closeReading());

  const idsOf = (id: number) =>
    desk.ws.sql.prepare('SELECT id FROM chunks WHERE source_id = ? ORDER BY position').pluck().all(id) as number[];

  async function refreshed(id: number): Promise<void> {
    desk.site.forget();
    rereadSource(desk.ws, id);
    await cameTo(desk.ws, id, 'ready', 'failed');
  }

  it('asks with ETag and Last-Modified, and reads only what has changed', async () => {
    const { ws, site } = desk;
    site.pages.set('/', { ...html('Home', linksTo('/menu', '/tea', '/soup')), headers: { ETag: '"1"' } });
    site.pages.set('/menu', { ...menu(CAKE), headers: { ETag: '"a"' } });
    site.pages.set('/tea', { ...menu(TEA), headers: { 'Last-Modified': 'Tue, 24 Nov 2026 08:00:00 GMT' } });
    site.pages.set('/soup', menu(SOUP));
    const { id } = await readWhole(ws, site.url);
    const before = idsOf(id);
    site.pages.set('/menu', { ...menu(CAKE, SOUP), headers: { ETag: '"b"' } });
    await refreshed(id);
    assert.deepEqual(site.asked, ['/sitemap.xml', '/', '304', '/menu', '/tea', '304', '/soup'], 'robots.txt was fetched within the hour');
    assert.deepEqual(textOf(ws, id, '/menu').length, 2);
    assert.equal(idsOf(id).filter((each) => !before.includes(each)).length, 1, 'one passage is new, all others are the rows they were');
  });

  it('replaces the passages of a page by their difference: what hangs on the others stays', async () => {
    const { ws, site } = desk;
    site.pages.set('/', menu(CAKE, TEA, SOUP));
    const { id } = await readOne(ws, site.url);
    const [cake = 0, tea = 0, soup = 0] = idsOf(id);
    switchChunk(ws, id, soup, false);
    site.pages.set('/', menu(SOUP, part('Bread', 'The anchor bread costs one euro and is baked at night.'), CAKE));
    await refreshed(id);
    const [first, bread, last] = idsOf(id);
    assert.deepEqual([first, last], [soup, cake], 'the same rows in their new order');
    assert.ok(bread !== tea && bread !== undefined);
    assert.deepEqual(await search(ws, { query: 'submarine soup' }), [], 'what was switched off stays off');
    assert.deepEqual(await search(ws, { query: 'balloon biscuit' }), [], 'what vanished is gone');
    assert.equal((await search(ws, { query: 'anchor bread' })).length, 1);
    ws.sql.prepare("INSERT INTO chunks_fts(chunks_fts, rank) VALUES ('integrity-check', 1)").run();
  });

  it('a passage that somebody wrote anew stays as they wrote it', async () => {
    const { ws, site } = desk;
    site.pages.set('/', menu(CAKE, TEA));
    const { id } = await readOne(ws, site.url);
    await editChunk(ws, id, idsOf(id)[1] ?? 0, { text: 'The balloon tea is free on Sundays.', by: 1 });
    site.pages.set('/', menu(SOUP, CAKE, TEA));
    await refreshed(id);
    assert.deepEqual(textOf(ws, id, '/')[2], 'Menu › Tea | The balloon tea is free on Sundays.');
  });

  it('a long page is replaced in many small steps, and either as it was or as it is', async () => {
    const { ws, site } = desk;
    const many = (word: string): SitePage =>
      menu(
        ...Array.from({ length: 400 }, (_, at) =>
          part(`Part ${at}`, `The ${word} number ${at} is told of here at some length, so that it stands alone.`),
        ),
      );
    site.pages.set('/', many('zeppelin'));
    const { id } = await readOne(ws, site.url);
    assert.equal(idsOf(id).length, 400);
    const mixed: number[] = [];
    site.pages.set('/', many('balloon'));
    const stop = setInterval(() => {
      const words = ws.sql
        .prepare(
          "SELECT count(DISTINCT text LIKE '%zeppelin%') FROM chunks c WHERE source_id = ? AND generation = (SELECT generation FROM sources WHERE id = ?)",
        )
        .pluck()
        .get(id, id) as number;
      mixed.push(words);
    }, 1);
    await refreshed(id);
    clearInterval(stop);
    assert.ok(mixed.length > 5 && mixed.every((words) => words === 1), `${mixed.length} looks`);
    assert.equal(idsOf(id).length, 400);
  }).timeout(20_000);

  it('a vanished page answers on until its days are over, and comes back when it does', async () => {
    const { ws, site, clock } = desk;
    site.pages
      .set('/', html('Home', linksTo('/menu', '/tea')))
      .set('/menu', menu(CAKE))
      .set('/tea', menu(TEA));
    const { id } = await readWhole(ws, site.url);
    const [teaPage, menuPage] = [site.pages.get('/tea'), site.pages.get('/menu')];
    site.pages.delete('/menu');
    site.pages.set('/tea', { status: 410 });
    await refreshed(id);
    assert.deepEqual(pagesOf(ws, id), [
      'ready /',
      'gone /menu: The site has no such page (404).',
      'gone /tea: The site has no such page (410).',
    ]);
    assert.equal((await search(ws, { query: 'zeppelin cake' })).length, 1);
    site.pages.set('/tea', teaPage ?? {});
    clock.move(DAY);
    await refreshed(id);
    assert.deepEqual(pagesOf(ws, id).slice(2), ['ready /tea']);
    clock.move(13 * DAY + 1);
    desk.installation.jobs.tick();
    await eventually(() =>
      assert.deepEqual(
        pagesOf(ws, id).map((line) => line.split(' ')[1]),
        ['/', '/tea'],
      ),
    );
    assert.deepEqual(await search(ws, { query: 'zeppelin cake' }), []);
    site.pages.set('/menu', menuPage ?? {});
  });

  it('a site that is ill for a while loses nothing, and says so', async () => {
    const { ws, site, clock } = desk;
    site.pages.set('/', html('Home', linksTo('/menu'))).set('/menu', menu(CAKE));
    const { id } = await readWhole(ws, site.url);
    for (const status of [500, 503]) {
      site.pages.set('/menu', { status });
      await refreshed(id);
      assert.match(pagesOf(ws, id).join(), new RegExp(`failed /menu: .*\\(${status}\\)`));
    }
    assert.equal((await search(ws, { query: 'zeppelin cake' })).length, 1, 'it still answers');
    clock.move(40 * DAY);
    site.forget();
    desk.installation.jobs.tick();
    await eventually(() => assert.equal(site.asked.filter((path) => path === '/menu').length, 2), 8000);
    await cameTo(ws, id, 'ready');
    assert.equal((await search(ws, { query: 'zeppelin cake' })).length, 1);
    await desk.site.close();
    clock.move(2 * 3600_000);
    rereadSource(ws, id);
    const ill = await cameTo(ws, id, 'ready', 'failed');
    assert.equal(ill.state, 'ready');
    assert.match(ill.says ?? '', /Nothing answers at 127\.0\.0\.1/);
    assert.equal((await search(ws, { query: 'zeppelin cake' })).length, 1);
  });

  it('a page that is out of the sitemap and not to be had has gone; one that is ill in it has not', async () => {
    const { ws, site } = desk;
    site.pages.set('/', menu(SOUP)).set('/menu', menu(CAKE)).set('/tea', menu(TEA)).set('/kept', menu(SOUP));
    site.pages.set('/sitemap.xml', sitemap(site.url, '/', '/menu', '/tea', '/kept'));
    const { id } = await readWhole(ws, site.url);
    site.pages.set('/sitemap.xml', sitemap(site.url, '/', '/tea'));
    for (const path of ['/menu', '/tea']) site.pages.set(path, { status: 500 });
    await refreshed(id);
    const said = pagesOf(ws, id).map((line) => line.replace(/:.*/, ''));
    assert.deepEqual(said, ['ready /', 'ready /kept', 'gone /menu', 'failed /tea']);
    site.pages.set('/sitemap.xml', { status: 500 });
    site.pages.set('/kept', { status: 500 });
    for (const path of ['/menu', '/tea']) site.pages.set(path, menu(TEA));
    await refreshed(id);
    assert.match(pagesOf(ws, id).join('\n'), /failed \/kept/, 'a sitemap that is ill says of no page that it is out of it');
  });

  it('looks by itself as often as its owner says, and never when never', async () => {
    const { ws, site, clock } = desk;
    site.pages.set('/', menu(CAKE));
    const { id } = await readOne(ws, site.url);
    const due = () => ws.sql.prepare("SELECT due_at FROM jobs WHERE kind = 'refresh-source'").pluck().get() as number | undefined;
    assert.equal(due(), clock.now() + 7 * DAY, 'every week where nobody said otherwise');
    setSchedule(ws, id, 24);
    assert.equal(due(), clock.now() + DAY);
    site.pages.set('/', menu(TEA));
    clock.move(DAY);
    desk.installation.jobs.tick();
    await eventually(() => assert.match(textOf(ws, id, '/').join(), /balloon tea/));
    await cameTo(ws, id, 'ready');
    assert.equal(due(), clock.now() + DAY, 'and again');
    setSchedule(ws, id, null);
    assert.equal(due(), undefined);
    rereadSource(ws, id);
    await cameTo(ws, id, 'ready');
    assert.equal(due(), undefined);
  });

  it('noindex, canonical and nofollow are honoured, and a page that says so later is dropped', async () => {
    const { ws, site } = desk;
    site.pages.set(
      '/',
      html(
        'Home',
        linksTo('/menu', '/noindex', '/tag', '/twin', '/other', '/nofollow', '/follownot') + '<a rel="nofollow" href="/secret">x</a>',
      ),
    );
    site.pages.set('/menu', menu(CAKE)).set('/real', menu(TEA)).set('/secret', menu(SOUP)).set('/hidden', menu(SOUP));
    site.pages.set('/noindex', html('N', '<p>Nobody is to find this.</p>', '<meta name="robots" content="noindex, follow">'));
    site.pages.set('/tag', { ...menu(TEA), headers: { 'X-Robots-Tag': 'otherbot: nofollow, noindex' } });
    site.pages.set('/twin', html('T', '<p>The same as the real one.</p>', '<link rel="canonical" href="/real?utm_source=x">'));
    site.pages.set('/other', html('O', '<p>Of another site.</p>', '<link rel="canonical" href="https://other.example/">'));
    site.pages.set('/follownot', { ...html('G', `<p>Nor from here.</p>${linksTo('/hidden')}`), headers: { 'X-Robots-Tag': 'nofollow' } });
    site.pages.set(
      '/nofollow',
      html('F', `<p>Follow nothing from here.</p>${linksTo('/hidden')}`, '<meta name="robots" content="nofollow">'),
    );
    const { id } = await readWhole(ws, site.url);
    assert.deepEqual(
      pagesOf(ws, id),
      [
        'ready /',
        'ready /follownot',
        'ready /menu',
        'ready /nofollow',
        'skipped /noindex: The page asks not to be found (noindex).',
        'skipped /other: It names a page of another site as the original.',
        'ready /real',
        'skipped /tag: The page asks not to be found (noindex).',
        'skipped /twin: It names /real?utm_source=x as the original, which is read in its place.',
      ].map((line) => line.replace('?utm_source=x', '')),
    );
    site.pages.set('/menu', html('Menu', '<p>The zeppelin is hidden now.</p>', '<meta name="deskbell" content="none">'));
    await refreshed(id);
    assert.deepEqual(await search(ws, { query: 'zeppelin cake' }), []);
  });

  it('other rules drop what they leave out, and find what they let in', async () => {
    const { ws, site } = desk;
    site.pages.set('/', html('Home', linksTo('/blog/one', '/menu/cake', '/menu/tea')));
    site.pages.set('/blog/one', menu(SOUP)).set('/menu/cake', menu(CAKE)).set('/menu/tea', menu(TEA));
    const { id } = await readWhole(ws, site.url);
    const rules = { depth: 5, most: 500, keepGoneDays: 14 };
    lookAgain(ws, id, { ...rules, only: ['/menu/'], not: ['/menu/tea'] });
    await cameTo(ws, id, 'ready');
    assert.deepEqual(pagesOf(ws, id), [
      'skipped /: It isn’t among the pages that you chose; only its links were followed.',
      'ready /menu/cake',
    ]);
    assert.deepEqual(await search(ws, { query: 'submarine soup' }), []);
    for (const most of [3, 4, 2]) {
      lookAgain(ws, id, { ...rules, only: [], not: [], most });
      await cameTo(ws, id, 'ready');
      assert.equal(pagesOf(ws, id).filter((line) => line.startsWith('ready')).length, most, 'as many as the rules allow');
    }
  });

  describe('whatever comes between', () => {
    const paths = Array.from({ length: 30 }, (_, at) => `/p${'x'.repeat(at + 1)}`);
    const serveAll = (): void => {
      desk.site.pages.set('/sitemap.xml', sitemap(desk.site.url, ...paths));
      for (const path of ['/', ...paths])
        desk.site.pages.set(path, html(`Page ${path}`, `<p>The zeppelin stands on page ${path} and nowhere else.</p>`));
    };
    /** The site answers this page only when it is told to. */
    const held = (path: string): (() => void) => {
      const page = desk.site.pages.get(path) ?? {};
      const waiting = Promise.withResolvers<void>();
      desk.site.pages.set(path, {
        play: (_, response) => void waiting.promise.then(() => response.writeHead(200, { 'Content-Type': 'text/html' }).end(page.body)),
      });
      return () => {
        desk.site.pages.set(path, page);
        waiting.resolve();
      };
    };

    it('a kill in the middle: it goes on where it was, and fetches nothing twice but the page at hand', async () => {
      serveAll();
      const id = addSite(desk.ws, { address: desk.site.url, by: null });
      await cameTo(desk.ws, id, 'found');
      const release = held(paths[20] ?? '');
      readSite(desk.ws, id);
      await eventually(() => assert.ok(desk.site.asked.includes(paths[20] ?? '')), 8000);
      const workspace = desk.ws.id;
      const killed = await desk.reopen();
      release();
      const { workspace: ws, release: letGo } = killed.workspaces.hold(workspace);
      // As a kill leaves it: leased by a boot that is no more.
      assert.equal(ws.sql.prepare("UPDATE jobs SET lease = 'dead', deaths = 1 WHERE kind = 'read-pages'").run().changes, 1);
      await killed.jobs.start(webKinds());
      await cameTo(ws, id, 'ready');
      assert.equal(pagesOf(ws, id).filter((line) => line.startsWith('ready')).length, 31);
      const counts = paths.map((path) => desk.site.asked.filter((each) => each === path).length);
      assert.ok(
        counts.every((count, at) => count === (at === 20 ? 2 : 1)),
        counts.join(' '),
      );
      letGo();
      desk = {
        ...desk,
        ws,
        end: async () => {
          await killed.jobs.stop(0);
          await desk.site.close();
        },
      };
    }).timeout(20_000);

    it('a pause: it stops after the page at hand, and goes on when it is told', async () => {
      const { ws, site } = desk;
      serveAll();
      const id = addSite(ws, { address: site.url, by: null });
      await cameTo(ws, id, 'found');
      const release = held(paths[15] ?? '');
      readSite(ws, id);
      await eventually(() => assert.ok(site.asked.includes(paths[15] ?? '')), 8000);
      pauseReading(ws, id);
      release();
      await eventually(() => assert.equal(ws.sql.prepare("SELECT count(*) FROM jobs WHERE kind = 'read-pages'").pluck().get(), 0));
      assert.equal(site.asked.at(-1), paths[15]);
      assert.equal(sourceOf(ws, id).state, 'paused');
      resumeReading(ws, id);
      await cameTo(ws, id, 'ready');
      assert.equal(pagesOf(ws, id).filter((line) => line.startsWith('ready')).length, 31);
    }).timeout(20_000);

    it('one page that failed is tried alone', async () => {
      const { ws, site } = desk;
      site.pages
        .set('/', html('Home', linksTo('/menu', '/tea')))
        .set('/menu', { status: 403 })
        .set('/tea', menu(TEA));
      const { id } = await readWhole(ws, site.url);
      site.pages.set('/menu', menu(CAKE));
      site.forget();
      retryPage(ws, id, pageWith(ws, id, '/menu')?.id ?? 0);
      await eventually(() => assert.deepEqual(pagesOf(ws, id), ['ready /', 'ready /menu', 'ready /tea']));
      assert.deepEqual(site.asked, ['/menu']);
    });

    it('removed in the middle: nothing of it stays', async () => {
      const { ws, site } = desk;
      serveAll();
      const id = addSite(ws, { address: site.url, by: null });
      await cameTo(ws, id, 'found');
      const release = held(paths[10] ?? '');
      readSite(ws, id);
      await eventually(() => assert.ok(site.asked.includes(paths[10] ?? '')), 8000);
      removeSource(ws, id);
      release();
      await gone(ws, id);
      await eventually(() => assert.equal(ws.sql.prepare('SELECT count(*) FROM jobs').pluck().get(), 0), 6000);
      for (const table of ['pages', 'chunks']) assert.equal(ws.sql.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), 0, table);
    }).timeout(20_000);

    it('a server that falls silent: the rest is left for later, and what was read answers', async () => {
      const { ws, site } = desk;
      serveAll();
      const id = addSite(ws, { address: site.url, by: null });
      await cameTo(ws, id, 'found');
      for (const path of paths.slice(10)) site.pages.set(path, { status: 502 });
      site.forget();
      readSite(ws, id);
      const source = await cameTo(ws, id, 'ready', 'failed');
      assert.match(source.says ?? '', /has stopped answering/);
      assert.ok(site.asked.length < 15, `${site.asked.length} were asked for`);
      assert.equal((await search(ws, { query: 'where does the zeppelin stand' })).length > 0, true);
    }).timeout(20_000);
  });
});
