import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { startListening, type Listening } from '../../src/channels/index.ts';
import { receiveEvents } from '../../src/conversations/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { WhatsappLinkedSimulator } from '../simulators/whatsapp-linked.ts';
import { linkStep } from '../../src/channels/device-store.ts';
import { expectAccessible, newWindow, signIn } from '../support/browser.ts';
import { startServer, type TestServer } from '../support/http.ts';

type Look = readonly [scheme: 'light' | 'dark', width: number];
const TWO: Look[] = [
  ['light', 1280],
  ['dark', 360],
];
const ALL: Look[] = [...TWO, ['dark', 1280], ['light', 360]];

describe('linking a phone in a browser', function () {
  this.timeout(60_000);
  let far: WhatsappLinkedSimulator;
  let server: TestServer;
  let ws: Workspace;
  let listening: Listening;
  beforeEach(async () => {
    far = await new WhatsappLinkedSimulator().start();
    server = await startServer({ env: { WHATSAPP_WEB_ROOT: far.url, WHATSAPP_FILE_ROOT: far.url } });
    ws = server.installation.workspaces.hold(server.workspace).workspace;
    listening = startListening(server.installation, (at, id, events, state) => receiveEvents(at, id, events, { state }), {
      firstMs: 5,
      capMs: 20,
    });
  });
  afterEach(async () => {
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

  const picture = (id: number): string => {
    const step = linkStep(ws, id);
    assert.ok(step?.kind === 'picture');
    return step.text;
  };

  async function enter(options: Parameters<typeof newWindow>[0] = {}): Promise<Page> {
    const window = await newWindow(options);
    const page = await window.newPage();
    await signIn(page, server, 'owner');
    return page;
  }

  async function connect(page: Page, looked = false): Promise<number> {
    await page.goto(`${server.url}/w/${server.workspace}/channels`);
    await page.getByRole('link', { name: 'Connect WhatsApp, linked phone' }).click();
    assert.match(await page.getByRole('main').innerText(), /This isn’t WhatsApp’s official way in\./);
    if (looked) await look(page, 'linked risks');
    await page.getByRole('button', { name: 'I know the risks, link a phone' }).click();
    await page.waitForURL(/\/channels\/\d+$/);
    return Number(page.url().split('/').at(-1));
  }

  it('an owner reads the risks, scans the picture, and sees the check turn green', async () => {
    const page = await enter();
    const id = await connect(page, true);
    await page.locator('svg.qr').waitFor();
    await page.getByText(/New picture in \d+ s/).waitFor();
    await look(page, 'linked picture');
    far.scan(picture(id));
    await page.getByText('Open', { exact: true }).waitFor();
    await page.locator('svg.qr').waitFor({ state: 'detached' });
    await page.reload();
    assert.match(await page.getByRole('main').innerText(), /WhatsApp, linked phone is open\./);
    await look(page, 'linked open');
  });

  it('a phone whose camera is broken is linked by a code, shown large', async () => {
    const page = await enter();
    await connect(page);
    await page.locator('svg.qr').waitFor();
    await page.getByLabel('No camera? The phone’s number').fill('12');
    await page.getByRole('button', { name: 'Get a code instead' }).click();
    await page.getByText('Enter the whole number with its country code, like +49 151 23456789.').waitFor();
    await page.getByLabel('No camera? The phone’s number').fill('+49 151 23456789');
    await page.getByRole('button', { name: 'Get a code instead' }).click();
    const code = await page.locator('.pairing-code').innerText();
    assert.match(code, /^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    await look(page, 'linked code');
    await far.typeCode(code.replace('-', ''));
    await page.getByText('Open', { exact: true }).waitFor();
  });

  it('without JavaScript the page is loaded again instead', async () => {
    const page = await enter({ javaScriptEnabled: false });
    const id = await connect(page);
    for (let loads = 0; (await page.locator('svg.qr').count()) === 0 && loads < 100; loads++)
      await page.getByRole('link', { name: 'Show how it is now' }).click();
    assert.match(await page.getByRole('main').innerText(), /New picture at \d\d:\d\d:\d\d/);
    far.scan(picture(id));
    await far.until(() => far.online);
    for (let loads = 0; (await page.getByText('Open', { exact: true }).count()) === 0 && loads < 100; loads++) await page.reload();
    assert.equal(await page.locator('svg.qr').count(), 0);
  });
});
