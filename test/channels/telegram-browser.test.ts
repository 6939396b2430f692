import assert from 'node:assert/strict';
import { startListening, type Listening } from '../../src/channels/index.ts';
import { receiveEvents } from '../../src/conversations/index.ts';
import { TelegramSimulator } from '../simulators/telegram.ts';
import { newWindow, signIn } from '../support/browser.ts';
import { startServer, type TestServer } from '../support/http.ts';
import { lookAt } from '../support/look-at.ts';

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

  it('an owner connects a bot, sees the check turn green, and is told why Telegram can’t call this server', async () => {
    const window = await newWindow();
    const page = await window.newPage();
    await signIn(page, server, 'owner');
    await page.goto(`${server.url}/w/${server.workspace}/channels`);
    await page.getByRole('link', { name: 'Connect Telegram' }).click();
    await lookAt(page, 'telegram connecting');
    await page.getByLabel('Bot token').fill(far.token);
    await page.getByRole('button', { name: 'Check and connect' }).click();
    await page.locator('#channel-health .state.is-well').waitFor();
    assert.equal(await page.locator('#telegram-link').textContent(), 'https://t.me/aurora_cafe_bot');
    await lookAt(page, 'telegram open');
    await page.getByLabel('How messages come in').selectOption('webhook');
    await page.getByRole('button', { name: 'Check and save' }).click();
    await page.getByText('Telegram calls public addresses with https alone').waitFor();
    await lookAt(page, 'telegram no public address');
    await page.getByLabel('How messages come in').selectOption('polling');
    await page.getByRole('button', { name: 'Check and save' }).click();
    await page.getByText('The settings are saved.').waitFor();
    await window.close();
  });
});
