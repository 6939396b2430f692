import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { expectAccessible } from '../support/browser.ts';
import { png } from '../support/files.ts';
import { answer, houseFor } from './support/house.ts';
import { field, launcher, log, openChat, say, websiteFor, type Website } from './support/website.ts';

describe('the chat bubble on other people’s websites', function () {
  this.timeout(20_000);
  let website: Website;
  after(() => website.end());
  const house = houseFor(before, after);

  before(async () => {
    website = await websiteFor(house);
    const strict = `default-src 'none'; script-src ${house.url}; style-src 'self'; connect-src ${house.url}; require-trusted-types-for 'script'; trusted-types 'none'`;
    website.page('/strict', `<main><h1>Strict</h1></main>${website.tag}`, strict);
    website.page('/app', `<main><h1>App</h1></main>${website.tag}`);
    const shouting =
      '*{display:block!important;color:lime!important;font:40px fantasy!important}deskbell-chat{visibility:hidden}button{background:lime!important}';
    website.page('/hostile', `<main><h1>Hostile</h1></main><style>${shouting}</style>${website.tag}`);
  });
  afterEach(() => website.leave());

  it('[P3.2-c] costs one request and keeps nothing in the browser before a visitor opens and writes', async () => {
    const window = await website.window();
    const page = await window.newPage();
    const asked: string[] = [];
    page.on('request', (request) => request.url().startsWith(house.url) && asked.push(new URL(request.url()).pathname));
    await page.goto(website.url, { waitUntil: 'networkidle' });
    await launcher(page).waitFor();
    deepEqual(asked, ['/widget.js']);
    await openChat(page);
    equal(await page.evaluate('localStorage.length + sessionStorage.length'), 0);
    deepEqual(await window.cookies(), []);
    await say(house, page, 'Hello');
    deepEqual(await page.evaluate('Object.keys(localStorage)'), [`deskbell.${house.channel.publicId}`]);
    deepEqual(await window.cookies(), []);
  });

  it('works on a page with a strict Content-Security-Policy and Trusted Types', async () => {
    const window = await website.window();
    const page = await window.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => /Content Security Policy|TrustedHTML/i.test(message.text()) && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${website.url}/strict`);
    await openChat(page);
    const conversationId = await say(house, page, 'Hello');
    answer(house, conversationId, ['**Hello** to you.']);
    await log(page).getByText('to you.').waitFor();
    await page.locator('input[type=file]').setInputFiles({ name: 'cake.png', mimeType: 'image/png', buffer: png() });
    await page.getByRole('list', { name: 'Files to send' }).locator('canvas').waitFor();
    await page.getByRole('button', { name: 'Send' }).click();
    await log(page).getByRole('img', { name: 'Picture: cake.png' }).waitFor();
    equal(await page.locator('.panel').evaluate((panel) => panel.ownerDocument.defaultView?.getComputedStyle(panel).position), 'fixed');
    deepEqual(complaints, []);
  });

  it('stays one bubble in a single-page app that swaps its body and lays the script anew', async () => {
    const page = await website.visit('/app');
    const src = `${house.url}/widget.js`;
    await page.evaluate(`document.body = Object.assign(document.createElement('body'), { textContent: 'Next page' })`);
    await launcher(page).waitFor();
    await page.evaluate(
      `new Promise((resolve) => document.body.append(Object.assign(document.createElement('script'), { src: '${src}', onload: resolve })))`,
    );
    await page.evaluate(`document.querySelector('deskbell-chat').remove()`);
    await page.evaluate(
      `new Promise((resolve) => { const s = Object.assign(document.createElement('script'), { src: '${src}', onload: resolve }); s.dataset.deskbell = '${house.channel.publicId}'; document.body.append(s); })`,
    );
    await launcher(page).waitFor();
    equal(await page.locator('deskbell-chat').count(), 1);
    deepEqual(await page.evaluate('Object.keys(window.deskbell).sort()'), ['close', 'destroy', 'identify', 'open', 'signOut']);
    await page.evaluate('deskbell.open()');
    await field(page).waitFor();
    await page.evaluate('deskbell.close()');
    equal(await field(page).isVisible(), false);
  });

  it('keeps its looks on a page whose styles shout', async () => {
    const page = await website.visit('/hostile');
    await openChat(page);
    const title = page.locator('.panel h2');
    equal(await title.evaluate((title) => title.ownerDocument.defaultView?.getComputedStyle(title).fontSize), '16px');
    notEqual(await title.evaluate((title) => title.ownerDocument.defaultView?.getComputedStyle(title).color), 'rgb(0, 255, 0)');
  });

  it('says so on a website that isn’t listed, and asks nothing more', async () => {
    await house.allow();
    const page = await website.visit();
    await launcher(page).click();
    await page.getByText('This chat isn’t switched on for this website.').waitFor();
    equal(await field(page).isVisible(), false);
    await house.allow(website.url);
  });

  it('fills a phone, with room for fingers, in light and dark, and reads from the right in Arabic', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await website.visit('/', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, colorScheme });
      await openChat(page);
      const conversationId = await say(house, page, 'Hi');
      answer(house, conversationId, ['Hello.']);
      await log(page).getByText('Hello.').waitFor();
      const box = await page.locator('.panel').boundingBox();
      deepEqual([box?.x, box?.width, Math.round((box?.y ?? 0) + (box?.height ?? 0))], [0, 360, 740]);
      const small = await page
        .locator('.panel')
        .evaluate((panel) =>
          [...panel.querySelectorAll('button')]
            .filter((button) => button.offsetWidth > 0 && (button.offsetHeight < 44 || button.offsetWidth < 44))
            .map((button) => button.textContent),
        );
      deepEqual(small, []);
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Close the chat' }).click();
      await launcher(page).waitFor();
    }
    const page = await website.visit('/', { locale: 'ar' });
    await page.getByRole('button', { name: 'محادثة' }).click();
    await page.getByRole('textbox', { name: 'رسالتك' }).waitFor();
    equal(await page.locator('.log').evaluate((log) => log.ownerDocument.defaultView?.getComputedStyle(log).direction), 'rtl');
    const x = async (): Promise<number> => (await page.locator('.panel').boundingBox())?.x ?? 0;
    ok((await x()) > 800, 'it stands where the button stood, on the side that is the page’s');
    await page.evaluate("document.documentElement.dir = 'rtl'");
    ok((await x()) < 100, 'and on an Arabic page on the other');
    await expectAccessible(page);
  });
});
