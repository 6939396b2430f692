import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { pauseChannel, resumeChannel } from '../../src/channels/index.ts';
import { channels } from '../../src/db/schema/workspace.ts';
import { handBack, sayAsPerson, takeOver } from '../../src/conversations/index.ts';
import { expectAccessible } from '../support/browser.ts';
import { answer, count, reply, houseFor } from './support/house.ts';
import { field, launcher, listening, log, openChat, say, websiteFor, type Website } from './support/website.ts';

describe('the chat bubble in a browser', function () {
  this.timeout(20_000);
  let website: Website;
  after(() => website.end());
  const house = houseFor(before, after, { starters: ['Are you open on Sunday?', 'Which cakes are vegan?'] });
  before(async () => void (website = await websiteFor(house)));
  afterEach(() => website.leave());

  it('says first that an AI answers, greets, offers questions, and keeps a person in reach', async () => {
    const page = await website.visit();
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
    const page = await website.visit();
    await openChat(page);
    const streaming = listening(page);
    const conversationId = await say(house, page, 'Is there a vegan cake on Sunday?');
    await streaming;
    await page.getByRole('button', { name: 'Stop the answer' }).waitFor();
    house.ws.bus.publish({ type: 'draft', conversationId, runId: 3, text: 'Yes, the **lemon** ' });
    house.ws.bus.publish({ type: 'draft', conversationId, runId: 3, text: 'and olive oil cake [1' });
    const draft = page.locator('.draft');
    await draft.getByText('and olive oil cake').waitFor();
    equal(await draft.getAttribute('aria-hidden'), 'true');
    equal(await draft.locator('strong').innerText(), 'lemon');
    house.ws.bus.publish({ type: 'draft', conversationId, runId: 3, text: '], for **very' });
    await draft.getByText('for very').waitFor();
    deepEqual(await draft.locator('strong').allInnerTexts(), ['lemon', 'very'], 'an open mark is closed');
    const stopped = new Promise((resolve) => house.ws.bus.subscribe({ conversationId }, (event) => event.type === 'stop' && resolve(true)));
    await page.getByRole('button', { name: 'Stop the answer' }).click();
    equal(await stopped, true);
    reply(house, conversationId, 'Yes, the **lemon** and olive oil cake [1][2].', [
      { title: 'Cakes and orders', url: 'https://aurora.example/cakes' },
      { title: 'Weekend cakes' },
    ]);
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
    const page = await website.visit();
    await openChat(page);
    const conversationId = await say(house, page, 'Do you have gluten-free bread?');
    answer(house, conversationId, ['On Fridays.']);
    await log(page).getByText('On Fridays.').waitFor();
    await page.reload();
    await log(page).getByText('On Fridays.').waitFor();
    equal(await page.locator('.me').count(), 1);
    equal(await say(house, page, 'Thank you'), conversationId);
    await page.keyboard.press('Escape');
    await page.reload();
    await launcher(page).waitFor();
    equal(await field(page).isVisible(), false);
  });

  it('keeps what was written while the server is away, marks it, and sends it once', async () => {
    const page = await website.visit();
    await openChat(page);
    const conversationId = await say(house, page, 'First');
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
    const page = await website.visit();
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
    const page = await website.visit();
    await openChat(page);
    const streaming = listening(page);
    const conversationId = await say(house, page, 'Can ten of us come at noon?');
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
    const page = await website.visit();
    await openChat(page);
    await page.getByRole('button', { name: 'Talk to a person' }).click();
    await log(page).getByText('I’ve asked a person to join. They will answer here.').waitFor();
    await page.getByText('A person has been asked to come').waitFor();
    await page.getByRole('button', { name: 'Talk to a person' }).click();
    await log(page).getByText('A person has been asked to join.').waitFor();
  });

  it('draws light Markdown as nodes, and nothing that a stranger wrote as HTML or script', async () => {
    const page = await website.visit();
    await openChat(page);
    const hostile =
      '<img src=x onerror="window.hit=1"> <b>no</b> [a](javascript:window.hit=1) ![i](https://evil.example/x.png) [ok](https://aurora.example/?a=1&b=2)';
    const conversationId = await say(house, page, hostile);
    answer(house, conversationId, [
      `${hostile}\n\n# Hours\n- **Monday** closed\n- Sunday 9 to 5\n\n1. one\n2. two\n\n\`\`\`\n<script>window.hit=1</script>\n\`\`\`\nSee https://aurora.example/menu.`,
    ]);
    await log(page).getByText('Monday').waitFor();
    equal(await page.evaluate('window.hit'), undefined);
    const bot = page.locator('.bot').last();
    equal(await bot.locator('img, b, script').count(), 0);
    equal(await bot.locator('ul li').count(), 2);
    equal(await bot.locator('ol li').count(), 2);
    deepEqual(await bot.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href'))), [
      'https://evil.example/x.png',
      'https://aurora.example/?a=1&b=2',
      'https://aurora.example/menu',
    ]);
    equal(await page.locator('.me').last().locator('img, b').count(), 0);
  });

  it('works by keyboard alone: opens, writes, closes by Escape, and gives the focus back', async () => {
    const page = await website.visit();
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

  it('that is paused says so, what to expect, and how else the business is reached', async () => {
    house.ws.durable(() => house.ws.sql.prepare("UPDATE business SET website = 'https://aurora.example'").run());
    const telegram = {
      kind: 'telegram',
      name: '@aurora_cafe_bot',
      publicId: 'ch_telegram',
      status: 'connected',
      settings: {},
      createdAt: 1,
    };
    house.ws.db
      .insert(channels)
      .values(telegram as typeof channels.$inferInsert)
      .run();
    pauseChannel(house.ws, { channelId: house.channel.id, userId: house.ownerId });
    const page = await website.visit();
    await launcher(page).click();
    const closed = page.getByRole('log', { name: 'Café Aurora' });
    await closed.getByText('This chat is closed for now. Come back later: what you have written here is kept.').waitFor();
    await page.getByRole('heading', { name: 'Café Aurora' }).waitFor();
    await closed.getByText('Other ways to reach Café Aurora: Telegram and aurora.example').waitFor();
    equal(await closed.getByRole('link', { name: 'Telegram' }).getAttribute('href'), 'https://t.me/aurora_cafe_bot');
    equal(await field(page).isVisible(), false);
    await expectAccessible(page);
    await resumeChannel(house.ws, { channelId: house.channel.id, userId: house.ownerId });
  });

  it('turns for Arabic within itself, and stays on its side of the page', async () => {
    const page = await website.visit('/', { locale: 'ar' });
    const bubble = page.locator('.launcher');
    const before = await bubble.boundingBox();
    await bubble.click();
    await page.locator('textarea').fill('هل تفتحون يوم الأحد؟ 12:30');
    await page.keyboard.press('Enter');
    const mine = page.locator('.me');
    await mine.getByText('هل تفتحون').waitFor();
    deepEqual(await bubble.boundingBox(), before);
    const [own, greeting, panel] = await Promise.all([
      mine.boundingBox(),
      page.locator('.bot').first().boundingBox(),
      page.locator('.panel').boundingBox(),
    ]);
    ok(own && greeting && panel);
    ok(own.x - panel.x < 30, 'one’s own words stand at the end of the line, which is on the left');
    ok(panel.x + panel.width - (greeting.x + greeting.width) < 30);
    equal(
      await page.evaluate("getComputedStyle(document.querySelector('deskbell-chat').shadowRoot.querySelector('.me p')).direction"),
      'rtl',
    );
    await expectAccessible(page);
  });

  it('tells of an answer that came while it was closed', async () => {
    const page = await website.visit();
    await openChat(page);
    const conversationId = await say(house, page, 'Anybody there?');
    await page.keyboard.press('Escape');
    answer(house, conversationId, ['Yes.']);
    await page.getByRole('button', { name: 'Chat, new message' }).click();
    await log(page).getByText('Yes.').waitFor();
  });
});
