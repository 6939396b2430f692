import assert from 'node:assert/strict';
import type { BrowserContext, Page } from 'playwright-core';
import { issueSetupLink } from '../../src/accounts/index.ts';
import { startWork, type Work } from '../../src/work.ts';
import type { AiSimulator } from '../simulators/http-ai.ts';
import { openaiSimulator } from '../simulators/openai.ts';
import { expectAccessible, newWindow } from '../support/browser.ts';
import { startServer, type TestServer } from '../support/http.ts';

/** Every press of the mouse in this window, over all its pages: counted by the browser, not by the test. */
async function countClicks(window: BrowserContext): Promise<{ readonly n: number }> {
  const clicks = { n: 0 };
  await window.exposeFunction('countedClick', () => void clicks.n++);
  await window.addInitScript("addEventListener('pointerdown', () => window.countedClick(), true)");
  return clicks;
}

/** Into a field as a person gets there: one press, then the keyboard. */
async function type(page: Page, label: string, text: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).click();
  await page.keyboard.insertText(text);
}

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

describe('a newcomer in a browser', function () {
  this.timeout(60_000);
  let server: TestServer;
  let host: AiSimulator;
  let work: Work;
  let window: BrowserContext;

  before(async () => {
    server = await startServer({ empty: true });
    work = await startWork(server.installation);
    host = await openaiSimulator({ dialect: 'compatible', key: 'sk-a-key-to-a-host-9QxT', firstTokenMs: 20, tokenMs: 2 });
    host.says = 'Yes, on Sunday from nine to five.[1]';
    window = await newWindow();
  });
  after(async () => {
    await window.close();
    await work.stop(1000);
    await host.close();
    await server.end();
  });

  it('has an answering bot on a web page within 15 clicks of the first start', async () => {
    const clicks = await countClicks(window);
    const page = await window.newPage();
    await page.goto(issueSetupLink(server.installation) ?? '');

    await type(page, 'First name', 'Mira');
    for (const [label, text] of [
      ['Last name', 'Aydın'],
      ['E-mail', 'mira@aurora.example'],
      ['Password', 'four quiet brass bells'],
      ['Name of the business', 'Café Aurora'],
    ] as const) {
      await page.getByLabel(label, { exact: true }).focus();
      await page.keyboard.insertText(text);
    }
    await page.getByLabel('I am 16 or older').click();
    await page.getByRole('button', { name: 'Go on' }).click();

    await page.getByRole('heading', { name: 'Your key to the AI' }).waitFor();
    await look(page, 'the key');
    await page.getByText('Another', { exact: true }).click();
    await look(page, 'the key of another host');
    await type(page, 'Address', host.url);
    await page.getByLabel('Key', { exact: true }).focus();
    await page.keyboard.insertText('sk-a-key-to-a-host-9QxT');
    await page.keyboard.press('Enter');
    await page.getByText('The key works. Sealed on this server').waitFor();
    await look(page, 'a key that works');
    await page.getByRole('button', { name: 'Go on' }).click();

    await look(page, 'the first text');
    await type(page, 'What customers ask about', 'We are open on Sunday from nine to five.');
    await page.getByRole('button', { name: 'Keep it and go on' }).click();

    await page.getByRole('heading', { name: 'Try it' }).waitFor();
    await page.getByText('Answers', { exact: true }).waitFor();
    await type(page, 'Ask your bot', 'Are you open on Sunday?');
    await page.keyboard.press('Enter');
    await page.locator('#trial-thread .sources').getByText('About Café Aurora').waitFor();
    await look(page, 'the first answer');
    await page.getByRole('link', { name: 'Go on' }).click();

    await look(page, 'the website');
    await page.getByRole('button', { name: 'Publish it and get the line' }).click();
    await page.getByRole('heading', { name: 'Café Aurora has a front desk.' }).waitFor();
    await look(page, 'the line for the website');

    const opened = window.waitForEvent('page');
    await page.getByRole('link', { name: 'Open its page' }).click();
    const chat = await opened;
    await chat.getByRole('textbox', { name: 'Your message' }).click();
    await chat.keyboard.insertText('Are you open on Sunday?');
    await chat.keyboard.press('Enter');
    await chat.getByRole('log').getByText('Yes, on Sunday from nine to five.').waitFor();
    assert.ok(clicks.n > 8, `only ${clicks.n} clicks were counted`);
    assert.ok(clicks.n <= 15, `it took ${clicks.n} clicks`);
  });
});
