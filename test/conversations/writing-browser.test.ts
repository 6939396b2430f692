import assert from 'node:assert/strict';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { takeOver } from '../../src/conversations/index.ts';
import { importCannedReplies } from '../../src/conversations/writing/save-canned-reply.ts';
import { expectAccessible, newWindow } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import type { Person } from '../support/http.ts';
import { inboxCast, type InboxCast } from './inbox-cast.ts';

const LONG = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen'.repeat(3);

describe('the composer in a browser', function () {
  this.timeout(60_000);
  let cast: InboxCast;
  let id: number;
  let faults: string[];
  const windows: BrowserContext[] = [];
  beforeEach(async () => {
    faults = [];
    cast = await inboxCast();
    id = await cast.write('Ida', 'Do you do cakes?');
    takeOver(cast.ws, id, cast.server.people.owner);
    importCannedReplies(
      cast.ws,
      [
        { shortcut: 'hours', text: 'We are here from 9 to 6.' },
        { shortcut: 'hello', text: 'Hello {{contact.first_name}}, {{me.first_name}} here.' },
        { shortcut: 'long', text: LONG },
      ],
      1,
    );
  });
  afterEach(async () => {
    for (const window of windows.splice(0)) await window.close();
    await cast.end();
    assert.deepEqual(faults, [], 'the console stays silent');
  });

  async function open(options: BrowserContextOptions = {}, who: Person = 'owner'): Promise<Page> {
    const client = await cast.server.as(who);
    const window = await newWindow(options);
    windows.push(window);
    window.setDefaultTimeout(20_000);
    const [name = '', value = ''] = client.cookie?.split('=') ?? [];
    await window.addCookies([{ name, value, url: client.url }]);
    const page = await window.newPage();
    page.on('console', (message) => void (message.type() === 'error' && faults.push(message.text())));
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${client.url}${cast.base}/conversations/${id}`);
    return page;
  }
  const said = (): unknown[] => cast.ws.sql.prepare("SELECT text FROM messages WHERE author = 'person' ORDER BY id").pluck().all();
  const draft = (): unknown => cast.ws.sql.prepare('SELECT text FROM reply_drafts').pluck().get();

  it('takes a canned reply by keyboard alone, filled in', async () => {
    const page = await open();
    const words = page.getByLabel('Your message');
    await words.focus();
    await page.keyboard.type('/h');
    await page.locator('#canned').getByRole('option', { name: /hello/ }).waitFor();
    await page.keyboard.type('e');
    await page.locator('#canned').getByRole('option', { name: /hours/ }).waitFor();
    await page.keyboard.type('l');
    await page.locator('#canned').getByRole('option', { name: /hours/ }).waitFor({ state: 'hidden' });
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    assert.match((await words.getAttribute('aria-activedescendant')) ?? '', /^canned-\d+$/);
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    assert.equal(await words.inputValue(), 'Hello Ida, Mira here.');
    await page.keyboard.press('Enter');
    await page.locator('#thread > .is-person', { hasText: 'Hello Ida, Mira here.' }).waitFor();
    await page.keyboard.type('/ho');
    await page.locator('#canned').getByRole('option', { name: /hours/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('#canned').getByRole('option').first().waitFor({ state: 'hidden' });
    await page.keyboard.type('x');
    assert.equal(await page.locator('#canned').getByRole('option').count(), 0, 'dismissed, it stays closed');
    await words.fill('');
    await page.getByRole('button', { name: 'Canned replies' }).click();
    await page.locator('#canned').getByRole('option', { name: /hours/ }).click();
    assert.equal(await words.inputValue(), 'We are here from 9 to 6.');
  });

  it('keeps what is written on the server, also when the page is left at once', async () => {
    const page = await open();
    await page.getByLabel('Your message').fill('Half a sent');
    await page.getByText('Note', { exact: true }).click();
    await page.goto(`${cast.server.url}${cast.base}/inbox`);
    await eventually(() => assert.equal(draft(), 'Half a sent'));
    await page.locator(`#c${id} .tag`, { hasText: 'Draft' }).waitFor();
    const other = await open();
    assert.equal(await other.getByLabel('Your message').inputValue(), 'Half a sent');
    assert.equal(await other.getByRole('button', { name: 'Keep note' }).isVisible(), true);
  });

  it('says who else writes, and holds back what was written without having seen theirs', async () => {
    const [hers, his] = [await open(), await open({}, 'admin')];
    await his.getByLabel('Your message').pressSequentially('Ten');
    await hers.locator('#writers', { hasText: 'Jonas is writing here.' }).waitFor();
    await expectAccessible(hers);
    // Both have their words ready; his goes first, and she presses Enter before she can have read it.
    await hers.getByLabel('Your message').fill('Twelve');
    await his.getByLabel('Your message').press('Enter');
    await hers.locator('#thread > .is-person', { hasText: 'Ten' }).waitFor();
    await hers.getByLabel('Your message').press('Enter');
    await hers.locator('.held', { hasText: 'Jonas wrote meanwhile' }).waitFor();
    assert.equal(await hers.locator('#writers').textContent(), '');
    assert.deepEqual(said(), ['Ten']);
    assert.equal(await hers.getByLabel('Your message').inputValue(), 'Twelve');
    await expectAccessible(hers);
    await hers.getByRole('button', { name: 'Send anyway' }).click();
    await hers.locator('#thread > .is-person', { hasText: 'Twelve' }).waitFor();
    assert.deepEqual(said(), ['Ten', 'Twelve']);
    assert.equal(await hers.locator('.held').count(), 0);
    assert.equal(await hers.getByLabel('Your message').inputValue(), '');
  });

  it('sends at once what answers a message that could be read', async () => {
    const page = await open();
    await cast.write('Ida', 'For eleven!');
    await page.locator('#thread > .is-customer', { hasText: 'For eleven!' }).waitFor();
    await eventually(async () => {
      const [seen, newest] = [
        await page.locator('[name="seen"]').inputValue(),
        cast.ws.sql.prepare('SELECT max(id) FROM messages').pluck().get(),
      ];
      assert.equal(Number(seen), newest);
    }, 3000);
    await page.getByLabel('Your message').fill('Gladly');
    await page.getByLabel('Your message').press('Enter');
    await page.locator('#thread > .is-person', { hasText: 'Gladly' }).waitFor();
  });

  it('replies to a certain message, and takes that back', async () => {
    const page = await open();
    await page.getByRole('link', { name: 'Reply to this message' }).click();
    await page.locator('#replying', { hasText: 'Do you do cakes?' }).waitFor();
    await page.getByRole('button', { name: 'Don’t reply to this one' }).click();
    assert.equal(await page.locator('#replying .quoted').count(), 0);
    await page.getByRole('link', { name: 'Reply to this message' }).click();
    await page.getByLabel('Your message').fill('We do');
    await page.getByLabel('Your message').press('Enter');
    await page.locator('#thread > .is-person .quoted', { hasText: 'Do you do cakes?' }).waitFor();
    assert.equal(await page.locator('#replying .quoted').count(), 0);
  });

  it('does all of it without JavaScript', async () => {
    const page = await open({ javaScriptEnabled: false });
    await page.getByRole('link', { name: 'Reply to this message' }).click();
    await page.getByLabel('Canned reply').selectOption('/hello');
    await page.getByRole('button', { name: 'Insert' }).click();
    assert.equal(await page.getByLabel('Your message').inputValue(), 'Hello Ida, Mira here.');
    await page.locator('#replying', { hasText: 'Do you do cakes?' }).waitFor();
    await cast.write('Ida', 'For eleven!');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('.held', { hasText: 'For eleven!' }).waitFor();
    await page.getByRole('button', { name: 'Send anyway' }).click();
    await page.locator('#thread > .is-person .quoted', { hasText: 'Do you do cakes?' }).waitFor();
    assert.deepEqual(said(), ['Hello Ida, Mira here.']);
  });

  for (const [width, colorScheme] of [
    [360, 'dark'],
    [1280, 'light'],
  ] as const) {
    it(`axe is silent and nothing is cut off at ${width} px, ${colorScheme}`, async () => {
      const page = await open({ viewport: { width, height: 780 }, colorScheme });
      const fits = async (what: string) => {
        await expectAccessible(page);
        const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        assert.ok(Number(tooWide) <= 0, `${what} is ${String(tooWide)} px too wide`);
        const shots = process.env['SHOTS'];
        if (shots) await page.screenshot({ path: `${shots}/${what}-${width}.png` });
      };
      await page.getByRole('link', { name: 'Reply to this message' }).click();
      await page.keyboard.type('/');
      await page.locator('#canned').getByRole('option', { name: /hours/ }).waitFor();
      await fits('picker');
      await page.keyboard.press('Escape');
      await page.getByLabel('Your message').fill('For twelve, then?');
      await cast.write('Ida', `No, for eleven! ${LONG}`);
      await page.locator('#thread > .is-customer', { hasText: 'for eleven' }).waitFor();
      await page.locator('button.for-customer[type="submit"]').click();
      await page.locator('.held').waitFor();
      await fits('held');
      await page.goto(`${cast.server.url}${cast.base}/canned`);
      await fits('canned');
    });
  }
});
