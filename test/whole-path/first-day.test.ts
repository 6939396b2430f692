import assert from 'node:assert/strict';
import type { BrowserContext, Page } from 'playwright-core';
import type { AiSimulator } from '../simulators/http-ai.ts';
import { openaiSimulator } from '../simulators/openai.ts';
import { newWindow } from '../support/browser.ts';
import { untilSeen } from '../support/until-seen.ts';
import { hostSite, type HostSite } from '../visitors/support/host.ts';
import { emptyFolders, freePort, ServerProcess } from './support/server-process.ts';

const EMAIL = 'mira@aurora.example';
const PASSWORD = 'four quiet brass bells';
const STOPS_WITHIN_MS = 10_000;
const MOST_CLICKS = 15;

describe('the first day, from an empty folder to a person who steps in', function () {
  this.timeout(40_000);
  this.bail(true);
  const folders = emptyFolders();
  const windows: BrowserContext[] = [];
  /** Every press of the mouse on the way, counted by the browser. */
  const clicks: string[] = [];
  let port: number;
  let server: ServerProcess;
  let ai: AiSimulator;
  let site: HostSite;
  let mira: Page;
  let visitor: Page;
  let inbox: Page;

  before(async () => {
    port = await freePort();
    ai = await openaiSimulator({ dialect: 'compatible', tokenMs: 60 });
    server = new ServerProcess(folders, port);
    site = await hostSite();
    mira = await open();
    visitor = await open();
    inbox = await open();
    await count(mira);
    await count(visitor);
  });
  after(async () => {
    await Promise.all(windows.map((window) => window.close()));
    await Promise.all([site.end(), ai.close()]);
    await server.kill();
    folders.remove();
  });

  /** A window of its own, so a person of their own. */
  async function open(): Promise<Page> {
    const window = await newWindow();
    windows.push(window);
    window.setDefaultTimeout(8000);
    return window.newPage();
  }

  async function count(page: Page): Promise<void> {
    await page.exposeFunction('clicked', (what: string) => void clicks.push(what));
    await page.addInitScript("addEventListener('pointerdown', ({ target }) => clicked(target.innerText ?? target.id), true)");
  }

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const log = () => visitor.getByRole('log', { name: 'Conversation' });
  const words = () => visitor.getByRole('textbox', { name: 'Your message' });
  const botsAnswers = () => visitor.locator('.bot:not(.draft)', { hasText: 'ten to four' });

  async function ask(text: string): Promise<void> {
    await words().fill(text);
    await words().press('Enter');
    await log().getByText(text).last().waitFor();
  }

  it('the console says where to set it up, and the link makes the owner and the business', async () => {
    const [, link = ''] = await server.says(/Set it up here, once: (\S+)/);
    await mira.goto(link);
    await mira.getByLabel('First name').fill('Mira');
    await mira.getByLabel('Last name').fill('Aydın');
    await mira.getByLabel('E-mail').fill(EMAIL);
    await mira.getByLabel('Password').fill(PASSWORD);
    await mira.getByLabel('Name of the business').fill('Café Aurora');
    await mira.getByLabel('I am 16 or older').click();
    await button(mira, 'Go on').click();
    await mira.getByRole('heading', { name: 'Let’s have Café Aurora answering by tonight.' }).waitFor();
  });

  it('no key is needed: the bot quotes what was written for it, and is tried beside', async () => {
    await mira.getByText('No AI for now').click();
    await button(mira, 'Go on').click();
    await mira.getByLabel('What customers ask about').fill('# Sunday\n\nOn Sunday we are open from ten to four.');
    await button(mira, 'Keep it and go on').click();
    await mira.locator('.setup-try').getByText('Answers', { exact: true }).waitFor();
    await mira.getByLabel('Ask your bot').fill('Are you open on Sunday?');
    await button(mira, 'Ask').click();
    await mira.locator('#trial-thread').getByText('ten to four').waitFor();
    await mira.getByRole('link', { name: 'Go on', exact: true }).click();
  });

  it('the line of the website chat is put into a plain page elsewhere, where the answer says what it is from', async () => {
    await mira.getByLabel('Your website').fill(site.url);
    await button(mira, 'Publish it and get the line').click();
    const line = await mira.locator('#embed').innerText();
    site.page('/', `<main><h1>Café Aurora</h1></main>${line}`);
    await visitor.goto(site.url);
    await button(visitor, 'Chat').click();
    await words().fill('Are you open on Sunday?');
    await button(visitor, 'Send').click();
    await botsAnswers().waitFor();
    await log().getByText('From About Café Aurora').waitFor();
  });

  it('so far it took fifteen clicks at most', () => {
    assert.ok(clicks.length >= 8, `only ${clicks.length} were counted`);
    assert.ok(clicks.length <= MOST_CLICKS, `${clicks.length} clicks:\n${clicks.join('\n')}`);
  });

  it('the owner, at another computer, sees the conversation come into the inbox and reads it live', async () => {
    await inbox.goto(`${server.url}/sign-in`);
    await inbox.getByLabel('E-mail').fill(EMAIL);
    await inbox.getByLabel('Password').fill(PASSWORD);
    await button(inbox, 'Sign in').click();
    await inbox.getByRole('link', { name: /Are you open on Sunday|ten to four/ }).click();
    await inbox.locator('#thread > .is-bot', { hasText: 'ten to four' }).waitFor();
    await inbox.locator('#thread .sources', { hasText: 'About Café Aurora' }).waitFor();
    await ask('Is there parking?');
    await inbox.locator('#thread > .is-customer', { hasText: 'Is there parking?' }).waitFor();
    await inbox.getByRole('link', { name: '1 waiting' }).waitFor();
  });

  it('a person takes over and answers, seen live in the bubble; the bot is silent', async () => {
    await inbox.locator('#talk-foot').getByRole('button', { name: 'Take over' }).click();
    await inbox.getByLabel('Your message').fill('There is, behind the house. Mira here.');
    await button(inbox, 'Send').click();
    await log().getByText('There is, behind the house. Mira here.').waitFor();
    await ask('And on Sunday, when are you open?');
    await inbox.locator('#thread > .is-customer', { hasText: 'And on Sunday' }).waitFor();
    await untilSeen(inbox);
    await inbox.getByLabel('Your message').fill('As every Sunday.');
    await button(inbox, 'Send').click();
    await log().getByText('As every Sunday.').waitFor();
    assert.equal(await botsAnswers().count(), 1);
  });

  it('handed back, the bot answers again', async () => {
    await button(inbox, 'Hand back to the bot').click();
    await inbox.locator('.holder', { hasText: 'has this' }).waitFor();
    await ask('Are you open on Sunday?');
    await botsAnswers().nth(1).waitFor();
    await inbox.locator('#thread > .is-bot', { hasText: 'ten to four' }).nth(1).waitFor();
  });

  it('with a key to an AI, words come one by one, in the bubble and in the inbox', async () => {
    ai.says = 'Yes, on Sunday from ten to four.[1] Come early for the almond croissants!';
    await mira.goto(`${server.url}/`);
    await mira.getByRole('link', { name: 'Settings' }).click();
    await mira.getByRole('link', { name: 'Keys and models' }).click();
    await mira.getByRole('link', { name: 'Add a key' }).first().click();
    await mira.getByText('Another', { exact: true }).click();
    await mira.getByLabel('Address').fill(ai.url);
    await mira.getByLabel('Key', { exact: true }).fill(ai.key ?? '');
    await button(mira, 'Check and keep it').click();
    await mira.getByRole('link', { name: 'Bots', exact: true }).click();
    await mira.getByRole('link', { name: 'Assistant' }).click();
    await mira.getByRole('link', { name: 'Model and money' }).click();
    await mira.getByLabel('Model', { exact: true }).selectOption({ label: 'mistral-small' });
    await button(mira, 'Publish version 2').click();
    await mira.getByText('The draft is what customers get.').waitFor();
    await ask('Are you open on Sunday?');
    const half = /^Yes, on Sunday/;
    await Promise.all([visitor.locator('.draft', { hasText: half }).waitFor(), inbox.locator('#drafts', { hasText: half }).waitFor()]);
    await visitor.locator('.bot:not(.draft)', { hasText: 'almond croissants!' }).waitFor();
    await inbox.locator('#thread > .is-bot', { hasText: 'almond croissants!' }).waitFor();
  });

  it('asked to stop, the server ends by itself, with streams open', async () => {
    const began = performance.now();
    assert.equal(await server.stop(), 0, server.said);
    assert.ok(performance.now() - began < STOPS_WITHIN_MS);
  });

  it('started again, it knows everything, and the bubble goes on after a reload', async () => {
    server = new ServerProcess(folders, port);
    await server.says(/Deskbell answers at/);
    assert.doesNotMatch(server.said, /Set it up here/);
    await visitor.reload();
    await log().getByText('There is, behind the house. Mira here.').waitFor();
    assert.equal(await botsAnswers().count(), 3);
    await ask('Is Sunday a day when you are open?');
    await botsAnswers().nth(3).waitFor();
    await inbox.reload();
    await inbox.locator('#thread > .is-bot', { hasText: 'ten to four' }).nth(3).waitFor();
  });
});
