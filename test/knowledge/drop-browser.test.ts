import assert from 'node:assert/strict';
import type { BrowserContext, Page } from 'playwright-core';
import { addQuestions } from '../../src/knowledge/index.ts';
import { listSources, questionsOf } from '../../src/knowledge/knowledge.queries.ts';
import type { Workspace } from '../../src/workspace.ts';
import { expectAccessible, newWindow, signIn } from '../support/browser.ts';
import { startServer, type TestServer } from '../support/http.ts';
import { KINDS, settled } from './desk.ts';
import { textRow, xlsx } from './made-archives.ts';

describe('files dropped on a page', function () {
  this.timeout(30_000);
  let server: TestServer;
  let ws: Workspace;
  let release: () => void;
  let window: BrowserContext;
  let page: Page;
  let base: string;
  const faults: string[] = [];
  beforeEach(async () => {
    server = await startServer();
    ({ workspace: ws, release } = server.installation.workspaces.hold(server.workspace));
    await server.installation.jobs.start(KINDS);
    base = `${server.url}/w/${server.workspace}/knowledge`;
    window = await newWindow();
    page = await window.newPage();
    page.on('console', (message) => message.type() === 'error' && !/status of 422/.test(message.text()) && faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    await signIn(page, server, 'owner');
  });
  afterEach(async () => {
    await window.close();
    await server.installation.jobs.stop(0);
    release();
    await server.end();
    assert.deepEqual(faults, []);
  });

  /** Drops files somewhere on the page, as a hand would. */
  async function drop(on: string, files: [name: string, content: Uint8Array | string][]): Promise<void> {
    const made = files.map(([name, content]) => [name, Buffer.from(content).toString('base64')]);
    const carried = await page.evaluateHandle(
      `(() => { const all = new DataTransfer(); for (const [name, content] of ${JSON.stringify(made)}) all.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name)); return all; })()`,
    );
    await page.dispatchEvent(on, 'dragover', { dataTransfer: carried });
    await page.dispatchEvent(on, 'drop', { dataTransfer: carried });
  }

  it('anywhere, in two lots, are listed, sent together, and each meets its own fate', async () => {
    await page.goto(`${base}/new`);
    await drop('h1', [
      ['hours.txt', 'The zeppelin lands at nine.'],
      ['scan.pdf', Buffer.from('\x89PNG\r\n', 'latin1')],
    ]);
    await drop('footer, main', [['prices.xlsx', xlsx([{ name: 'Prices', rows: textRow('Soup costs five.') }])]]);
    assert.deepEqual(await page.locator('.chosen li span').allTextContents(), ['hours.txt', 'scan.pdf', 'prices.xlsx']);
    await expectAccessible(page, 'with chosen files');
    await page.getByRole('button', { name: 'Upload and read' }).click();
    await page.getByText('Three files are being read.').waitFor();
    await page.getByText('This is a picture, and Deskbell can’t read pictures.').waitFor();
    await page.locator('.state', { hasText: 'In use' }).nth(1).waitFor();
    assert.equal(listSources(ws).filter(({ state }) => state === 'ready').length, 2);
  });

  it('too large or too many, are marked before they are sent', async () => {
    await page.goto(`${base}/new`);
    const many = Array.from({ length: 51 }, (_, n): [string, string] => [`note ${n}.txt`, `Note ${n}`]);
    await drop('main', many);
    assert.match((await page.locator('.chosen li').nth(50).textContent()) ?? '', /^note 50\.txt, 1 kB, too many, 50 at once are taken$/);
    await page.getByRole('button', { name: 'Upload and read' }).click();
    await page.getByText('Only the first 50 files were taken. Upload the others after these.').waitFor();
    assert.equal(listSources(ws).length, 50);
  });

  it('in place of a file, only the last one counts', async () => {
    await page.goto(`${base}/new`);
    await drop('main', [['hours.txt', 'The zeppelin lands at nine.']]);
    await page.getByRole('button', { name: 'Upload and read' }).click();
    await page.getByText('In use').waitFor();
    const [{ id } = assert.fail('no source')] = listSources(ws);
    await page.goto(`${base}/${id}`);
    await drop('main', [
      ['one.txt', 'One.'],
      ['two.txt', 'The balloon lands at ten.'],
    ]);
    assert.deepEqual(await page.locator('.chosen li span').allTextContents(), ['two.txt']);
    await page.getByRole('button', { name: 'Upload and read' }).click();
    await page.getByText('The new file is being read.').waitFor();
    assert.equal((await settled(ws, id)).title, 'two.txt');
  });

  it('of questions come in by clicks, and the page that says what didn’t is accessible and fits', async () => {
    const id = addQuestions(ws, { title: 'Questions', pairs: [{ question: 'Any dogs?', answer: 'Welcome.' }], by: null });
    await page.goto(`${base}/${id}`);
    const file = {
      name: 'faq.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('question,answer\nAny dogs?,Yes.\nAny cats?,Sorry.\n,Lonely'),
    };
    await page.getByLabel('CSV or Excel file').setInputFiles(file);
    await page.getByRole('button', { name: 'Add the questions' }).click();
    await page.getByText('One pair came in, two rows were skipped.').waitFor();
    for (const [colorScheme, width] of [
      ['light', 1280],
      ['dark', 360],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await expectAccessible(page, `imported ${colorScheme} ${width}`);
      assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `wider than ${width}`);
    }
    await page.getByRole('link', { name: 'Questions' }).first().click();
    await page.getByText('Any cats?').first().waitFor();
    assert.equal(questionsOf(ws, id).length, 2);
  });
});
