import { expectAccessible, newWindow, signIn } from '../support/browser.ts';
import { setHealth } from '../../src/channels/index.ts';
import { createBot, publishDraft } from '../../src/bots/index.ts';
import { TelegramSimulator } from '../simulators/telegram.ts';
import { openCafe, type Cafe } from './cafe.ts';

describe('the channels’ pages in a browser', function () {
  this.timeout(60_000);
  let far: TelegramSimulator;
  let cafe: Cafe;
  before(async () => {
    far = await new TelegramSimulator().start();
    cafe = await openCafe(far);
  });
  after(async () => {
    await cafe.server.end();
    await far.stop();
  });

  it('an owner connects Telegram alone, puts the bubble on a website and sees the check turn green; axe is silent on the way', async () => {
    const { server, ws } = cafe;
    publishDraft(ws, { botId: createBot(ws, { settings: { name: 'Bella' }, userId: null }).botId, userId: null });
    const window = await newWindow();
    const page = await window.newPage();
    const look = async (where: string) => {
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 1280, height: 800 });
      await expectAccessible(page, where);
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.setViewportSize({ width: 360, height: 740 });
      await expectAccessible(page, `${where}, dark on a phone`);
      if (await page.evaluate('document.documentElement.scrollWidth > innerWidth')) throw new Error(`${where} is wider than a phone`);
    };
    await signIn(page, server, 'owner');
    await page.goto(server.url + cafe.base);
    await look('no channel yet');

    await page.getByRole('link', { name: 'Connect Telegram' }).click();
    await look('connecting Telegram');
    await page.getByLabel('Bot token').fill('hello');
    await page.getByRole('button', { name: 'Check and connect' }).click();
    await page.getByText('This is no bot token').waitFor();
    await look('a wrong token');
    await page.getByLabel('Bot token').fill(far.token);
    await page.getByRole('button', { name: 'Check and connect' }).click();
    await page.getByText('@aurora_cafe_bot is connected.').waitFor();
    await look('Telegram');

    await page.goto(`${server.url}${cafe.base}/new/widget`);
    await look('connecting a website');
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByText('Not seen yet').waitFor();
    await look('a website');
    const widget = cafe.rows().find((row) => row.kind === 'widget');
    setHealth(ws, widget?.id ?? 0, { status: 'connected' });
    await page.locator('#channel-health .state.is-well').waitFor();

    setHealth(ws, cafe.only().id, { status: 'broken', says: 'Telegram no longer accepts this token.' });
    await page.goto(server.url + cafe.base);
    await look('a channel that needs somebody');
    await page.getByRole('link', { name: 'Mend it' }).click();
    await look('a channel that has stopped');
    await page.getByRole('button', { name: 'Disconnect…' }).click();
    await look('the dialog');
    await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click();
    await page.getByText('Its conversations stay in the inbox.').waitFor();
    await window.close();
  });
});
