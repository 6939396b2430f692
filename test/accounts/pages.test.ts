import assert from 'node:assert/strict';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { issueSetupLink } from '../../src/accounts/index.ts';
import { expectAccessible, newWindow, signIn } from '../support/browser.ts';
import { startServer, type TestServer } from '../support/http.ts';

const looks: [string, BrowserContextOptions][] = [
  ['light, 1280 px', { viewport: { width: 1280, height: 800 }, colorScheme: 'light' }],
  ['dark, 360 px', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
];

/** What a person sees must fit, be readable by everybody, and raise no complaint of the browser. */
async function lookAt(page: Page, name: string, url: string, then?: () => Promise<void>): Promise<void> {
  await page.goto(url);
  await then?.();
  assert.equal(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), false, `${name} is wider than the screen`);
  await expectAccessible(page, name);
}

describe('account pages in a browser', function () {
  this.timeout(60_000);
  let server: TestServer;
  let empty: TestServer;
  let link: string;
  before(async () => {
    server = await startServer();
    empty = await startServer({ empty: true });
    link = issueSetupLink(empty.installation) ?? '';
  });
  after(async () => {
    await server.end();
    await empty.end();
  });

  async function open(options: BrowserContextOptions): Promise<{ page: Page; complaints: string[]; close(): Promise<void> }> {
    const window = await newWindow(options);
    const page = await window.newPage();
    const complaints: string[] = [];
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('the server responded with a status of')) complaints.push(message.text());
    });
    return { page, complaints, close: () => window.close() };
  }

  for (const [look, options] of looks) {
    it(`axe is silent and nothing overflows: before signing in (${look})`, async () => {
      const { page, complaints, close } = await open(options);
      await lookAt(page, 'not set up', `${empty.url}/`);
      await lookAt(page, 'set-up', link);
      await lookAt(page, 'set-up, wrong', link, () => page.getByRole('button', { name: 'Go on' }).click());
      await lookAt(page, 'sign-in', `${server.url}/sign-in`);
      await lookAt(page, 'sign-in, wrong', `${server.url}/sign-in`, async () => {
        await page.getByLabel('E-mail').fill('nobody@aurora.example');
        await page.getByLabel('Password').fill('wrong');
        await page.getByRole('button', { name: 'Sign in', exact: true }).click();
        await page.getByRole('alert').waitFor();
      });
      await lookAt(page, 'no cookie', `${server.url}/sign-in/done`);
      await lookAt(page, 'invitation that ended', `${server.url}/invitation/x`);
      await lookAt(page, 'nothing here', `${server.url}/nothing`);
      assert.deepEqual(complaints, []);
      await close();
    });

    it(`axe is silent and nothing overflows: signed in (${look})`, async () => {
      const { page, complaints, close } = await open(options);
      await signIn(page, server, 'owner');
      const settings = `${server.url}/w/${server.workspace}/settings`;
      await lookAt(page, 'account', `${server.url}/account`);
      await lookAt(page, 'password asked again', `${server.url}/account/confirm`);
      await lookAt(page, 'workspaces', `${server.url}/workspaces`);
      await lookAt(page, 'new workspace', `${server.url}/workspaces/new`);
      await lookAt(page, 'business', settings);
      await lookAt(page, 'members, invited', `${settings}/members`, async () => {
        await page.getByRole('button', { name: 'Make the link' }).click();
        await page.getByText('The invitation is ready').waitFor();
      });
      const invitation = (await page.locator('#invitation-link').textContent()) ?? '';
      await lookAt(page, 'members, remove?', `${settings}/members`, async () => {
        await page.getByRole('button', { name: 'Remove Ana Silva' }).click();
        await page.getByRole('dialog').waitFor();
      });
      await lookAt(page, 'invitation, signed in', invitation);
      await page.context().clearCookies();
      await lookAt(page, 'invitation', invitation);
      assert.deepEqual(complaints, []);
      await close();
    });
  }

  it('set-up begins with the time zone of the browser', async () => {
    const { page, close } = await open({ timezoneId: 'America/Montevideo' });
    await page.goto(link);
    assert.equal(await page.getByLabel('Time zone').inputValue(), 'America/Montevideo');
    await close();
  });

  it('what fails in a part of a page is said above it, and the page stays as it was', async () => {
    const { page, close } = await open({});
    await signIn(page, server, 'owner');
    await page.goto(`${server.url}/account`);
    await page.evaluate("htmx.ajax('GET', '/nothing', { target: '#main' })");
    await page.locator('#notices').getByRole('alert').waitFor();
    assert.match((await page.locator('#notices').textContent()) ?? '', /This page doesn’t exist/);
    assert.equal(await page.getByRole('heading', { name: 'Your account' }).count(), 1);
    await close();
  });

  it('set-up, settings and an invitation work without JavaScript, by keyboard alone', async () => {
    const { page, close } = await open({ javaScriptEnabled: false });
    await page.goto(link);
    const type = async (label: string, text: string): Promise<void> => {
      await page.getByLabel(label, { exact: true }).focus();
      await page.keyboard.type(text);
    };
    await type('First name', 'Mira');
    await type('Last name', 'Aydın');
    await type('E-mail', 'mira@aurora.example');
    await type('Password', 'four quiet brass bells');
    await type('Name of the business', 'Café Aurora');
    await page.getByLabel('I am 16 or older').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/w\/w_\w+\/setup$/);
    const base = page.url().replace(/\/setup$/, '');
    await page.goto(`${base}/settings/members`);
    await page.getByRole('button', { name: 'Make the link' }).press('Enter');
    assert.match((await page.locator('#invitation-link').textContent()) ?? '', /\/invitation\/[\w-]{43}$/);
    await close();
  });
});
