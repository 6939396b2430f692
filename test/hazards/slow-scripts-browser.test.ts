/** On a slow line a page's scripts come one by one, each well after the one before. The page is live all the same. */
import { setTimeout as pause } from 'node:timers/promises';
import type { BrowserContext } from 'playwright-core';
import { inboxCast, type InboxCast } from '../conversations/inbox-cast.ts';
import { newWindow } from '../support/browser.ts';

const BETWEEN_SCRIPTS_MS = 250;

describe('a page whose scripts come slowly', function () {
  this.timeout(20_000);
  let cast: InboxCast;
  let window: BrowserContext;
  before(async () => {
    cast = await inboxCast();
    window = await newWindow();
  });
  after(async () => {
    await window.close();
    await cast.end();
  });

  it('shows a message that comes, as it comes', async () => {
    const mira = await cast.server.as('owner');
    const [name = '', value = ''] = (mira.cookie ?? '').split('=');
    await window.addCookies([{ name, value, url: mira.url }]);
    const id = await cast.write('Jonas', 'A table for eleven?');
    const page = await window.newPage();
    let scripts = 0;
    await page.route('**/scripts/*.js', async (route) => {
      await pause(BETWEEN_SCRIPTS_MS * scripts++);
      await route.continue();
    });
    await page.goto(`${mira.url}${cast.base}/conversations/${id}`);
    await cast.write('Jonas', 'For Sunday.');
    await page.locator('#thread > .is-customer', { hasText: 'For Sunday.' }).waitFor({ timeout: 5000 });
  });
});
