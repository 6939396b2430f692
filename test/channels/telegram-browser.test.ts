import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { startListening, type Listening } from '../../src/channels/index.ts';
import { receiveEvents } from '../../src/conversations/index.ts';
import { TelegramSimulator } from '../simulators/telegram.ts';
import { expectAccessible, newWindow, signIn } from '../support/browser.ts';
import { startServer, type TestServer } from '../support/http.ts';

type Look = readonly [scheme: 'light' | 'dark', width: number];
const TWO: Look[] = [
  ['light', 1280],
  ['dark', 360],
];
const ALL: Look[] = [...TWO, ['dark', 1280], ['light', 360]];

describe('Telegram’s pages in a browser', function () {
  this.timeout(60_000);
  let far: TelegramSimulator;
  let server: TestServer;
  let listening: Listening;
  before(async () => {
    far = await new TelegramSimulator().start();
    server = await startServer({ env: { TELEGRAM_API_ROOT: far.url } });
    listening = startListening(server.installation, (ws, id, events, state) => receiveEvents(ws, id, events, { state }));
  });
  after(async () => {
    await listening.stop();
    await server.end();
    await far.stop();
  });

  /** In both colours, on a desk and on a phone. `SHOTS` names a folder for what somebody wants to see. */
  async function look(page: Page, where: string): Promise<void> {
    const folder = process.env['SHOTS'];
    for (const [colorScheme, width] of folder ? ALL : TWO) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await expectAccessible(page, `${where}, ${colorScheme} at ${width}`);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), false, `${where} is wider than ${width}`);
      if (folder) await page.screenshot({ path: `${folder}/${where.replaceAll(' ', '-')}-${colorScheme}-${width}.png`, fullPage: true });
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  }

  it('an owner connects a bot, sees the check turn green, and is told why Telegram can’t call this server', async () => {
    const window = await newWindow();
    const page = await window.newPage();
    await signIn(page, server, 'owner');
    await page.goto(`${server.url}/w/${server.workspace}/channels`);
    await page.getByRole('link', { name: 'Connect Telegram' }).click();
    await look(page, 'connecting');
    await page.getByLabel('Bot token').fill(far.token);
    await page.getByRole('button', { name: 'Check and connect' }).click();
    await page.locator('#channel-health .state.is-well').waitFor();
    assert.equal(await page.locator('#telegram-link').textContent(), 'https://t.me/aurora_cafe_bot');
    await look(page, 'open');
    await page.getByLabel('How messages come in').selectOption('webhook');
    await page.getByRole('button', { name: 'Check and save' }).click();
    await page.getByText('Telegram calls public addresses with https alone').waitFor();
    await look(page, 'no public address');
    await page.getByLabel('How messages come in').selectOption('polling');
    await page.getByRole('button', { name: 'Check and save' }).click();
    await page.getByText('The settings are saved.').waitFor();
    await window.close();
  });
});
