import assert from 'node:assert/strict';
import type { BrowserContext, Page } from 'playwright-core';
import { createBot, draftOf, publishDraft, publishedOf, saveDraft } from '../../src/bots/index.ts';
import { addText } from '../../src/knowledge/index.ts';
import { addKey } from '../../src/providers/index.ts';
import { startWork, type Work } from '../../src/work.ts';
import type { Held } from '../../src/workspaces.ts';
import type { Workspace } from '../../src/workspace.ts';
import type { AiSimulator } from '../simulators/http-ai.ts';
import { openaiSimulator } from '../simulators/openai.ts';
import { expectAccessible, newWindow, signIn } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { startServer, type TestServer } from '../support/http.ts';

describe('the bot’s editor in a browser', function () {
  this.timeout(60_000);
  let server: TestServer;
  let openai: AiSimulator;
  let work: Work;
  let held: Held;
  let ws: Workspace;
  let window: BrowserContext;
  let page: Page;
  let botId: number;

  before(async () => {
    server = await startServer();
    work = await startWork(server.installation);
    openai = await openaiSimulator({ firstTokenMs: 30, tokenMs: 30 });
    held = server.installation.workspaces.hold(server.workspace);
    ws = held.workspace;
    const userId = server.people.owner;
    const key = await addKey(ws, { provider: 'openai', name: 'OpenAI', key: openai.key ?? '', baseUrl: openai.url }, userId);
    assert.ok(key.ok);
    addText(ws, { title: 'Cakes', text: 'The lemon cake is vegan. On Sunday we are open.', by: userId });
    botId = createBot(ws, { settings: { name: 'Aurora', greeting: 'Hello' }, userId }).botId;
    saveDraft(ws, { botId, changes: { providerKeyId: key.keyId, model: 'gpt-5-mini' }, userId });
    publishDraft(ws, { botId, userId });
    window = await newWindow();
    page = await window.newPage();
    page.setDefaultTimeout(8000);
    await signIn(page, server, 'owner');
  });
  beforeEach(() => page.goto(`${server.url}/w/${server.workspace}/bots/${botId}`));
  after(async () => {
    await window.close();
    held.release();
    await work.stop(1000);
    await openai.close();
    await server.end();
  });

  it('keeps a change as soon as its field is left, and says how the draft differs', async () => {
    await page.getByLabel('Greeting').fill('Good evening');
    await page.getByLabel('Instructions').click();
    await page.getByText('Draft differs from live in one place.').waitFor();
    assert.equal(draftOf(ws, botId)?.settings.greeting, 'Good evening');
    assert.equal(publishedOf(ws, botId)?.settings.greeting, 'Hello');
    await page.keyboard.insertText('Be warm.');
    await page.getByText('2 words; about 2 tokens in every question.').waitFor();
    assert.equal(await page.getByLabel('Instructions').inputValue(), 'Be warm.');
  });

  it('says beside the field what is wrong, and takes the rest of the typing', async () => {
    await page.getByLabel('Letter or emoji').fill('abc');
    await page.getByLabel('Greeting').click();
    await page.getByText('One or two letters, or one emoji.').waitFor();
    await page.getByLabel('Letter or emoji').fill('A');
    await page.getByLabel('Greeting').click();
    await page.getByText('One or two letters, or one emoji.').waitFor({ state: 'detached' });
    await eventually(() => assert.equal(draftOf(ws, botId)?.settings.avatar, 'A'));
  });

  it('streams an answer, shows how it was made, and goes on from there', async () => {
    openai.says = 'Yes, the lemon cake is **vegan and without any lactose**,[1] and it is there all day.';
    const goOn = openai.holdHalfway();
    const ask = page.getByRole('textbox', { name: 'Ask your bot' });
    await ask.fill('Is there a vegan cake?');
    await ask.press('Enter');
    const bubble = page.locator('#trial-thread .msg.is-bot').last();
    await bubble.getByText('Yes, the lemon cake is vegan and without', { exact: true }).waitFor();
    assert.equal(await bubble.locator('strong').textContent(), 'vegan and without', 'marks that are open are closed');
    assert.equal(await page.getByRole('heading', { name: 'How this answer was made' }).count(), 0, 'it came in one piece');
    assert.equal(await ask.inputValue(), '');
    goOn();
    await page.getByRole('heading', { name: 'How this answer was made' }).waitFor();
    assert.equal(await bubble.locator('strong').textContent(), 'vegan and without any lactose');
    await bubble.getByRole('link', { name: 'Source 1' }).waitFor();
    await expectAccessible(page, 'the playground');

    openai.calls.length = 0;
    openai.says = 'From nine.[1]';
    await ask.fill('From when?');
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.locator('#trial-thread').getByText('From nine.').waitFor();
    assert.match(JSON.stringify(openai.calls[0]?.body['messages']), /Is there a vegan cake\?.*lemon cake.*From when\?/);
  });

  it('offers the bot’s own questions, and asks one by one press', async () => {
    openai.says = 'On Sunday we are open.[1]';
    saveDraft(ws, { botId, changes: { starters: ['Open on Sunday?', 'Where are you?'] }, userId: server.people.owner });
    await page.reload();
    await page.getByText('Nothing of this reaches them.').waitFor();
    await page.getByRole('button', { name: 'Open on Sunday?' }).click();
    await page.locator('#trial-thread').getByText('On Sunday we are open.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Where are you?' }).isVisible(), false);
  });

  it('asks both, side by side', async () => {
    openai.says = 'Yes.[1]';
    await page.getByText('Both', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Ask your bot' }).fill('Are you open on Sunday?');
    await page.keyboard.press('Enter');
    await page.locator('.how').nth(1).waitFor();
    assert.deepEqual(await page.locator('#trial-thread .msg.is-bot > .fine').allTextContents(), ['Draft', 'Version 1']);
  });

  it('publishes what is on the screen', async () => {
    await page.getByLabel('Name').fill('Luna');
    await page.getByRole('button', { name: 'Publish version 2' }).click();
    await page.getByText('Version 2 is live.').waitFor();
    assert.equal(publishedOf(ws, botId)?.settings.name, 'Luna');
  });

  it('asks before it archives', async () => {
    await page.getByRole('button', { name: 'Archive…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Archive Luna?' });
    await dialog.waitFor();
    await expectAccessible(page, 'the dialog');
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Archive…' }).click();
    await dialog.getByRole('button', { name: 'Archive it' }).click();
    await page.getByText('Luna is archived.').waitFor();
  });

  it('works without JavaScript', async () => {
    const userId = server.people.owner;
    const { botId: other } = createBot(ws, { settings: { name: 'Plain' }, userId });
    const still = await newWindow({ javaScriptEnabled: false });
    const plain = await still.newPage();
    await signIn(plain, server, 'owner');
    await plain.goto(`${server.url}/w/${server.workspace}/bots/${other}`);
    await plain.getByLabel('Greeting').fill('No script needed');
    await plain.getByRole('button', { name: 'Save the draft' }).click();
    await plain.getByText('The draft is saved.').waitFor();
    await plain.getByRole('textbox', { name: 'Ask your bot' }).fill('Is the lemon cake vegan?');
    await plain.getByRole('button', { name: 'Ask', exact: true }).click();
    await plain.getByRole('heading', { name: 'How this answer was made' }).waitFor();
    assert.equal(draftOf(ws, other)?.settings.greeting, 'No script needed');
    await still.close();
  });

  it('every page of bots, keys and prices is accessible, light and dark, at 1280 and 360', async () => {
    for (const [colorScheme, width] of [
      ['light', 360],
      ['dark', 1280],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      const { botId: id } = createBot(ws, { settings: { name: 'Nova' }, userId: server.people.owner });
      publishDraft(ws, { botId: id, userId: server.people.owner });
      saveDraft(ws, { botId: id, changes: { tone: 'warm', instructions: 'One\nTwo' }, userId: server.people.owner });
      for (const path of [
        'bots',
        'bots/new',
        `bots/${id}/model`,
        `bots/${id}/differences`,
        'keys',
        'keys/new',
        'prices',
        'prices?change=openai/gpt-5-mini',
      ]) {
        await page.goto(`${server.url}/w/${server.workspace}/${path}`);
        await expectAccessible(page, `${path}, ${colorScheme} at ${width}`);
        assert.equal(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), false, `${path} is wider than ${width}`);
      }
    }
  });
});
