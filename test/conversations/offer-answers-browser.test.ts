import assert from 'node:assert/strict';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { deliverMessages, deliveryParked, receiveEvents, takeOver } from '../../src/conversations/index.ts';
import { expectAccessible, newWindow } from '../support/browser.ts';
import { inboxCast, type InboxCast } from './inbox-cast.ts';

describe('answers that are offered, in a browser', function () {
  this.timeout(60_000);
  let cast: InboxCast;
  let id: number;
  let customers = 0;
  const windows: BrowserContext[] = [];
  before(async () => {
    cast = await inboxCast();
    await cast.server.installation.jobs.start({ deliver: { run: deliverMessages, onParked: deliveryParked } });
  });
  beforeEach(async () => {
    id = await cast.write(`Jonas ${++customers}`, 'Can I book a table?');
    takeOver(cast.ws, id, 1);
  });
  afterEach(async () => {
    for (const window of windows.splice(0)) await window.close();
  });
  after(() => cast.end());

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const mira = await cast.server.as('owner');
    const window = await newWindow(options);
    windows.push(window);
    const [name = '', value = ''] = mira.cookie?.split('=') ?? [];
    await window.addCookies([{ name, value, url: mira.url }]);
    const page = await window.newPage();
    await page.goto(`${mira.url}${cast.base}/conversations/${id}`);
    return page;
  }

  const offer = async (page: Page): Promise<void> => {
    await page.getByLabel('Your message').fill('For how many?');
    await page.getByText('Offer answers').click();
    await page.getByLabel(/^Answers that/).fill('For two\nFor four\nMore than four');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('.offered li', { hasText: 'More than four' }).waitFor();
  };

  for (const [width, height] of [
    [1280, 800],
    [360, 740],
  ] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      it(`are written, sent and shown, and the one that was chosen is marked: ${width}, ${colorScheme}`, async () => {
        const page = await open({ viewport: { width, height }, colorScheme });
        await page.getByText('Offer answers').click();
        await expectAccessible(page);
        await page.getByText('Offer answers').click();
        await offer(page);
        assert.equal(await page.getByLabel(/^Answers that/).inputValue(), '', 'the composer is a new one');
        const { thread } = cast.ws.prepare('SELECT thread FROM conversations WHERE id = ?').get(id) as { thread: string };
        await receiveEvents(cast.ws, 1, [
          {
            type: 'message',
            thread,
            sender: { externalId: `49151-${thread}`, displayName: thread },
            externalId: `touch-${width}-${colorScheme}`,
            saidAt: cast.server.clock.now(),
            parts: [{ kind: 'text', text: 'For four', detail: { choice: '2' } }],
          },
        ]);
        await page.getByText('Chosen from the answers offered').waitFor({ state: 'attached' });
        await expectAccessible(page);
        assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), 'nothing hangs over the edge');
      });
    }
  }

  it('are offered without JavaScript, too', async () => {
    await offer(await open({ javaScriptEnabled: false }));
  });
});
