import assert from 'node:assert/strict';
import type { BrowserContext, Page } from 'playwright-core';
import type { Workspace } from '../../src/workspace.ts';
import { html, linksTo, website, type Website } from '../simulators/website.ts';
import { expectAccessible, newWindow, signIn } from '../support/browser.ts';
import { startServer, type TestServer } from '../support/http.ts';
import { cameTo, webKinds } from './web-desk.ts';

const LOOKS = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 360 },
] as const;

describe('a website in a browser', function () {
  this.timeout(60_000);
  let server: TestServer;
  let ws: Workspace;
  let release: () => void;
  let window: BrowserContext;
  let page: Page;
  let site: Website;
  let base: string;
  beforeEach(async () => {
    server = await startServer();
    ({ workspace: ws, release } = server.installation.workspaces.hold(server.workspace));
    await server.installation.jobs.start(webKinds());
    site = await website();
    base = `${server.url}/w/${server.workspace}/knowledge`;
    window = await newWindow();
    page = await window.newPage();
    await signIn(page, server, 'owner');
  });
  afterEach(async () => {
    await window.close();
    await server.installation.jobs.stop(0);
    release();
    await server.end();
    await site.close();
  });

  async function looksWell(name: string): Promise<void> {
    for (const { colorScheme, width } of LOOKS) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      if (process.env['SHOTS'])
        await page.screenshot({
          path: `${process.env['SHOTS']}/${name}-${colorScheme}-${width}.png`,
          fullPage: name !== 'failed' && name !== 'page',
        });
      await expectAccessible(page, `${name} ${colorScheme} ${width}`);
      assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${name} is wider than ${width}`);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  }

  it('is given, shown, agreed to and read, by clicks alone, and every page looks well', async () => {
    const paths = Array.from(
      { length: 60 },
      (_, place) => `/${place % 3 === 0 ? 'menu' : 'rooms'}/cake-${String.fromCharCode(97 + (place % 26))}${'x'.repeat(place)}`,
    );
    site.pages.set('/', html('Café Aurora', linksTo(...paths, '/broken', '/private', '/gone-away')));
    for (const path of paths)
      site.pages.set(
        path,
        html(
          `Cake ${path.length}`,
          `<h1>Cake ${path.length}</h1><p>The zeppelin cake number ${path.length} costs four euros and is baked by Mira.</p>`,
        ),
      );
    site.pages.set('/broken', { status: 403, body: 'no' });
    site.pages.set(
      '/private',
      html('Private', '<p>Nobody is to find this page of the balloon.</p>', '<meta name="robots" content="noindex">'),
    );
    await page.goto(`${base}/new`);
    await page.getByRole('link', { name: 'Website' }).click();
    await looksWell('new');
    await page.getByLabel('Address').fill('nothing');
    await page.getByRole('button', { name: 'Look at it' }).click();
    await page.getByText('This is no whole web address').waitFor();
    await page.getByLabel('Address').fill(site.url);
    await page.getByRole('button', { name: 'Look at it' }).click();
    await page.getByText('Say which to read: nothing is used before.').waitFor();
    await page
      .getByRole('cell', { name: '/rooms/' })
      .or(page.getByRole('rowheader', { name: '/rooms/' }))
      .first()
      .waitFor();
    await looksWell('found');
    await page.getByLabel('But none that begins with').fill('blog');
    await page.getByRole('button', { name: 'Read these pages' }).click();
    await page.getByText('Each line is the beginning of a path').waitFor();
    await looksWell('wrong');
    await page.getByLabel('But none that begins with').fill('/rooms/');
    await page.getByRole('button', { name: 'Read these pages' }).click();
    // By itself: the page is told how the reading goes.
    await page.getByText(/Bots can look things up in \d+ passages of 23 pages\./).waitFor();
    await page
      .getByRole('link', { name: /Failed/ })
      .first()
      .click();
    await page.getByText('The site refuses to show this page (403).').waitFor();
    await looksWell('failed');
    site.pages.set('/broken', html('Mended', '<p>The mended page tells of the lemonade.</p>'));
    await page.getByRole('button', { name: 'Try again: /broken' }).click();
    await page.getByText(/passages of 23 pages\./).waitFor();
    await page.getByRole('link', { name: /^All/ }).click();
    await page.getByRole('link', { name: 'Mended', exact: true }).first().waitFor();
    await looksWell('read');
    await page.getByLabel('Look for changes').selectOption('Every day');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('The schedule is saved.').waitFor();
    assert.equal(ws.sql.prepare('SELECT refresh_hours FROM sources').pluck().get(), 24);
  });

  it('one page alone', async () => {
    site.pages.set('/hours', html('Opening hours', '<h1>Opening hours</h1><p>On Sundays the zeppelin opens at nine.</p>'));
    await page.goto(`${base}/new/web`);
    await page.getByLabel('Address').fill(`${site.url}/hours`);
    await page.getByText('One page', { exact: true }).click();
    await page.getByRole('button', { name: 'Look at it' }).click();
    await page.getByText('Bots can look things up in 1 passage of 1 page.').waitFor();
    await page.reload();
    await page.getByText('On Sundays the zeppelin opens at nine.').waitFor();
    await looksWell('page');
    await page.goto(base);
    await page.getByText('In use').waitFor();
    await looksWell('list');
    await cameTo(ws, 1, 'ready');
  });

  it('a product list: which column says what is chosen beside the first items', async () => {
    const rows = ['c1,Zeppelin cake,4.50,EUR,in_stock,https://aurora.example/cake,brown', 'c2,Balloon tea,2,EUR,out_of_stock,,green'];
    site.pages.set('/feed.csv', { type: 'text/csv', body: ['sku,name,price,currency,availability,url,colour', ...rows].join('\n') });
    await page.goto(`${base}/new/web`);
    await page.getByLabel('Address').fill(`${site.url}/feed.csv`);
    await page.getByText('A product list', { exact: true }).click();
    await page.getByRole('button', { name: 'Look at it' }).click();
    await page.getByText('Price: 4.50 EUR').waitFor();
    await looksWell('feed-found');
    await page.getByLabel('Name of the product').selectOption('None');
    await page.getByRole('button', { name: 'Read the list' }).click();
    await page.getByText('Choose the column that names the product.').waitFor();
    await looksWell('feed-wrong');
    await page.getByLabel('colour').check();
    await page.getByRole('button', { name: 'Show the first items' }).click();
    await page.getByText('colour: brown').waitFor();
    await page.getByRole('button', { name: 'Read the list' }).click();
    await page.getByText('Bots can look things up in 2 passages of 2 items.').waitFor();
    await page
      .getByRole('link', { name: 'Balloon tea' })
      .or(page.getByRole('rowheader', { name: 'Balloon tea' }))
      .first()
      .waitFor();
    await looksWell('feed-read');
  });
});
