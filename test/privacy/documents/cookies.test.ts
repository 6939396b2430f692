import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { REGISTRY } from '../../../src/privacy/cookies.ts';
import { newWindow } from '../../support/browser.ts';
import { eventually } from '../../support/eventually.ts';
import { houseFor, newestConversation } from '../../visitors/support/house.ts';
import { field, say } from '../../visitors/support/website.ts';

const PASSWORD = 'lemon-and-olive-oil';

/** What keeps something in a browser. */
const KEEPS = /\.cookie\(|document\.cookie|(?:local|session)Storage\.setItem|indexedDB|cookieStore|\bcaches\.open|serviceWorker\.register/g;

async function keptIn(page: Page): Promise<string[]> {
  const cookies = (await page.context().cookies()).map(({ name }) => `cookie ${name}`);
  const stored: [string[], string[]] = await page.evaluate('[Object.keys(localStorage), Object.keys(sessionStorage)]');
  return [...cookies, ...stored[0].map((key) => `browser storage ${key}`), ...stored[1].map((key) => `tab storage ${key}`)];
}

function entryOf(kept: string): number {
  return REGISTRY.findIndex(({ where, pattern }) => kept.startsWith(`${where} `) && pattern.test(kept.slice(where.length + 1)));
}

describe('what is kept in a browser', function () {
  this.timeout(20_000);
  const house = houseFor(before, after);

  it('stands on a page that anybody can read, each with what for and how long', async () => {
    const page = await (await fetch(`${house.url}/cookies`)).text();
    for (const { name, purpose, life } of REGISTRY) for (const said of [name, purpose, life]) assert.ok(page.includes(said), said);
    const note = await (await fetch(`${house.url}/c/${house.channel.publicId}/privacy`)).text();
    assert.match(note, /href="\/cookies"/);
  });

  it('[P3.3-d] [P3.2-c] is the registry, as a visitor and a member go through the pages: nothing for the one who only looks', async () => {
    const windows = await Promise.all([newWindow(), newWindow()]);
    for (const window of windows) window.setDefaultTimeout(8000);
    try {
      const [visitor, member] = await Promise.all(windows.map((window) => window.newPage()));
      assert.ok(visitor && member);
      for (const path of ['/cookies', '/sign-in', `/c/${house.channel.publicId}/privacy`]) {
        await visitor.goto(house.url + path);
        assert.deepEqual(await keptIn(visitor), [], path);
      }
      await visitor.goto(`${house.url}/c/${house.channel.publicId}`);
      await field(visitor).waitFor();
      assert.deepEqual(await keptIn(visitor), [], 'before they write');
      await say(house, visitor, 'Do you have lemon cake?');

      await member.goto(`${house.url}/sign-in`);
      await member.getByLabel('E-mail').fill('mira@aurora.example');
      await member.getByLabel('Password').fill(PASSWORD);
      await member.getByRole('button', { name: 'Sign in', exact: true }).click();
      await member.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
      await member.goto(`${house.url}/w/${house.workspaceId}/conversations/${newestConversation(house)}`);
      // The server has it a moment later, and then it isn't kept: so it is offered none.
      await member.route('**/writing', (route) => route.abort());
      await member.locator('#words').fill('We do, by the slice.');

      await eventually(async () => {
        const kept = [...(await keptIn(visitor)), ...(await keptIn(member))];
        assert.deepEqual(
          kept.filter((each) => entryOf(each) < 0),
          [],
          'not in the registry',
        );
        const seen = new Set(kept.map(entryOf));
        const unseen = REGISTRY.filter(({ where }, n) => where !== 'service worker' && !seen.has(n));
        assert.deepEqual(unseen, [], 'in the registry, and nowhere else');
      });
    } finally {
      await Promise.all(windows.map((window) => window.close()));
    }
  });

  it('is kept at four places of the code alone', () => {
    const root = join(import.meta.dirname, '../../..');
    const files = ['src', 'public'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(ts|js)$/.test(file))
        .map((file) => `${folder}/${file}`),
    );
    const found = files.flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(KEEPS)].map(([what]) => `${file} ${what}`));
    assert.deepEqual(found.sort(), [
      'public/scripts/alerts.js serviceWorker.register',
      'public/scripts/inbox.js sessionStorage.setItem',
      'public/widget.js localStorage.setItem',
      'src/web/sessions.ts .cookie(',
    ]);
    assert.ok(entryOf('service worker /service-worker.js') >= 0);
    assert.equal(entryOf('cookie _ga'), -1);
  });
});
