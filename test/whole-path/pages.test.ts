import assert from 'node:assert/strict';
import type { BrowserContext, Page } from 'playwright-core';
import { pagesFrom, signIn, startsOf, strangersPages, type SampleAccess, type SamplePage } from '../../scripts/sample-pages.ts';
import { readSample } from '../../src/sample/sample-file.ts';
import { expectAccessible, newWindow } from '../support/browser.ts';
import { faultsOfDialog, faultsOfTabbing } from '../support/keyboard.ts';
import { emptyFolders, freePort, ServerProcess } from './support/server-process.ts';

/** Both layouts and both themes: an axe that reads each in each finds the same for twice the time. */
const LOOKS = [
  ['light', 1280],
  ['dark', 360],
] as const;
/** Pages that say that something isn't there. */
const GONE = new Set(['not-found', 'invitation-gone', 'no such source']);

/** Nothing on it reaches beyond its edge. */
const WIDER = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

/** As somebody sets it who reads better so: WCAG's text spacing. */
const SPACED = `(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }');
  document.adoptedStyleSheets = [sheet];
})()`;

/** Magnified four times, with wide spacing, and without motion for who wants none. */
async function faultsWhenMagnified(page: Page): Promise<string[]> {
  const faults: string[] = [];
  if (await page.evaluate('document.getAnimations().length > 0')) faults.push('moves, though less motion is wanted');
  await page.setViewportSize({ width: 320, height: 256 });
  if (await page.evaluate(`${WIDER} > 0`)) faults.push('has to be scrolled to and fro when it is magnified four times');
  await page.setViewportSize({ width: 360, height: 800 });
  await page.evaluate(SPACED);
  if (await page.evaluate(`${WIDER} > 0`)) faults.push('has no room for wide spacing');
  return faults;
}

/** What no link leads to: forms that are sent empty, what isn't there, the password asked again. */
function unhappyPages(workspace: string): SamplePage[] {
  const forms = ['keys/new', 'channels/new/telegram', 'channels/new/whatsapp', 'channels/new/messenger', 'channels/new/instagram'];
  return [
    ...forms.map((form) => ({ name: `wrong ${form}`, url: `${workspace}/${form}` })),
    { name: 'no such source', url: `${workspace}/knowledge/9999` },
    { name: 'password again', url: new URL('/account/confirm', workspace).href },
  ];
}

describe('every page, in light and dark, at 360 and 1280 px', function () {
  // Chromium draws and axe reads some two hundred pages here; on a busy machine that takes its time.
  this.timeout(240_000);
  const folders = emptyFolders();
  let server: ServerProcess;
  let second: ServerProcess;
  let sample: SampleAccess;
  let owner: BrowserContext;
  let stranger: BrowserContext;

  before(async () => {
    server = new ServerProcess(folders, await freePort(), ['--sample']);
    await server.says(/Sign in as/);
    second = new ServerProcess(folders, await freePort());
    const made = readSample({ dataDir: folders.dataDir });
    assert.ok(made);
    sample = { base: server.url, ...made };
    stranger = await newWindow();
    owner = await newWindow();
    for (const window of [owner, stranger]) window.setDefaultTimeout(8000);
    await signIn(await owner.newPage(), sample);
  });
  after(async () => {
    await Promise.all([owner.close(), stranger.close()]);
    await Promise.all([server.kill(), second.kill()]);
    folders.remove();
  });

  /** What a page must not have, as it was found. */
  async function faultsOf(page: Page, { name, url }: SamplePage, wholeFrame: boolean): Promise<string[]> {
    const faults: string[] = [];
    // A page that says that something isn't there is answered with 404, and Chromium tells the console so.
    page.on('console', (message) => message.type() === 'error' && !/status of 4\d\d/.test(message.text()) && faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    page.on(
      'request',
      (request) => request.url().startsWith(server.url) || request.url().startsWith('data:') || faults.push(`asks ${request.url()}`),
    );
    const answered = (await page.goto(url))?.status() ?? 0;
    if (GONE.has(name) ? answered < 400 || answered >= 500 : answered !== 200) faults.push(`is answered with ${answered}`);
    // Its script draws all there is to walk through.
    if (name === 'chat') await page.locator('.panel form').waitFor();
    if (name.startsWith('wrong')) {
      await page.locator('main form button.is-main').first().click();
      await page.locator('[aria-invalid=true]').first().waitFor();
    }
    faults.push(...(await faultsOfTabbing(page, wholeFrame)), ...(await faultsOfDialog(page)));
    for (const [colorScheme, width] of LOOKS) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      await expectAccessible(page, `${colorScheme} at ${width}`).catch((error: Error) => faults.push(error.message));
      const wider: number = await page.evaluate(WIDER);
      if (wider > 0) faults.push(`is ${wider} px wider than ${width}`);
    }
    faults.push(...(await faultsWhenMagnified(page)));
    return faults.map((fault) => `${name}: ${fault}`);
  }

  /** Two at a time, each in a tab of its own. */
  async function look(window: BrowserContext, pages: SamplePage[]): Promise<void> {
    const faults: string[] = [];
    const waiting = [...pages];
    const next = async (): Promise<void> => {
      for (let each = waiting.pop(); each; each = waiting.pop()) {
        const page = await window.newPage();
        faults.push(...(await faultsOf(page, each, each === pages[0])));
        await page.close();
      }
    };
    await Promise.all([next(), next()]);
    assert.deepEqual(faults, []);
  }

  it('of strangers and visitors', async () => {
    await look(stranger, strangersPages(sample));
  });

  it('of the owner of a business that has been at it for a while', async () => {
    const pages = await pagesFrom(owner, startsOf(server.url, sample.workspace), `${server.url}/`, 1);
    assert.ok(pages.length > 30, `only ${pages.length} were found`);
    await look(owner, [...pages, ...unhappyPages(`${server.url}/w/${sample.workspace}`)]);
  });

  it('of the owner of a business that begins: what is empty leads on', async () => {
    const page = await owner.newPage();
    await page.goto(`${server.url}/workspaces/new`);
    await page.getByLabel('Name of the business').fill('Bar Aurora');
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.waitForURL(/\/w\//);
    const [, workspace = ''] = /\/w\/(\w+)/.exec(page.url()) ?? [];
    assert.notEqual(workspace, sample.workspace);
    await page.close();
    await look(owner, await pagesFrom(owner, startsOf(server.url, workspace), `${server.url}/w/${workspace}/`, 1));
  });

  it('a second process on the same data folder does nothing but say so, in plain words', async () => {
    assert.equal(await second.ended(), 1);
    assert.match(
      second.said,
      /Deskbell can't start\.\nAnother Deskbell works on .*\. Stop it first: two would answer the same customers twice\./,
    );
    assert.doesNotMatch(second.said, /\n +at /, 'no stack trace');
  });
});
