import assert from 'node:assert/strict';
import type { BrowserContext, Page } from 'playwright-core';
import { addFile, addQuestions, addText } from '../../src/knowledge/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { expectAccessible, newWindow, signIn } from '../support/browser.ts';
import { startServer, type TestServer } from '../support/http.ts';
import { KINDS, settled, streamOf } from './desk.ts';

describe('the knowledge pages in a browser', () => {
  let server: TestServer;
  let ws: Workspace;
  let release: () => void;
  let window: BrowserContext;
  let page: Page;
  let base: string;
  beforeEach(async () => {
    server = await startServer();
    ({ workspace: ws, release } = server.installation.workspaces.hold(server.workspace));
    await server.installation.jobs.start(KINDS);
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
  });

  it('from nothing to a found passage, by clicks alone', async () => {
    await page.goto(base);
    await page.getByRole('link', { name: 'Add the first source' }).click();
    await page.getByRole('link', { name: 'Text', exact: true }).click();
    await page.getByLabel('Title').fill('Opening hours');
    await page.getByLabel('Text').fill('On Sundays we are open from 9 to 17.');
    await page.getByRole('button', { name: 'Add it' }).click();
    // The list changes by itself: no reload.
    await page.getByText('In use').waitFor();
    await page.getByRole('link', { name: 'Try the search' }).click();
    await page.getByLabel('Question').fill('Are you open on Sunday?');
    await page.keyboard.press('Enter');
    await page.getByText('On Sundays we are open from 9 to 17.').waitFor();
  });

  it('files are put on the field and their fate is seen live', async () => {
    await page.goto(`${base}/new`);
    await page.getByLabel('Files', { exact: true }).setInputFiles([
      { name: 'menu.txt', mimeType: 'text/plain', buffer: Buffer.from('The zeppelin serves soup.') },
      { name: 'scan.png', mimeType: 'image/png', buffer: Buffer.from('\x89PNG\r\n', 'latin1') },
    ]);
    await page.getByRole('button', { name: 'Upload and read' }).click();
    await page.getByText('Couldn’t be read', { exact: true }).waitFor();
    await page.getByText('In use').waitFor();
    assert.equal(await page.getByRole('progressbar').count(), 0);
  });

  it('a source is removed behind a dialog that says what is lost; the safe button keeps it', async () => {
    const id = addText(ws, { title: 'Opening hours', text: 'Nine to five.', by: null });
    await settled(ws, id);
    await page.goto(`${base}/${id}`);
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Remove…' }).click();
    await dialog.getByText('The text and the 1 passage read from it are deleted for good.').waitFor();
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    assert.equal(await dialog.isVisible(), false);
    await page.getByRole('button', { name: 'Remove…' }).click();
    await dialog.getByRole('button', { name: 'Remove for good' }).click();
    await page.getByText('“Opening hours” is removed.').waitFor();
    await page.getByText('Nothing to know yet').waitFor();
  });

  it('every page is accessible and fits, light and dark, wide and narrow', async () => {
    await expectAccessible(await opened(''));
    const text = addText(ws, { title: 'Opening hours', text: '# Sunday\n\nNine to five.', by: null });
    const pairs = addQuestions(ws, { title: 'Questions', pairs: [{ question: 'Any dogs?', answer: 'Welcome.' }], by: null });
    const failed = await addFile(ws, {
      name: `${'a very long name '.repeat(8)}.png`,
      content: streamOf(Buffer.from('\x89PNG', 'latin1')),
      by: null,
    });
    for (const id of [text, pairs, failed]) await settled(ws, id);
    ws.sql.prepare("UPDATE sources SET state = 'reading', progress_done = 3, progress_total = 9 WHERE id = ?").run(text);
    const paths = [
      '',
      '/new',
      '/new/text',
      '/new/questions',
      `/${text}`,
      `/${pairs}`,
      `/${failed}`,
      `/${text}/edit`,
      `/${pairs}/questions/1`,
      '/try',
      '/try?q=nine',
      '/try?q=zeppelin',
    ];
    const looks = [
      { colorScheme: 'light', width: 1280 },
      { colorScheme: 'dark', width: 360 },
    ] as const;
    for (const { colorScheme, width } of looks) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      for (const path of paths) {
        await opened(path);
        await expectAccessible(page, `${path} ${colorScheme} ${width}`);
        assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${path} is wider than ${width}`);
      }
    }
  }).timeout(60_000);

  async function opened(path: string): Promise<Page> {
    const response = await page.goto(base + path);
    assert.equal(response?.status(), 200, path);
    return page;
  }
});
