import assert from 'node:assert/strict';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { createBot, publishDraft } from '../../src/bots/index.ts';
import { addChannel } from '../../src/channels/index.ts';
import { addText } from '../../src/knowledge/index.ts';
import { startWork, type Work } from '../../src/work.ts';
import type { Workspace } from '../../src/workspace.ts';
import { expectAccessible, newWindow, signIn } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { startServer, type TestServer } from '../support/http.ts';

/** A page as it must be on a screen and on a phone, in light and dark. */
async function look(page: Page, where: string): Promise<void> {
  for (const [colorScheme, width] of [
    ['light', 1280],
    ['dark', 360],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await expectAccessible(page, `${where}, ${colorScheme} at ${width}`);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), false, `${where} is wider than ${width}`);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

describe('the gap loop in a browser', function () {
  this.timeout(40_000);
  let server: TestServer;
  let work: Work;
  let ws: Workspace;
  let release: () => void;
  let chatPage: string;
  const windows: BrowserContext[] = [];

  before(async () => {
    server = await startServer();
    work = await startWork(server.installation);
    ({ workspace: ws, release } = server.installation.workspaces.hold(server.workspace));
    const { botId } = createBot(ws, { userId: null, settings: { name: 'Aurora' } });
    publishDraft(ws, { botId, userId: null });
    addText(ws, { title: 'Opening hours', text: 'We are open on Sunday from nine to seven.', by: null });
    const { publicId } = await addChannel(ws, { kind: 'widget', settings: { colour: '#8a3b1d' }, botId, userId: server.people.owner });
    chatPage = `${server.url}/c/${publicId}`;
    await eventually(() => assert.equal(ws.sql.prepare('SELECT count(*) FROM jobs').pluck().get(), 0));
  });
  after(async () => {
    await Promise.all(windows.map((window) => window.close()));
    await work.stop(1000);
    release();
    await server.end();
  });

  async function open(url: string): Promise<Page> {
    const window = await newWindow();
    window.setDefaultTimeout(8000);
    windows.push(window);
    const page = await window.newPage();
    await page.goto(url);
    return page;
  }

  async function ask(page: Page, text: string): Promise<void> {
    server.clock.move(60_000);
    await page.getByRole('textbox', { name: 'Your message' }).fill(text);
    await page.keyboard.press('Enter');
  }

  const log = (page: Page): Locator => page.getByRole('log', { name: 'Conversation' });

  it('a question nobody taught the bot is answered by a person, once, and then by the bot, whoever asks in whichever words', async () => {
    const jonas = await open(chatPage);
    await ask(jonas, 'Do you have oat milk?');
    await log(jonas).getByText('I can’t answer that well').waitFor();
    assert.equal(await log(jonas).getByRole('button', { name: 'This helped' }).count(), 0, 'a fallback sentence can’t be rated');

    const mira = await open(server.url);
    await signIn(mira, server, 'owner');
    await mira.goto(`${server.url}/w/${ws.id}/inbox`);
    await mira.locator('.row', { hasText: 'Do you have oat milk?' }).click();
    await mira.getByRole('button', { name: 'Take over' }).click();
    server.clock.move(60_000);
    await mira.getByRole('textbox', { name: 'Your message' }).fill('Hello, yes: oat and soy milk, at no extra cost.');
    await mira.getByRole('button', { name: 'Send' }).click();
    await log(jonas).getByText('oat and soy milk').waitFor();

    await mira.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Insights 1 unanswered' }).click();
    await look(mira, 'the figures');
    await mira.getByRole('link', { name: 'Unanswered 1' }).click();
    await look(mira, 'the list');
    await mira.getByRole('link', { name: 'Do you have oat milk?' }).click();
    await look(mira, 'the draft');
    assert.equal(await mira.getByLabel('Question', { exact: true }).inputValue(), 'Do you have oat milk?');
    assert.equal(await mira.getByLabel('Answer', { exact: true }).inputValue(), 'Yes: oat and soy milk, at no extra cost.');
    await mira.getByRole('button', { name: 'Put it live' }).click();
    await mira.getByText('A bot finds it by these words.').waitFor();
    await mira.getByText('It is in the knowledge').waitFor();
    await look(mira, 'what was learned');
    await mira.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Insights', exact: true }).waitFor();

    const ida = await open(chatPage);
    await ask(ida, 'Could I get some oat milk with it, please?');
    await log(ida).getByText('oat and soy milk, at no extra cost').waitFor();
  });

  it('a visitor says that an answer didn’t help, by keys alone, and thinks better of it', async () => {
    const tom = await open(chatPage);
    await ask(tom, 'Are you open on Sunday?');
    const [helped, didNot] = [
      log(tom).getByRole('button', { name: 'This helped' }),
      log(tom).getByRole('button', { name: 'This didn’t help' }),
    ];
    await helped.focus();
    await tom.keyboard.press('Tab');
    await tom.keyboard.press('Enter');
    await log(tom).getByRole('button', { name: 'This didn’t help', pressed: true }).waitFor();
    await expectAccessible(tom, 'a rated answer');
    const gaps = () => ws.sql.prepare("SELECT text, reason FROM gaps WHERE reason <> 'not-found'").all();
    await eventually(() => assert.deepEqual(gaps(), [{ text: 'Are you open on Sunday?', reason: 'not-helpful' }]));

    await tom.reload();
    await log(tom).getByRole('button', { name: 'This didn’t help', pressed: true }).waitFor();
    await helped.click();
    await log(tom).getByRole('button', { name: 'This helped', pressed: true }).waitFor();
    assert.equal(await didNot.getAttribute('aria-pressed'), 'false');
    await eventually(() => assert.deepEqual(gaps(), []));

    await tom.route('**/rating', (route) => route.abort());
    await didNot.click();
    await tom.getByText('The chat can’t be reached just now').waitFor();
    await log(tom).getByRole('button', { name: 'This helped', pressed: true }).waitFor();
  });

  it('a member says in the inbox that an answer was wrong, and takes it back', async () => {
    const ana = await open(server.url);
    await signIn(ana, server, 'agent');
    await ana.goto(`${server.url}/w/${ws.id}/inbox?tab=bot`);
    await ana.locator('.row', { hasText: 'open on Sunday' }).click();
    await ana.getByRole('button', { name: 'This answer was wrong' }).click();
    await ana.getByText('Wrong, says Ana').waitFor();
    await look(ana, 'a wrong answer');
    await ana.goto(`${server.url}/w/${ws.id}/unanswered`);
    await ana.getByRole('link', { name: 'Are you open on Sunday?' }).click();
    await ana.getByText('Marked as wrong').waitFor();
    await ana.getByText('An owner or admin of this workspace can turn this into an answer').waitFor();
    assert.equal(await ana.getByRole('button', { name: 'Put it live' }).count(), 0);
    await ana.goBack();
    await ana.goBack();
    await ana.getByRole('button', { name: 'Take that back' }).click();
    await ana.getByRole('button', { name: 'This answer was wrong' }).waitFor();
    await eventually(() => assert.deepEqual(ws.sql.prepare("SELECT id FROM gaps WHERE reason = 'wrong'").all(), []));
  });
});
