import assert from 'node:assert/strict';
import type { BrowserContext, Page } from 'playwright-core';
import { addQuestions, addText, editText } from '../../src/knowledge/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { expectAccessible, newWindow, signIn } from '../support/browser.ts';
import { startServer, type TestServer } from '../support/http.ts';
import { KINDS, settled } from './desk.ts';

const parts = Array.from({ length: 42 }, (_, n) => `# Part ${n}\n\nAbout number ${n}, and what else there is to say of it.`).join('\n\n');
const text = (cakes: string): string => `# Cakes\n\n${cakes}\n\n# Gone\n\nThe piano is out of tune until the end of the month.\n\n${parts}`;
const CAKES = 'The carrot cake is vegan and contains walnuts. A slice costs 4.50.';

describe('passages in a browser', () => {
  let server: TestServer;
  let ws: Workspace;
  let release: () => void;
  let window: BrowserContext;
  let page: Page;
  let base: string;
  let id: number;
  before(async () => {
    server = await startServer();
    ({ workspace: ws, release } = server.installation.workspaces.hold(server.workspace));
    await server.installation.jobs.start(KINDS);
    base = `${server.url}/w/${server.workspace}/knowledge`;
    window = await newWindow();
    page = await window.newPage();
    await signIn(page, server, 'owner');
    id = addText(ws, { title: 'Visiting us', text: text(CAKES), url: 'https://aurora.example/visit', by: null });
    await settled(ws, id);
    await settled(ws, addQuestions(ws, { title: 'Questions', pairs: [{ question: 'Any dogs?', answer: 'Welcome.' }], by: null }));
  });
  after(async () => {
    await window.close();
    await server.installation.jobs.stop(0);
    release();
    await server.end();
  });

  async function rewrite(old: string, next: string): Promise<void> {
    await page.goto(`${base}/${id}`);
    await page.getByRole('link', { name: `Edit: ${old.slice(0, 20)}` }).click();
    await page.getByRole('textbox', { name: 'Text' }).fill(next);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Bots answer from your text now.').waitFor();
  }

  it('from a question to the passage, written anew, and the question finds it so', async () => {
    await page.goto(`${base}/try`);
    await page.getByLabel('Question').fill('What is in the carrot cake?');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Edit the passage of Visiting us' }).first().click();
    await page.getByRole('textbox', { name: 'Text' }).fill(CAKES.replace('walnuts', 'hazelnuts'));
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('You wrote this anew. It stays so when its source is read again.').waitFor();
    await page.goto(`${base}/try?q=hazelnuts`);
    await page.locator('mark', { hasText: 'hazelnuts' }).waitFor();
  });

  it('when the source changes, both texts stand side by side, and a click decides', async () => {
    await rewrite('The piano is out of tune', 'The piano is in tune again, come and play.');
    editText(ws, id, { title: 'Visiting us', text: text(CAKES.replace('4.50', '4.90')).replace(/# Gone\n\n.*\n\n/, '') });
    await settled(ws, id);
    await page.goto(`${base}/${id}`);
    const mine = await page.getByRole('heading', { name: 'Your text, in use' }).first().boundingBox();
    const theirs = await page.getByRole('heading', { name: 'What the source says now' }).boundingBox();
    assert.ok(mine && theirs && mine.y === theirs.y && mine.x < theirs.x, 'side by side');
    await looks();
    await page.goto(`${base}/${id}`);
    await page.getByRole('button', { name: 'Take the new one' }).click();
    await page.getByText('The passage says what its source says.').waitFor();
    assert.equal(await page.getByText('hazelnuts').count(), 0);
    await page.getByRole('button', { name: 'Give mine up, too' }).click();
    await page.getByText('The passage says what its source says.').waitFor();
    assert.equal(await page.getByText('in tune again').count(), 0);
  }).timeout(60_000);

  it('the list is narrowed as one types a word and presses Enter', async () => {
    await page.goto(`${base}/${id}`);
    await page.getByRole('searchbox').fill('number 17');
    await page.keyboard.press('Enter');
    await page.getByText('1 passage with').waitFor();
    await page.getByRole('link', { name: 'Show all' }).click();
    await page.getByRole('link', { name: 'Later passages' }).waitFor();
  });

  /** Accessible and no wider than the window, in both colours and widths. */
  async function looks(): Promise<void> {
    const passages = ws.sql.prepare('SELECT id FROM chunks WHERE edit_id IS NOT NULL ORDER BY id').pluck().all();
    const paths = [
      `/${id}`,
      `/${id}?words=number`,
      `/${id}?words=zeppelin`,
      ...passages.map((passage) => `/${id}/passages/${String(passage)}`),
      '/try?q=What+is+in+the+carrot+cake%3F',
      '/try?q=zeppelin',
      '/new/questions?question=zeppelin',
    ];
    for (const [colorScheme, width] of [
      ['light', 1280],
      ['dark', 360],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      for (const path of paths) {
        const answered = await page.goto(base + path);
        assert.equal(answered?.status(), 200, path);
        for (const details of await page.locator('details').all()) await details.evaluate((element) => element.setAttribute('open', ''));
        await expectAccessible(page, `${path} ${colorScheme} ${width}`);
        assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${path} is wider than ${width}`);
      }
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1280, height: 800 });
  }
});
