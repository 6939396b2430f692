import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { handBack, sayAsPerson, takeOver } from '../../src/conversations/index.ts';
import { expectAccessible, newWindow } from '../support/browser.ts';
import { answer, count, newestConversation, openHouse, reply, type House } from './support/house.ts';
import { hostSite, type HostSite } from './support/host.ts';

describe('the chat bubble in a browser', function () {
  this.timeout(20_000);
  let house: House;
  let host: HostSite;
  const windows: BrowserContext[] = [];

  before(async () => {
    house = await openHouse({ starters: ['Are you open on Sunday?', 'Which cakes are vegan?'] });
    host = await hostSite();
    await house.allow(host.url);
    const tag = `<script src="${house.url}/widget.js" data-deskbell="${house.channel.publicId}" data-colour="#b8371a" async></script>`;
    host.page('/', `<main><h1>Bread at dawn, cake till five.</h1><p>A small café with its own bakery.</p></main>${tag}`);
    host.page('/strict', `<main><h1>Strict</h1></main>${tag}`, `default-src 'none'; script-src ${house.url}; connect-src ${house.url}; require-trusted-types-for 'script'; trusted-types 'none'`);
    host.page('/app', `<main><h1>App</h1></main>${tag}`);
    host.page('/hostile', `<main><h1>Hostile</h1></main><style>*{display:block!important;color:lime!important;font:40px fantasy!important}deskbell-chat{visibility:hidden}button{background:lime!important}</style>${tag}`);
  });
  afterEach(async () => {
    await Promise.all(windows.splice(0).map((window) => window.close()));
  });
  after(async () => {
    await host.end();
    await house.end();
  });

  async function visit(path = '/', options: BrowserContextOptions = {}): Promise<Page> {
    const window = await newWindow(options);
    windows.push(window);
    window.setDefaultTimeout(5000);
    const page = await window.newPage();
    await page.goto(`${host.url}${path}`);
    await page.locator('.launcher').waitFor();
    return page;
  }

  const launcher = (page: Page) => page.getByRole('button', { name: 'Chat' });
  const field = (page: Page) => page.getByRole('textbox', { name: 'Your message' });
  const log = (page: Page) => page.getByRole('log', { name: 'Conversation' });

  async function openChat(page: Page): Promise<void> {
    await launcher(page).click();
    await field(page).waitFor();
  }

  /** Says something and waits until it is stored; returns the conversation. */
  async function say(page: Page, text: string): Promise<number> {
    const before = count(house, 'messages');
    await field(page).fill(text);
    const stored = page.waitForResponse((response) => response.url().endsWith('/messages') && response.request().method() === 'POST');
    await field(page).press('Enter');
    equal((await stored).status(), 200);
    equal(count(house, 'messages'), before + 1);
    return newestConversation(house);
  }

  async function listening(page: Page): Promise<void> {
    await page.waitForResponse((response) => response.url().endsWith('/stream') && response.status() === 200);
  }

  it('[P3.2-c] costs one request and keeps nothing in the browser before a visitor opens and writes', async () => {
    const window = await newWindow();
    windows.push(window);
    const page = await window.newPage();
    const asked: string[] = [];
    page.on('request', (request) => request.url().startsWith(house.url) && asked.push(new URL(request.url()).pathname));
    await page.goto(host.url, { waitUntil: 'networkidle' });
    await launcher(page).waitFor();
    deepEqual(asked, ['/widget.js']);
    await openChat(page);
    equal(await page.evaluate('localStorage.length + sessionStorage.length'), 0);
    deepEqual(await window.cookies(), []);
    await say(page, 'Hello');
    deepEqual(await page.evaluate('Object.keys(localStorage)'), [`deskbell.${house.channel.publicId}`]);
    deepEqual(await window.cookies(), []);
  });

  it('says first that an AI answers, greets, offers questions, and keeps a person in reach', async () => {
    const page = await visit();
    await openChat(page);
    const words = await log(page).innerText();
    match(words, /^You’re writing with an AI\. It can be wrong, and a person is one tap away\./);
    match(words, /Ask me about cakes, tables and opening hours/);
    await page.getByRole('button', { name: 'Talk to a person' }).waitFor();
    await page.getByRole('button', { name: 'Which cakes are vegan?' }).click();
    await log(page).getByText('Which cakes are vegan?').waitFor();
    await page.getByRole('button', { name: 'Are you open on Sunday?' }).waitFor({ state: 'hidden' });
    await expectAccessible(page);
  });

  it('streams the answer with a way to stop it, then shows where it is from', async () => {
    const page = await visit();
    await openChat(page);
    const streaming = listening(page);
    const conversationId = await say(page, 'Is there a vegan cake on Sunday?');
    await streaming;
    await page.getByRole('button', { name: 'Stop the answer' }).waitFor();
    house.ws.bus.publish({ type: 'draft', conversationId, runId: 3, text: 'Yes, the **lemon** ' });
    house.ws.bus.publish({ type: 'draft', conversationId, runId: 3, text: 'and olive oil cake [1' });
    const draft = page.locator('.draft');
    await draft.getByText('and olive oil cake').waitFor();
    equal(await draft.getAttribute('aria-hidden'), 'true');
    equal(await draft.locator('strong').innerText(), 'lemon');
    const stopped = new Promise((resolve) => house.ws.bus.subscribe({ conversationId }, (event) => event.type === 'stop' && resolve(true)));
    await page.getByRole('button', { name: 'Stop the answer' }).click();
    equal(await stopped, true);
    reply(house, conversationId, 'Yes, the **lemon** and olive oil cake [1][2].', [{ title: 'Cakes and orders', url: 'https://aurora.example/cakes' }, { title: 'Weekend cakes' }]);
    house.ws.bus.publish({ type: 'draft-ended', conversationId, runId: 3, messageId: null });
    await log(page).getByText('From Cakes and orders and Weekend cakes').waitFor();
    equal(await page.locator('.draft').count(), 0);
    equal(await page.locator('.bot').last().locator('p').first().innerText(), 'Yes, the lemon and olive oil cake.');
    const link = log(page).getByRole('link', { name: 'Cakes and orders' });
    match((await link.getAttribute('rel')) ?? '', /noreferrer/);
    await page.getByRole('button', { name: 'Send' }).waitFor();
    await expectAccessible(page);
  });

  it('survives a reload: it stands open with the same conversation, and goes on in it', async () => {
    const page = await visit();
    await openChat(page);
    const conversationId = await say(page, 'Do you have gluten-free bread?');
    answer(house, conversationId, ['On Fridays.']);
    await log(page).getByText('On Fridays.').waitFor();
    await page.reload();
    await log(page).getByText('On Fridays.').waitFor();
    equal(await page.locator('.me').count(), 1);
    equal(await say(page, 'Thank you'), conversationId);
    await page.keyboard.press('Escape');
    await page.reload();
    await launcher(page).waitFor();
    equal(await field(page).isVisible(), false);
  });

  it('keeps what was written while the server is away, marks it, and sends it once', async () => {
    const page = await visit();
    await openChat(page);
    const conversationId = await say(page, 'First');
    const messages = count(house, 'messages');
    await house.shut();
    await field(page).fill('Second, in a tunnel');
    await field(page).press('Enter');
    await page.locator('.me', { hasText: 'Second' }).getByText('Not sent yet').waitFor();
    await page.getByText('The chat can’t be reached just now').waitFor();
    equal(count(house, 'messages'), messages);
    await house.open();
    await page.evaluate('dispatchEvent(new Event("online"))');
    await page.getByText('Not sent yet').waitFor({ state: 'detached' });
    answer(house, conversationId, ['Heard you.']);
    await log(page).getByText('Heard you.').waitFor();
    equal(count(house, 'messages'), messages + 1);
    equal(await page.locator('.me').count(), 2);
    await page.reload();
    await log(page).getByText('Heard you.').waitFor();
    equal(await page.locator('.me').count(), 2);
  });

  it('sends after a reload what could not be sent before it', async () => {
    const page = await visit();
    await openChat(page);
    await page.route('**/messages', (route) => route.abort());
    await field(page).fill('Before the reload');
    await field(page).press('Enter');
    await page.getByText('Not sent yet').waitFor();
    const messages = count(house, 'messages');
    await page.unroute('**/messages');
    const stored = page.waitForResponse((response) => response.url().endsWith('/messages') && response.ok());
    await page.reload();
    await stored;
    equal(count(house, 'messages'), messages + 1);
    equal(await page.locator('.me').count(), 1);
  });

  it('shows a takeover as it happens, with the person’s name, and the hand-back', async () => {
    const page = await visit();
    await openChat(page);
    const streaming = listening(page);
    const conversationId = await say(page, 'Can ten of us come at noon?');
    await streaming;
    takeOver(house.ws, conversationId, house.ownerId);
    await log(page).getByText('Mira has joined.').waitFor();
    await page.getByText('Mira is here').waitFor();
    sayAsPerson(house.ws, { conversationId, userId: house.ownerId, text: 'Two tables side by side would do.' });
    await log(page).getByText('Two tables side by side').waitFor();
    await expectAccessible(page);
    handBack(house.ws, conversationId, house.ownerId);
    await log(page).getByText('The assistant answers again.').waitFor();
    await page.getByText('AI assistant, answers at once').waitFor();
  });

  it('calls a person at one press, before a word was written', async () => {
    const page = await visit();
    await openChat(page);
    await page.getByRole('button', { name: 'Talk to a person' }).click();
    await log(page).getByText('I’ve asked a person to join. They will answer here.').waitFor();
    await page.getByText('A person has been asked to come').waitFor();
    await page.getByRole('button', { name: 'Talk to a person' }).click();
    await log(page).getByText('A person has been asked to join.').waitFor();
  });

  it('draws light Markdown as nodes, and nothing that a stranger wrote as HTML or script', async () => {
    const page = await visit();
    await openChat(page);
    const hostile = '<img src=x onerror="window.hit=1"> <b>no</b> [a](javascript:window.hit=1) ![i](https://evil.example/x.png) [ok](https://aurora.example/?a=1&b=2)';
    const conversationId = await say(page, hostile);
    answer(house, conversationId, [`${hostile}\n\n# Hours\n- **Monday** closed\n- Sunday 9 to 5\n\n1. one\n2. two\n\n\`\`\`\n<script>window.hit=1</script>\n\`\`\`\nSee https://aurora.example/menu.`]);
    await log(page).getByText('Monday').waitFor();
    equal(await page.evaluate('window.hit'), undefined);
    const bot = page.locator('.bot').last();
    equal(await bot.locator('img, b, script').count(), 0);
    equal(await bot.locator('ul li').count(), 2);
    equal(await bot.locator('ol li').count(), 2);
    deepEqual(await bot.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href'))), ['https://evil.example/x.png', 'https://aurora.example/?a=1&b=2', 'https://aurora.example/menu']);
    equal(await page.locator('.me').last().locator('img, b').count(), 0);
  });

  it('works by keyboard alone: opens, writes, closes by Escape, and gives the focus back', async () => {
    const page = await visit();
    await launcher(page).focus();
    await page.keyboard.press('Enter');
    await field(page).waitFor();
    await page.waitForFunction('document.activeElement.shadowRoot?.activeElement?.tagName === "TEXTAREA"');
    await page.evaluate('window.heard = 0; document.addEventListener("keydown", () => window.heard++)');
    await page.keyboard.type('Line one');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('line two');
    equal(await page.evaluate('window.heard'), 0);
    await page.keyboard.press('Enter');
    await page.locator('.me').getByText('line two').waitFor();
    equal(await field(page).inputValue(), '');
    await page.keyboard.press('Escape');
    equal(await field(page).isVisible(), false);
    equal(await page.evaluate('document.activeElement.shadowRoot.activeElement.getAttribute("aria-expanded")'), 'false');
  });

  it('tells of an answer that came while it was closed', async () => {
    const page = await visit();
    await openChat(page);
    const conversationId = await say(page, 'Anybody there?');
    await page.keyboard.press('Escape');
    answer(house, conversationId, ['Yes.']);
    await page.getByRole('button', { name: 'Chat, new message' }).click();
    await log(page).getByText('Yes.').waitFor();
  });

  it('[PF-h] works on a page with a strict Content-Security-Policy and Trusted Types', async () => {
    const window = await newWindow();
    windows.push(window);
    const page = await window.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => /Content Security Policy|TrustedHTML/i.test(message.text()) && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${host.url}/strict`);
    await openChat(page);
    const conversationId = await say(page, 'Hello');
    answer(house, conversationId, ['**Hello** to you.']);
    await log(page).getByText('to you.').waitFor();
    equal(await page.locator('.panel').evaluate((panel) => panel.ownerDocument.defaultView?.getComputedStyle(panel).position), 'fixed');
    deepEqual(complaints, []);
  });

  it('[PF-h] stays one bubble in a single-page app that swaps its body and lays the script anew', async () => {
    const page = await visit('/app');
    const src = `${house.url}/widget.js`;
    await page.evaluate(`document.body = Object.assign(document.createElement('body'), { textContent: 'Next page' })`);
    await launcher(page).waitFor();
    await page.evaluate(`new Promise((resolve) => document.body.append(Object.assign(document.createElement('script'), { src: '${src}', onload: resolve })))`);
    await page.evaluate(`document.querySelector('deskbell-chat').remove()`);
    await page.evaluate(
      `new Promise((resolve) => { const s = Object.assign(document.createElement('script'), { src: '${src}', onload: resolve }); s.dataset.deskbell = '${house.channel.publicId}'; document.body.append(s); })`,
    );
    await launcher(page).waitFor();
    equal(await page.locator('deskbell-chat').count(), 1);
    deepEqual(await page.evaluate('Object.keys(window.Deskbell).sort()'), ['close', 'open']);
    await page.evaluate('Deskbell.open()');
    await field(page).waitFor();
    await page.evaluate('Deskbell.close()');
    equal(await field(page).isVisible(), false);
  });

  it('keeps its looks on a page whose styles shout', async () => {
    const page = await visit('/hostile');
    await openChat(page);
    const title = page.locator('.panel h2');
    equal(await title.evaluate((title) => title.ownerDocument.defaultView?.getComputedStyle(title).fontSize), '16px');
    notEqual(await title.evaluate((title) => title.ownerDocument.defaultView?.getComputedStyle(title).color), 'rgb(0, 255, 0)');
  });

  it('says so on a website that isn’t listed, and asks nothing more', async () => {
    await house.allow();
    const page = await visit();
    await launcher(page).click();
    await page.getByText('This chat isn’t switched on for this website.').waitFor();
    equal(await field(page).isVisible(), false);
    await house.allow(host.url);
  });

  it('fills a phone, with room for fingers, in light and dark, and reads from the right in Arabic', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await visit('/', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, colorScheme });
      await openChat(page);
      const conversationId = await say(page, 'Hi');
      answer(house, conversationId, ['Hello.']);
      await log(page).getByText('Hello.').waitFor();
      const box = await page.locator('.panel').boundingBox();
      deepEqual([box?.x, box?.width, Math.round((box?.y ?? 0) + (box?.height ?? 0))], [0, 360, 740]);
      const small = await page.locator('.panel').evaluate((panel) => [...panel.querySelectorAll('button')].filter((button) => button.offsetWidth > 0 && (button.offsetHeight < 44 || button.offsetWidth < 44)).map((button) => button.textContent));
      deepEqual(small, []);
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Close the chat' }).click();
      await launcher(page).waitFor();
    }
    const page = await visit('/', { locale: 'ar' });
    await page.getByRole('button', { name: 'محادثة' }).click();
    await page.getByRole('textbox', { name: 'رسالتك' }).waitFor();
    equal(await page.locator('.panel').evaluate((panel) => panel.ownerDocument.defaultView?.getComputedStyle(panel).direction), 'rtl');
    ok(((await page.locator('.panel').boundingBox())?.x ?? 999) < 100);
    await expectAccessible(page);
  });
});
