import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { editChannelSettings } from '../../src/channels/index.ts';
import { sayAsBusiness } from '../../src/conversations/index.ts';
import { expectAccessible } from '../support/browser.ts';
import { answer, houseFor } from './support/house.ts';
import { field, launcher, listening, log, openChat, say, websiteFor, type Website } from './support/website.ts';

/** Hard ones: the lightest and the darkest, and colours at their strongest. */
const COLOURS = ['#ffff00', '#00ffff', '#ff00ff', '#ffffff', '#000000', '#0000ff'];

/** Counts the notes that are struck. */
const COUNTS_NOTES = `window.notes = 0; const start = OscillatorNode.prototype.start; OscillatorNode.prototype.start = function (...at) { window.notes++; return start.apply(this, at); }`;

describe('the chat bubble as its owner wants it', function () {
  this.timeout(30_000);
  let website: Website;
  after(() => website.end());
  const house = houseFor(before, after);
  const change = (settings: Record<string, unknown>): Promise<void> =>
    editChannelSettings(house.ws, { channelId: house.channel.id, settings, userId: house.ownerId });
  before(async () => void (website = await websiteFor(house)));
  afterEach(() => website.leave());

  it('can be read in any colour, light and dark', async () => {
    const page = await website.visit();
    await openChat(page);
    const conversationId = await say(house, page, 'Which [link](https://aurora.example) do you like?');
    answer(house, conversationId, ['All of [them](https://aurora.example).']);
    await log(page).getByText('All of').waitFor();
    for (const colour of COLOURS) {
      await change({ colour });
      await page.reload();
      await log(page).getByText('All of').waitFor();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await expectAccessible(page, `${colour} in ${colorScheme}`);
      }
    }
    await change({ colour: '#b8371a' });
  });

  it('puts black or white on its colour in browsers that can’t reckon with colours', async () => {
    const page = await website.visit();
    const plainOn = (): Promise<string> =>
      page.evaluate("getComputedStyle(document.querySelector('deskbell-chat')).getPropertyValue('--plain-on')");
    equal(await plainOn(), '#fff');
    website.page('/yellow', website.tag.replace('#b8371a', '#ffe000'));
    await page.goto(`${website.url}/yellow`);
    await launcher(page).waitFor();
    equal(await plainOn(), '#000');
  });

  it('is light or dark whatever the visitor’s device is set to, where the owner says so', async () => {
    await change({ scheme: 'dark' });
    const page = await website.visit('/', { colorScheme: 'light' });
    const paper = (): Promise<string> =>
      page.evaluate("getComputedStyle(document.querySelector('deskbell-chat').shadowRoot.querySelector('.panel')).backgroundColor");
    const before = await paper();
    await openChat(page);
    const dark = await paper();
    ok(dark !== before);
    await page.emulateMedia({ colorScheme: 'dark' });
    equal(await paper(), dark);
    await expectAccessible(page);
    await change({ scheme: 'visitor' });
  });

  it('stands on the side and at the height it was given, before it is opened and after', async () => {
    website.page('/start', website.tag.replace(' async', ' data-side="start" data-lift="64" async'));
    await change({ side: 'start', lift: '64' });
    const page = await website.visit('/start');
    const place = async (): Promise<number[]> => {
      const { x = 0, y = 0, height = 0 } = (await page.locator('.launcher').boundingBox()) ?? {};
      return [x, 800 - y - height];
    };
    deepEqual(await place(), [20, 84]);
    await openChat(page);
    deepEqual(await place(), [20, 84]);
    const panel = await page.locator('.panel').boundingBox();
    equal(panel?.x, 20);
    ok((panel?.y ?? 0) >= 0);
    await page.evaluate("document.documentElement.dir = 'rtl'");
    equal((await place())[0], 1280 - 20 - 56, 'where lines begin on that page');
    await page.evaluate("document.documentElement.dir = ''");
    await page.setViewportSize({ width: 360, height: 640 });
    const phone = await page.locator('.panel').boundingBox();
    deepEqual([phone?.x, phone?.width, (phone?.y ?? 0) + (phone?.height ?? 0)], [0, 360, 640]);
    await change({ side: 'end', lift: '0' });
  });

  it('counts what is unread on the button and in the page’s title, over pages, until it is looked at', async () => {
    const page = await website.visit();
    await openChat(page);
    const streaming = listening(page);
    const conversationId = await say(house, page, 'Anybody there?');
    await streaming;
    await page.keyboard.press('Escape');
    answer(house, conversationId, ['Yes.']);
    answer(house, conversationId, ['All of us.']);
    await page.getByRole('button', { name: 'Chat, new message (2)' }).waitFor();
    equal(await page.locator('.dot').getAttribute('data-count'), '2');
    equal(await page.title(), '(2) Café Aurora');
    equal(await page.locator('aside > [role=status]').textContent(), 'new message (2)', 'said to who hears the page');
    await expectAccessible(page);
    await page.reload();
    await page.getByRole('button', { name: 'Chat, new message (2)' }).waitFor();
    equal(await page.title(), '(2) Café Aurora');
    await launcher(page).click();
    await log(page).getByText('All of us.').waitFor();
    equal(await page.title(), 'Café Aurora');
    await page.keyboard.press('Escape');
    await page.reload();
    await page.waitForResponse((response) => response.url().endsWith('/thread'));
    await page.getByRole('button', { name: 'Chat', exact: true }).waitFor();
    equal(await page.title(), 'Café Aurora');
  });

  it('makes a sound only where its owner wants that, only when nobody looks, and not when it is muted', async () => {
    const page = await website.visit();
    await page.evaluate(COUNTS_NOTES);
    const notes = (): Promise<number> => page.evaluate('window.notes');
    const answered = async (text: string): Promise<void> => {
      answer(house, conversationId, [text]);
      await page.locator('.log').getByText(text, { exact: true }).waitFor({ state: 'attached' });
    };
    await openChat(page);
    equal(await page.getByRole('button', { name: 'Sound' }).isVisible(), false);
    const streaming = listening(page);
    const conversationId = await say(house, page, 'Ring me');
    await streaming;
    await page.keyboard.press('Escape');
    await answered('No sound');
    equal(await notes(), 0);
    await change({ sound: true });
    await page.reload();
    await page.evaluate(COUNTS_NOTES);
    await launcher(page).click();
    await page.getByRole('button', { name: 'Sound', pressed: true }).waitFor();
    await expectAccessible(page);
    await answered('Seen');
    equal(await notes(), 0);
    await page.keyboard.press('Escape');
    await answered('Heard');
    await page.waitForFunction('window.notes === 2');
    await launcher(page).click();
    await page.getByRole('button', { name: 'Sound' }).click();
    await page.getByRole('button', { name: 'Sound', pressed: false }).waitFor();
    await page.keyboard.press('Escape');
    await answered('Muted');
    await launcher(page).click();
    await page.getByRole('button', { name: 'Sound' }).click();
    await page.keyboard.press('Escape');
    await answered('Loud');
    await page.waitForFunction('window.notes > 2');
    equal(await notes(), 4, 'two for each that was heard, none for the one in between');
    await launcher(page).click();
    await page.getByRole('button', { name: 'Sound' }).click();
    await page.keyboard.press('Escape');
    await answered('Muted again');
    await page.reload();
    await page.getByRole('button', { name: 'Chat, new message' }).click();
    await page.getByRole('button', { name: 'Sound', pressed: false }).waitFor();
    await change({ sound: false });
  });

  it('offers answers that go out by one touch, as what they say, once', async () => {
    const page = await website.visit();
    await openChat(page);
    const conversationId = await say(house, page, 'A table please');
    const choices = [
      { id: 'noon', title: 'At noon' },
      { id: 'one', title: 'At one' },
    ];
    house.ws.durable(() => sayAsBusiness(house.ws, conversationId, 'When?', { choices }));
    const offered = page.getByRole('group', { name: 'Suggested answers' });
    deepEqual(await offered.getByRole('button').allInnerTexts(), ['At noon', 'At one']);
    await expectAccessible(page);
    await page.reload();
    const posted = page.waitForRequest((request) => request.url().endsWith('/messages') && request.method() === 'POST');
    await offered.getByRole('button', { name: 'At one' }).press('Enter');
    match((await posted).postData() ?? '', /"text":"At one","choice":"one"/);
    await page.locator('.me').getByText('At one').waitFor();
    equal(await offered.isVisible(), false);
    equal(await page.locator('textarea:focus').count(), 1, 'the focus isn’t lost with the button');
  });

  it('is taken off by deskbell.destroy(), with all that it did, and can be laid anew', async () => {
    const page = await website.visit();
    await openChat(page);
    const streaming = listening(page);
    const conversationId = await say(house, page, 'Before');
    await streaming;
    await page.keyboard.press('Escape');
    answer(house, conversationId, ['Unread']);
    await page.getByRole('button', { name: 'Chat, new message' }).waitFor();
    const asked: string[] = [];
    await page.evaluate('deskbell.destroy()');
    page.on('request', (request) => asked.push(request.url()));
    equal(await page.locator('deskbell-chat').count(), 0);
    equal(await page.title(), 'Café Aurora');
    equal(await page.evaluate('typeof window.deskbell'), 'undefined');
    await page.evaluate(
      "dispatchEvent(new Event('online')); document.body = document.createElement('body'); document.dispatchEvent(new Event('visibilitychange'))",
    );
    deepEqual(asked, []);
    equal(await page.locator('deskbell-chat').count(), 0);
    await page.evaluate(
      `document.body.append(Object.assign(document.createElement('script'), { src: '${house.url}/widget.js' })); document.body.lastChild.dataset.deskbell = '${house.channel.publicId}'`,
    );
    await launcher(page).click();
    await log(page).getByText('Unread').waitFor();
    await field(page).waitFor();
  });
});
