import assert from 'node:assert/strict';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { takeOver, wantPerson } from '../../src/conversations/index.ts';
import { expectAccessible, newWindow } from '../support/browser.ts';
import { inboxCast, type InboxCast } from './inbox-cast.ts';

const LONG = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen'.repeat(4);

describe('the inbox in a browser', function () {
  this.timeout(60_000);
  let cast: InboxCast;
  let id: number;
  let faults: string[];
  const windows: BrowserContext[] = [];
  beforeEach(async () => {
    faults = [];
    cast = await inboxCast();
    id = await cast.write('Jonas', 'Do you do cakes?');
  });
  afterEach(async () => {
    for (const window of windows.splice(0)) await window.close();
    await cast.end();
    assert.deepEqual(faults, [], 'the console stays silent');
  });

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const mira = await cast.server.as('owner');
    const window = await newWindow(options);
    windows.push(window);
    window.setDefaultTimeout(20_000);
    const [name = '', value = ''] = mira.cookie?.split('=') ?? [];
    await window.addCookies([{ name, value, url: mira.url }]);
    const page = await window.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(mira.url + cast.base + path);
    return page;
  }

  it('shows what happens as it happens, and keeps the words that are being typed', async () => {
    const page = await open(`/conversations/${id}`);
    const writing = page.getByLabel('Your message');
    await writing.fill('Half a sent');
    await cast.write('Jonas', 'For eleven people');
    await page.locator('#thread > .is-customer', { hasText: 'For eleven people' }).waitFor();
    cast.ws.bus.publish({ type: 'draft', conversationId: id, runId: 9, text: 'Twelve ' });
    await page.locator('#drafts', { hasText: 'Twelve' }).waitFor();
    cast.ws.bus.publish({ type: 'draft', conversationId: id, runId: 9, text: 'slices.' });
    await page.locator('#drafts', { hasText: 'Twelve slices.' }).waitFor();
    cast.ws.durable(() =>
      cast.ws.afterCommit(() => cast.ws.bus.publish({ type: 'draft-ended', conversationId: id, runId: 9, messageId: 1 })),
    );
    cast.botSays(id, 'Twelve slices.');
    await page.locator('#thread > .is-bot', { hasText: 'Twelve slices.' }).waitFor();
    assert.equal(await page.locator('#drafts > li').count(), 0);
    assert.equal(await writing.inputValue(), 'Half a sent');
    cast.ws.durable(() => wantPerson(cast.ws, { id }, 'They asked for a person.'));
    await page.getByRole('link', { name: '1 waiting' }).waitFor();
    assert.match(await page.title(), /^\(1\) Inbox/);
  });

  it('is answered by keyboard alone: take over, write, note, hand back', async () => {
    const page = await open(`/conversations/${id}`);
    await page.getByRole('button', { name: 'Take over' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.holder', { hasText: 'You have this' }).waitFor();
    await page.getByLabel('Your message').focus();
    await page.keyboard.type('Hi Jonas');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('Mira here');
    await page.keyboard.press('Enter');
    await page.locator('#thread > .is-person', { hasText: 'Mira here' }).waitFor();
    assert.equal(await page.locator('#thread > .is-person').count(), 1);
    assert.equal(await page.getByLabel('Your message').inputValue(), '');
    await page.getByRole('radio', { name: 'Reply' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+Tab');
    assert.equal(await page.evaluate('document.activeElement.id'), 'words');
    await page.keyboard.type('Not paid yet');
    await page.keyboard.press('Enter');
    await page.locator('#thread > .is-note', { hasText: 'Not paid yet' }).waitFor();
    assert.equal(cast.ws.sql.prepare("SELECT count(*) FROM messages WHERE author = 'person'").pluck().get(), 1);
    await page.getByRole('button', { name: 'Hand back to the bot' }).press('Enter');
    await page.locator('.toast', { hasText: 'Handed back to the bot.' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).press('Enter');
    await page.locator('.holder', { hasText: 'You have this' }).waitFor();
  });

  it('loses nothing that was typed: offline it says so, and after a session’s end it brings the words back', async () => {
    takeOver(cast.ws, id, cast.server.people.owner);
    const page = await open(`/conversations/${id}`);
    const writing = page.getByLabel('Your message');
    await page.context().setOffline(true);
    await page.getByText('You are offline. This page goes on by itself once the connection is back.').waitFor();
    await writing.fill('For a note of ours');
    await page.getByText('Note', { exact: true }).click();
    await page.getByRole('button', { name: 'Keep note' }).click();
    await page.getByText('so this wasn’t done. What you wrote is still here: try again.').waitFor();
    await page.context().setOffline(false);
    await page.locator('#notices .banner').waitFor({ state: 'detached' });
    faults = faults.filter((fault) => !/ERR_INTERNET_DISCONNECTED|Failed to fetch/.test(fault));

    const mira = await page.context().cookies();
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Keep note' }).click();
    await page.getByText('your session has ended. Sign in, and you go on where you were.').waitFor();
    await page.context().addCookies(mira);
    await page.goto(cast.server.url + cast.base + `/conversations/${id}`);
    assert.equal(await writing.inputValue(), 'For a note of ours');
    assert.equal(await page.getByRole('button', { name: 'Keep note' }).isVisible(), true, 'a note stays a note');
    await page.getByRole('button', { name: 'Keep note' }).click();
    await page.locator('#thread > .is-note').waitFor();
    await page.reload();
    assert.equal(await writing.inputValue(), '', 'what was sent is not brought back');
  });

  it('works without JavaScript', async () => {
    const page = await open(`/conversations/${id}`, { javaScriptEnabled: false });
    await page.getByRole('button', { name: 'Take over' }).click();
    await page.getByLabel('Your message').fill('By hand');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('#thread > .is-person', { hasText: 'By hand' }).waitFor();
    await page.getByText('Note', { exact: true }).click();
    await page.getByLabel('Your message').fill('For us');
    await page.getByRole('button', { name: 'Keep note' }).click();
    await page.locator('#thread > .is-note', { hasText: 'For us' }).waitFor();
    await page.getByLabel('Search every message').fill('cakes');
    await page.keyboard.press('Enter');
    await page.locator('#list mark', { hasText: 'cakes' }).waitFor();
  });

  it('is one pane on a phone, with the way back and the bell', async () => {
    const other = await cast.write('Olu', 'A person, please');
    cast.ws.durable(() => wantPerson(cast.ws, { id: other }, 'They asked for a person.'));
    const page = await open('/inbox', { viewport: { width: 360, height: 740 }, hasTouch: true });
    await page.getByRole('link', { name: /Jonas/ }).tap();
    await page.locator('.talk').waitFor();
    assert.equal(await page.locator('.list').isVisible(), false);
    assert.equal(await page.getByRole('navigation', { name: 'Main' }).isVisible(), false);
    await page.getByRole('link', { name: '1 more person is waiting' }).waitFor();
    await page.getByRole('link', { name: 'About the customer' }).tap();
    await page.getByRole('heading', { name: 'Known by' }).waitFor();
    await page.getByRole('link', { name: 'Close' }).tap();
    await page.getByRole('link', { name: 'Back to the list' }).tap();
    await page.getByRole('link', { name: /Olu/ }).tap();
    await page.getByRole('button', { name: 'Take over' }).tap();
    await page.locator('.holder', { hasText: 'You have this' }).waitFor();
  });

  it('reads back to the beginning without leaving the page', async () => {
    for (let n = 0; n < 70; n += 1) cast.botSays(id, `line ${n}`);
    const page = await open(`/conversations/${id}`);
    await page.getByRole('link', { name: 'Earlier messages' }).click();
    await page.locator('#thread > li', { hasText: 'Do you do cakes?' }).waitFor();
    const shown = await page.locator('#thread > .is-bot').allTextContents();
    assert.equal(shown.length, 70);
    assert.match(shown[0] ?? '', /line 0/);
    assert.equal(await page.getByRole('link', { name: 'Earlier messages' }).count(), 0);
  });

  for (const [width, colorScheme] of [
    [360, 'dark'],
    [1280, 'light'],
  ] as const) {
    it(`axe is silent and nothing is cut off at ${width} px, ${colorScheme}`, async () => {
      takeOver(cast.ws, id, cast.server.people.owner);
      const runId = cast.run(id, 'Do you do cakes?');
      cast.delivery(
        cast.botSays(id, 'Yes.[1] **Twelve** slices.', { runId, sources: [{ n: 1, chunkId: 1, sourceId: 1, title: LONG, path: '' }] }),
        'read',
      );
      cast.delivery(cast.botSays(id, LONG), 'uncertain');
      const wanted = await cast.write('نور الخطيب', `هل تفتحون يوم الأحد؟ ${LONG}`);
      cast.ws.durable(() => wantPerson(cast.ws, { id: wanted }, 'They asked for a person.'));
      const page = await open('/inbox', { viewport: { width, height: 780 }, colorScheme });
      for (const path of [
        '/inbox',
        `/conversations/${id}`,
        `/conversations/${wanted}`,
        '/inbox?tab=done',
        '/inbox?q=nothing',
        `/conversations/${id}/runs/${runId}`,
      ]) {
        await page.goto(cast.server.url + cast.base + path);
        await expectAccessible(page);
        const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        assert.ok(Number(tooWide) <= 0, `${path} is ${String(tooWide)} px too wide`);
      }
    });
  }
});
