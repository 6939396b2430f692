import { deepEqual, equal, ok } from 'node:assert/strict';
import { expectAccessible } from '../support/browser.ts';
import { answer, count, houseFor } from './support/house.ts';
import { field, listening, log, openChat, say, websiteFor, type Website } from './support/website.ts';

describe('the chat bubble when the server is out of reach', function () {
  this.timeout(20_000);
  let website: Website;
  after(() => website.end());
  const house = houseFor(before, after);
  before(async () => void (website = await websiteFor(house)));
  afterEach(() => website.leave());

  it('comes back by itself when the device has slept for a day, from where it was', async () => {
    const page = await website.visit();
    await openChat(page);
    const streaming = listening(page);
    const conversationId = await say(house, page, 'Good night');
    await streaming;
    // The line is dead, and nothing says so.
    await page.evaluate('window.asleep = Date.now; Date.now = () => window.asleep() + 24 * 3600e3');
    const asked = page.waitForRequest((request) => request.url().endsWith('/stream'));
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    ok(Number((await asked).headers()['last-event-id']) > 0);
    answer(house, conversationId, ['Good morning']);
    await log(page).getByText('Good morning').waitFor();
    const messages = count(house, 'messages');
    await say(house, page, 'Still here');
    equal(count(house, 'messages'), messages + 1);
    equal(await page.locator('.bot').getByText('Good morning').count(), 1);
  });

  it('says calmly that there is no connection, and sends what was written meanwhile once it is back', async () => {
    const page = await website.visit();
    await openChat(page);
    await say(house, page, 'Before the tunnel');
    const messages = count(house, 'messages');
    await page.context().setOffline(true);
    await page.getByText('You’re offline. What you write is kept').waitFor();
    for (const text of ['In the tunnel', 'Still in it']) {
      await field(page).fill(text);
      await field(page).press('Enter');
    }
    await page.locator('.me', { hasText: 'In the tunnel' }).getByText('Not sent yet').waitFor();
    await expectAccessible(page);
    await page.context().setOffline(false);
    await page.getByText('Not sent yet').waitFor({ state: 'detached' });
    await page.getByText('You’re offline').waitFor({ state: 'detached' });
    await say(house, page, 'And out');
    equal(count(house, 'messages'), messages + 3);
    deepEqual(await page.locator('.me p[dir]').allInnerTexts(), ['Before the tunnel', 'In the tunnel', 'Still in it', 'And out']);
  });

  it('begins a line that is cut each time as soon as it is open ever more seldom', async () => {
    const page = await website.visit();
    await openChat(page);
    const asked: number[] = [];
    await page.route('**/stream', (route) => {
      asked.push(performance.now());
      return route.fulfill({ status: 200, contentType: 'text/event-stream', body: '' });
    });
    await say(house, page, 'Hello');
    while (asked.length < 3) await page.waitForRequest('**/stream');
    const [first = 0, second = 0] = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
    ok(second > first && second >= 690, `${first}, then ${second} ms apart`);
  });
});
