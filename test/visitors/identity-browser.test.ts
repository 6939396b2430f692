import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { editChannelSettings } from '../../src/channels/index.ts';
import { expectAccessible } from '../support/browser.ts';
import { answer, count, houseFor, newestConversation } from './support/house.ts';
import { minutesAhead, secretOf, tokenFor } from './support/identity.ts';
import { field, launcher, listening, log, openChat, say, websiteFor, type Website } from './support/website.ts';

describe('the chat bubble of somebody who is signed in on the website', function () {
  this.timeout(20_000);
  let website: Website;
  let secret = '';
  after(() => website.end());
  const house = houseFor(before, after);
  const signed = (sub: string, minutes = 60): string => tokenFor(secret, { sub, name: sub, exp: minutesAhead(house, minutes) });
  /** What the website's server writes into a page. */
  const pageFor = (path: string, token: string): void =>
    website.page(path, `<main><h1>Your orders</h1></main>${website.tag.replace(' async', ` data-identity="${token}" async`)}`);
  const stored = (page: Page): Promise<Record<string, string>> => page.evaluate('({ ...localStorage })');

  before(async () => {
    website = await websiteFor(house);
    secret = await secretOf(house);
  });
  afterEach(() => website.leave());

  it('is their own on every device, without a token in any browser', async () => {
    pageFor('/tom', signed('tom'));
    const desk = await website.visit('/tom');
    await openChat(desk);
    const conversationId = await say(house, desk, 'Is my order on its way?');
    answer(house, conversationId, ['It is.']);
    await log(desk).getByText('It is.').waitFor();
    ok(!JSON.stringify(await stored(desk)).includes('eyJ'));
    const phone = await website.visit('/tom');
    await openChat(phone);
    await log(phone).getByText('Is my order on its way?').waitFor();
    equal(await say(house, phone, 'And the other one?'), conversationId);
    await log(desk).getByText('And the other one?').waitFor();
    await desk.reload();
    await log(desk).getByText('And the other one?').waitFor();
  });

  it('takes along what they just wrote, as soon as a single-page app says who they are', async () => {
    const page = await website.visit();
    await openChat(page);
    const conversationId = await say(house, page, 'Do you deliver to Neukölln?');
    await page.evaluate(`deskbell.identify('${signed('ada')}')`);
    await log(page).getByText('Do you deliver to Neukölln?').waitFor();
    answer(house, conversationId, ['We do.']);
    await log(page).getByText('We do.').waitFor();
    equal(await page.locator('deskbell-chat').count(), 1);
    equal(await say(house, page, 'Good'), conversationId);
    const kept = await stored(page);
    equal((JSON.parse(kept[`deskbell.${house.channel.publicId}`] ?? '{}') as { token: unknown }).token, null);
  });

  it('ends with deskbell.signOut(): whoever comes next at this computer sees and says nothing in their name', async () => {
    pageFor('/orders', signed('leyla'));
    const page = await website.visit('/orders');
    await openChat(page);
    const theirs = await say(house, page, 'My card ends in 1234');
    const left = page.waitForResponse((response) => response.url().endsWith('/sign-out'));
    await page.evaluate('deskbell.signOut()');
    equal((await left).status(), 200);
    await field(page).waitFor();
    equal(await log(page).getByText('My card').count(), 0);
    deepEqual(await stored(page), {});
    ok((await say(house, page, 'Who am I?')) !== theirs);
    // The page as the browser's history or cache gives it back, with the old token in it.
    await page.evaluate('localStorage.clear()');
    await page.reload();
    await launcher(page).click();
    await page.getByText('You’re no longer signed in here. Load the page again to go on.').waitFor();
    equal(await log(page).getByText('My card').count(), 0);
    equal(await field(page).isVisible(), false);
  });

  it('keeps what was written when the token ended, and sends it once, as them, when they are signed in anew', async () => {
    const page = await website.visit();
    await page.evaluate(`deskbell.identify('${signed('bo')}')`);
    await openChat(page);
    const conversationId = await say(house, page, 'Hello');
    secret = await secretOf(house);
    const messages = count(house, 'messages');
    await field(page).fill('Too late');
    await field(page).press('Enter');
    await page.getByText('Load the page again to go on').waitFor();
    await page.evaluate(`deskbell.identify('${signed('mia')}')`);
    await field(page).waitFor();
    equal(await log(page).getByText('Too late').count(), 0, 'it is nobody else’s');
    const sent = page.waitForResponse((response) => response.url().endsWith('/messages') && response.ok());
    await page.evaluate(`deskbell.identify('${signed('bo', 70)}')`);
    await sent;
    equal(count(house, 'messages'), messages + 1);
    equal(newestConversation(house), conversationId);
    await page.locator('.me').getByText('Too late').waitFor();
  });

  it('is told so when the token ends while the chat stands open', async () => {
    const page = await website.visit();
    const exp = house.ws.clock.now() / 1000 + 2;
    await page.evaluate(`deskbell.identify('${tokenFor(secret, { sub: 'short', exp })}')`);
    await openChat(page);
    const streaming = listening(page);
    await say(house, page, 'Hello');
    await streaming;
    await page.getByText('You’re no longer signed in here. Load the page again to go on.').waitFor();
    ok(await field(page).isVisible(), 'what they write is kept until they are signed in anew');
  });

  it('is the only one to have a field to write in, where the owner lets nobody else write', async () => {
    const change = (onlySignedIn: boolean): Promise<void> =>
      editChannelSettings(house.ws, { channelId: house.channel.id, settings: { onlySignedIn }, userId: house.ownerId });
    await change(true);
    const page = await website.visit();
    await launcher(page).click();
    await log(page).getByText('Sign in on this website to write here.').waitFor();
    equal(await field(page).isVisible(), false);
    equal(await page.getByRole('button', { name: 'Talk to a person' }).isVisible(), false);
    await expectAccessible(page);
    await page.evaluate(`deskbell.identify('${signed('cy')}')`);
    await say(house, page, 'Now I can');
    await change(false);
  });
});
