import type { Page } from 'playwright-core';
import { deliverMessages, deliveryParked } from '../../src/conversations/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { MetaMessagingSimulator } from '../simulators/meta-messaging.ts';
import { newWindow, signIn } from '../support/browser.ts';
import { TestClock } from '../support/clock.ts';
import { startServer, type TestServer } from '../support/http.ts';
import { lookAt } from '../support/look-at.ts';
import { AYSE } from './on-messaging.ts';

const DAY_MS = 24 * 3600_000;

for (const [product, title, named] of [
  ['messenger', 'Messenger', 'Café Aurora'],
  ['instagram', 'Instagram', '@cafe.aurora'],
] as const) {
  describe(`${title}’s pages in a browser`, function () {
    this.timeout(60_000);
    let far: MetaMessagingSimulator;
    let server: TestServer;
    let ws: Workspace;
    before(async () => {
      const clock = new TestClock(Date.now());
      far = await new MetaMessagingSimulator({
        product,
        login: product === 'instagram' ? 'instagram' : 'facebook',
        now: () => clock.now(),
      }).start();
      server = await startServer({ clock, env: far.env });
      ws = server.installation.workspaces.hold(server.workspace).workspace;
      await server.installation.jobs.start({ deliver: { run: deliverMessages, onParked: deliveryParked } });
    });
    after(async () => {
      await server.end();
      await far.stop();
    });

    const look = (page: Page, where: string) => lookAt(page, `${product} ${where}`);

    it('an owner connects an account, sees the check turn green, and reads in the composer who may still write', async () => {
      const window = await newWindow();
      const page = await window.newPage();
      await signIn(page, server, 'owner');
      await page.goto(`${server.url}/w/${ws.id}/channels`);
      await look(page, 'offers');
      await page.getByRole('link', { name: `Connect ${title}` }).click();
      await look(page, 'connecting');
      await page.getByLabel('Access token').fill('not a token');
      await page.getByLabel('App secret').fill(far.appSecret);
      await page.getByRole('button', { name: 'Check and connect' }).click();
      await page.getByText('This is no access token').waitFor();
      await look(page, 'a wrong token');
      await page.getByLabel('Access token').fill(far.token);
      await page.getByLabel('App secret').fill(far.appSecret);
      await page.getByRole('button', { name: 'Check and connect' }).click();
      await page.getByText(`${named} is connected.`).waitFor();
      await look(page, 'waiting for Meta');
      const address = (await page.locator('#callback').textContent()) ?? '';
      await far.deliver(address, far.says(AYSE, 'Can I order a cake?'));
      await page.locator('#channel-health .state.is-well').waitFor();
      await look(page, 'open');
      // From here on both look the same.
      if (product === 'instagram' && process.env['SHOTS'] === undefined) return window.close();

      const id = ws.sql.prepare('SELECT max(id) FROM conversations').pluck().get() as number;
      const url = 'https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1';
      await page.goto(`${server.url}/w/${ws.id}/conversations/${id}`);
      await page.getByRole('button', { name: 'Take over' }).click();
      await page.locator('#words').fill('Of course. For when?');
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      await far.until(() => far.sent.at(-1)?.text === 'Of course. For when?');
      await far.deliver(address, far.says(AYSE, { text: 'Like this one?', reply_to: { story: { id: '1', url } } }));
      await far.deliver(address, far.says(AYSE, { attachments: [{ type: 'story_mention', payload: { url } }] }));
      await far.deliver(address, far.says(AYSE, { attachments: [{ type: 'ig_post', payload: { url, title: 'Our spring cakes' } }] }));
      await far.deliver(address, far.goesOut(AYSE, { text: 'From the phone' }));
      await page.reload();
      await page.getByText('You can write until').waitFor();
      await look(page, 'conversation');

      ws.sql.prepare('UPDATE messages SET said_at = said_at - ?').run(DAY_MS);
      await page.reload();
      await page.getByText('people may until').waitFor();
      await look(page, 'a day later');
      ws.sql.prepare('UPDATE messages SET said_at = said_at - ?').run(6 * DAY_MS);
      await page.reload();
      await page.getByText('You can answer again as soon as they write').waitFor();
      await look(page, 'a week later');
      await window.close();
    });
  });
}
