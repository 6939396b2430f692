import assert from 'node:assert/strict';
import type { CDPSession, Page } from 'playwright-core';
import { takeChallenge, makeChallenge } from '../../src/accounts/passkeys/challenges.ts';
import { siteOf } from '../../src/accounts/passkeys/site.ts';
import { newWindow } from '../support/browser.ts';
import { openCafe } from '../support/cafe.ts';
import { cast, PASSWORD } from '../support/http.ts';

const PAGE = '/account/second-step';

describe('passkeys', function () {
  this.timeout(30_000);
  const cafe = openCafe(before, after);
  let page: Page;
  let device: CDPSession;
  let id: string;

  before(async () => {
    const { settings } = cafe.server.installation;
    settings.baseUrl = cafe.server.url.replace('127.0.0.1', 'localhost');
    page = await (await newWindow({ baseURL: settings.baseUrl })).newPage();
    device = await page.context().newCDPSession(page);
    await device.send('WebAuthn.enable');
    ({ authenticatorId: id } = await device.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    }));
  });
  after(() => page.context().close());

  const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();

  const givePassword = async (): Promise<void> => {
    await page.context().clearCookies();
    await page.goto('/sign-in');
    await page.getByLabel('E-mail').fill(cast.owner.email);
    await page.getByLabel('Password').fill(PASSWORD);
    await press('Sign in');
  };

  const rows = (): { name: string; counter: number }[] =>
    cafe.server.installation.control.sql.prepare('SELECT name, counter FROM passkeys').all() as ReturnType<typeof rows>;

  it('one is added under a name, with recovery codes, and then signs in by itself', async () => {
    await givePassword();
    await page.waitForURL(/inbox/);
    await page.goto(PAGE);
    await page.getByLabel('Name of the device').fill('Mira’s laptop');
    await press('Add a passkey');
    await page.getByText('Your recovery codes').first().waitFor();
    assert.equal(rows()[0]?.name, 'Mira’s laptop');
    assert.equal((await page.locator('#recovery-codes').innerText()).trim().split('\n').length, 10);
    await page.context().clearCookies();
    await page.goto('/sign-in?next=%2Faccount');
    await press('Use a passkey');
    await page.waitForURL(/\/account$/);
    await page.getByText('10 recovery codes left').waitFor();
  });

  it('what a device signed is taken once', async () => {
    await page.context().clearCookies();
    await page.goto('/sign-in');
    const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/sign-in/passkey'));
    await press('Use a passkey');
    const answer = new URLSearchParams((await sent).postData() ?? '').get('answer') ?? '';
    await page.waitForURL(/inbox/);
    const thief = cafe.server.stranger();
    const again = await thief.post('/sign-in/passkey', { answer, next: '/' });
    assert.equal(again.status, 422);
    assert.match(again.text, /This passkey isn’t known here/);
    assert.equal(thief.cookie, undefined);
  });

  it('with one, a password alone opens nothing; the passkey goes on from there', async () => {
    await givePassword();
    await page.getByRole('heading', { name: 'Now your passkey.' }).waitFor();
    assert.deepEqual(await page.context().cookies(), []);
    await press('Use a passkey');
    await page.waitForURL(/inbox/);
  });

  it('it counts as asked again, also ten minutes later', async () => {
    cafe.server.clock.move(11 * 60_000);
    await page.goto(PAGE);
    await page.waitForURL(/account\/confirm/);
    await press('Use a passkey');
    await page.waitForURL(new RegExp(`${PAGE}$`));
    await page.getByText('Mira’s laptop').first().waitFor();
  });

  it('a device that doesn’t check who holds it gets nowhere, and the page says so', async () => {
    await device.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: false });
    await page.context().clearCookies();
    await page.goto('/sign-in');
    await press('Use a passkey');
    await page.getByText('Nothing came of it').waitFor();
    await device.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: true });
  });

  it('removed, it signs in no more, and the password alone does again', async () => {
    await press('Use a passkey');
    await page.waitForURL(/inbox/);
    await page.goto(PAGE);
    await page.getByRole('button', { name: 'Remove Mira’s laptop' }).click();
    await press('Remove');
    await page.getByText('The passkey is removed').waitFor();
    assert.deepEqual(rows(), []);
    await page.context().clearCookies();
    await page.goto('/sign-in');
    await press('Use a passkey');
    await page.getByText('This passkey isn’t known here').waitFor();
    await givePassword();
    await page.waitForURL(/inbox/);
  });

  it('a challenge holds for its purpose, once, and five minutes', () => {
    const { installation, clock } = cafe.server;
    const challenge = makeChallenge(installation, 'confirm 1');
    assert.equal(takeChallenge(installation, 'confirm 2', challenge), false);
    assert.equal(takeChallenge(installation, 'sign-in', challenge), false);
    assert.equal(takeChallenge(installation, 'confirm 1', challenge), true);
    assert.equal(takeChallenge(installation, 'confirm 1', challenge), false);
    const late = makeChallenge(installation, 'sign-in');
    clock.move(5 * 60_000);
    assert.equal(takeChallenge(installation, 'sign-in', late), false);
  });

  it('they are bound to the name in BASE_URL, and there are none without TLS or under a number', () => {
    const at = (baseUrl: string) => siteOf({ settings: { ...cafe.server.installation.settings, baseUrl } });
    assert.deepEqual(at('https://desk.example:8443'), { id: 'desk.example', origin: 'https://desk.example:8443' });
    assert.deepEqual(at('http://localhost:8080'), { id: 'localhost', origin: 'http://localhost:8080' });
    for (const none of ['http://desk.example', 'https://192.0.2.7', 'https://[2001:db8::1]']) assert.equal(at(none), undefined);
  });
});
