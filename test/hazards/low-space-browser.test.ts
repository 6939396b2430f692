import assert from 'node:assert/strict';
import { expectAccessible, newWindow, signIn } from '../support/browser.ts';
import { Disk, MB } from '../support/disk.ts';
import { startServer, type TestServer } from '../support/http.ts';

describe('what an owner sees when the disk is nearly full', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer();
    const disk = new Disk();
    disk.under(server.installation);
    disk.free = 50 * MB;
    await server.installation.space.look();
  });
  after(() => server.end());

  for (const [width, height, colorScheme] of [
    [1280, 800, 'light'],
    [360, 740, 'dark'],
  ] as const)
    it(`stands above the page and covers nothing, at ${width} pixels, ${colorScheme}`, async () => {
      const window = await newWindow({ viewport: { width, height }, colorScheme });
      const page = await window.newPage();
      await signIn(page, server, 'owner');
      for (const path of ['inbox', 'knowledge']) {
        await page.goto(`${server.url}/w/${server.workspace}/${path}`);
        const notice = await page.getByText('The server’s disk is almost full.').boundingBox();
        const heading = await page.getByRole('heading').first().boundingBox();
        assert.ok(notice && heading && notice.y + notice.height <= heading.y);
        const wide = await page.evaluate('document.documentElement.scrollWidth');
        assert.equal(wide, width);
        await expectAccessible(page);
      }
      await window.close();
    });
});
