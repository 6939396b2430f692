import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { takeOver } from '../../src/conversations/index.ts';
import { expectAccessible, newWindow } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { inboxCast, type InboxCast } from './inbox-cast.ts';

/** As a browser behaves whose tab is put behind others, or whose lid is closed, for an hour. */
const FALL_ASLEEP = `(() => {
  Object.defineProperty(document, 'hidden', { value: true, configurable: true });
  Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
})()`;
const WAKE = `(() => {
  const now = Date.now;
  Date.now = () => now() + 3600_000;
  delete document.hidden;
  delete document.visibilityState;
  document.dispatchEvent(new Event('visibilitychange'));
})()`;

describe('a page of the inbox that slept', function () {
  this.timeout(40_000);
  let cast: InboxCast;
  let page: Page;
  let id: number;
  let end: () => Promise<void>;
  before(async () => {
    cast = await inboxCast();
    id = await cast.write('Ida', 'Do you do cakes?');
    takeOver(cast.ws, id, cast.server.people.owner);
    for (let n = 0; n < 30; n++) cast.botSays(id, `Before ${n}`);
    const mira = await cast.server.as('owner');
    const window = await newWindow({ viewport: { width: 1280, height: 740 } });
    window.setDefaultTimeout(10_000);
    const [name = '', value = ''] = mira.cookie?.split('=') ?? [];
    await window.addCookies([{ name, value, url: mira.url }]);
    page = await window.newPage();
    await page.goto(`${mira.url}${cast.base}/conversations/${id}`);
    end = () => window.close();
  });
  after(async () => {
    await end();
    await cast.end();
  });
  const listening = async (): Promise<boolean> =>
    Boolean(await page.evaluate("document.getElementById('live')._htmx?.sse?.reader != null"));
  const top = (words: string): Promise<number> =>
    page
      .locator('#thread')
      .getByText(words, { exact: true })
      .evaluate((element) => Math.round(element.getBoundingClientRect().top));

  it('catches up, says in one line how much came, and stays where it was', async () => {
    await eventually(async () => assert.equal(await listening(), true));
    await page.locator('.thread-scroll').evaluate((thread) => thread.scrollBy(0, -600));
    await page.locator('#thread').getByText('Before 14', { exact: true }).scrollIntoViewIfNeeded();
    const before = await top('Before 14');
    await page.evaluate(FALL_ASLEEP);
    await eventually(async () => assert.equal(await listening(), false));
    cast.server.clock.move(3700_000);
    for (let n = 0; n < 14; n++) cast.botSays(id, `Meanwhile ${n}`);
    await page.evaluate(WAKE);
    await page.getByText('14 messages came while this page was asleep.').waitFor();
    await page.locator('#thread').getByText('Meanwhile 13', { exact: true }).waitFor({ state: 'attached' });
    assert.ok(Math.abs((await top('Before 14')) - before) <= 1, 'what was read stands where it stood');
    await expectAccessible(page);
    const shots = process.env['SHOTS'];
    if (shots) await page.screenshot({ path: `${shots}/slept-1280.png` });
    await page.getByRole('button', { name: 'Dismiss' }).click();
    assert.equal(await page.locator('.slept').count(), 0);
  });

  it('says when its session ended meanwhile, and leads back to what was written', async () => {
    await page.getByLabel('Your message').fill('Half a sent');
    await page.evaluate(FALL_ASLEEP);
    await eventually(async () => assert.equal(await listening(), false));
    cast.server.clock.move(24 * 3600_000);
    await page.evaluate(WAKE);
    await page.getByText('You were signed out meanwhile. What you wrote is kept.').waitFor();
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await page.getByLabel('Password').waitFor();
  });
});
