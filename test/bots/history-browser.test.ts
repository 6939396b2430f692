import assert from 'node:assert/strict';
import type { BrowserContext, Page } from 'playwright-core';
import { createBot, draftOf, publishDraft, publishedOf, saveDraft } from '../../src/bots/index.ts';
import { newWindow, signIn } from '../support/browser.ts';
import { openCafe } from '../support/cafe.ts';
import { lookAt } from '../support/look-at.ts';

describe('a bot’s history, its templates and its file, in a browser', function () {
  this.timeout(60_000);
  const cafe = openCafe(before, after);
  let window: BrowserContext;
  let page: Page;
  let botId: number;
  const at = (path = '') => `${cafe.server.url}${cafe.base}/bots/${path}`;

  before(async () => {
    const userId = cafe.server.people.owner;
    botId = createBot(cafe.ws, { settings: { name: 'Aurora', greeting: 'Hello', instructions: 'Be warm.\nBe short.' }, userId }).botId;
    publishDraft(cafe.ws, { botId, userId });
    saveDraft(cafe.ws, { botId, changes: { greeting: 'Good day', instructions: 'Be warm.\nSay prices in euros.' }, userId });
    publishDraft(cafe.ws, { botId, userId });
    window = await newWindow();
    page = await window.newPage();
    page.setDefaultTimeout(8000);
    await signIn(page, cafe.server, 'owner');
  });
  after(() => window.close());

  it('goes back by the keyboard, and undoes it from the toast', async () => {
    await page.goto(at(`${botId}`));
    await page.getByRole('link', { name: 'History' }).click();
    await lookAt(page, 'history');
    await page.getByRole('button', { name: /version 1$/ }).press('Enter');
    await page.getByText('Version 3 is live.').waitFor();
    assert.equal(publishedOf(cafe.ws, botId)?.settings.greeting, 'Hello');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Version 4 is live.').waitFor();
    assert.equal(publishedOf(cafe.ws, botId)?.settings.greeting, 'Good day');
    assert.equal(draftOf(cafe.ws, botId)?.settings.greeting, 'Good day');
    await page.goto(at(`${botId}/versions/1`));
    await lookAt(page, 'version');
  });

  it('asks draft and live side by side, each in its own column, and one under the other on a phone', async () => {
    saveDraft(cafe.ws, { botId, changes: { fallback: 'The draft doesn’t know.' }, userId: null });
    await page.goto(at(`${botId}`));
    await page.getByRole('link', { name: 'Draft beside live' }).click();
    await page.getByLabel('Ask both').fill('Are you open on Sunday?');
    await page.keyboard.press('Enter');
    await page
      .getByText('How the answer')
      .first()
      .or(page.getByRole('heading', { name: /How this answer was made/ }).nth(1))
      .waitFor();
    const [draft, live] = [page.locator('#trial-how > .how').nth(0), page.locator('#trial-how > .how').nth(1)];
    const [one, other] = [await draft.boundingBox(), await live.boundingBox()];
    assert.ok(one && other && one.y === other.y && one.x + one.width <= other.x);
    await lookAt(page, 'compare');
    await page.setViewportSize({ width: 360, height: 800 });
    const [above, below] = [await draft.boundingBox(), await live.boundingBox()];
    assert.ok(above && below && above.x === below.x && above.y + above.height <= below.y);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('makes a bot by a template', async () => {
    await page.goto(at('new'));
    await lookAt(page, 'new bot');
    await page.getByRole('link', { name: 'Restaurant' }).click();
    await lookAt(page, 'template');
    await page.goto(`${cafe.server.url}${cafe.base}/setup?step=knowledge&how=template`);
    await lookAt(page, 'setup templates');
    await page.getByRole('link', { name: 'Clinic' }).click();
    await lookAt(page, 'setup template');
  });

  it('takes a bot out as a file, and in again after a look', async () => {
    await page.goto(at(`${botId}`));
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'As a file' }).click()]);
    assert.equal(download.suggestedFilename(), 'Aurora.deskbell.json');
    await page.goto(at('new'));
    await page.getByRole('link', { name: 'From a file' }).click();
    await lookAt(page, 'import');
    await page.getByLabel('File of a bot').setInputFiles(await download.path());
    await page.getByRole('button', { name: 'Look at it' }).click();
    await page.getByText('This is what the file becomes here.').waitFor();
    await lookAt(page, 'import preview');
    await page.getByRole('button', { name: 'Make this bot' }).click();
    await page.getByText('Aurora is here, as a draft.').waitFor();
    assert.equal(draftOf(cafe.ws, botId + 1)?.settings.fallback, draftOf(cafe.ws, botId)?.settings.fallback);
  });
});
