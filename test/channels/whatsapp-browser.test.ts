import assert from 'node:assert/strict';
import { verifyToken } from '../../src/channels/webhook-address.ts';
import { deliverMessages, deliveryParked } from '../../src/conversations/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { MetaSimulator } from '../simulators/meta.ts';
import { newWindow, signIn } from '../support/browser.ts';
import { TestClock } from '../support/clock.ts';
import { startServer, type TestServer } from '../support/http.ts';
import { lookAt } from '../support/look-at.ts';

const ayse = { name: 'Ayşe Demir', phone: '4915112345678' };
const ready = {
  name: 'order_ready',
  language: 'de',
  status: 'APPROVED',
  components: [{ type: 'BODY', text: 'Guten Tag {{1}}, Ihre Bestellung ist am {{2}} fertig. Wir freuen uns auf Sie.' }],
};

describe('WhatsApp’s pages in a browser', function () {
  this.timeout(60_000);
  let far: MetaSimulator;
  let server: TestServer;
  let ws: Workspace;
  before(async () => {
    const clock = new TestClock(Date.now());
    far = await new MetaSimulator({ now: () => clock.now() }).start();
    far.templates = [ready, { ...ready, name: 'hello_again', language: 'en_US' }];
    server = await startServer({ clock, env: { META_API_ROOT: far.url, META_FILE_ROOT: far.url } });
    ws = server.installation.workspaces.hold(server.workspace).workspace;
    await server.installation.jobs.start({ deliver: { run: deliverMessages, onParked: deliveryParked } });
  });
  after(async () => {
    await server.end();
    await far.stop();
  });

  for (const javaScriptEnabled of [true, false]) {
    it(`an owner connects a number, sees the check turn green, and sends a template when the day has passed${javaScriptEnabled ? '' : ', without JavaScript'}`, async () => {
      ws.sql.exec("UPDATE channels SET status = 'disconnected', account_id = NULL");
      server.installation.control.sql.exec('DELETE FROM routes');
      const window = await newWindow({ javaScriptEnabled });
      const page = await window.newPage();
      const seen = async (where: string) => (javaScriptEnabled ? lookAt(page, `whatsapp ${where}`) : undefined);
      await signIn(page, server, 'owner');
      await page.goto(`${server.url}/w/${ws.id}/channels`);
      await page.getByRole('link', { name: 'Connect WhatsApp', exact: true }).click();
      await seen('connecting');
      await page.getByLabel('Phone number ID').fill('+49 30');
      await page.getByLabel('WhatsApp Business Account ID').fill(far.businessAccountId);
      await page.getByLabel('Access token').fill(far.token);
      await page.getByLabel('App secret').fill(far.appSecret);
      await page.getByRole('button', { name: 'Check and connect' }).click();
      await page.getByText('This is no phone number ID').waitFor();
      await seen('a wrong id');
      await page.getByLabel('Phone number ID').fill(far.phoneNumberId);
      await page.getByLabel('Access token').fill(far.token);
      await page.getByLabel('App secret').fill(far.appSecret);
      await page.getByRole('button', { name: 'Check and connect' }).click();
      await page.getByText('+49 30 1234588 is connected.').waitFor();
      await seen('waiting for Meta');
      const publicId = ws.sql.prepare('SELECT public_id FROM channels ORDER BY id DESC').pluck().get() as string;
      const address = `${server.url}/webhooks/${publicId}`;
      assert.equal(await page.locator('#callback').textContent(), address);
      assert.equal(await page.locator('#verify').textContent(), verifyToken(ws, publicId));

      await far.deliver(address, far.says(ayse, { type: 'text', text: { body: 'Can I order a cake?' } }));
      if (!javaScriptEnabled) await page.reload();
      await page.locator('#channel-health .state.is-well').waitFor();
      await seen('open');

      const id = ws.sql.prepare('SELECT max(id) FROM conversations').pluck().get() as number;
      await page.goto(`${server.url}/w/${ws.id}/conversations/${id}`);
      await page.getByRole('button', { name: 'Take over' }).click();
      await page.locator('#words').fill('Of course. For when?');
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      await far.until(() => far.sent.at(-1)?.text === 'Of course. For when?');
      const reply = far.sent.at(-1) ?? assert.fail('it went out');
      await far.deliver(address, far.says(ayse, { type: 'reaction', reaction: { message_id: reply.id, emoji: '❤️' } }));
      await far.deliver(address, far.says(ayse, { type: 'text', text: { body: 'For Sunday' }, context: { id: reply.id } }));
      await far.deliver(address, far.says(ayse, { type: 'location', location: { latitude: 52.5, longitude: 13.4, name: 'Home' } }));
      await far.deliver(address, far.status(reply, 'read'));
      await page.reload();
      await page.getByText('You can write until').waitFor();
      await seen('conversation');

      ws.sql.prepare('UPDATE messages SET said_at = said_at - ?').run(24 * 3600_000);
      await page.reload();
      await page.getByText('must write first').waitFor();
      await seen('the day has passed');
      await page.getByRole('link', { name: 'Send a template' }).click();
      await seen('templates');
      await page.getByRole('link', { name: /order ready, German/ }).click();
      await page.getByRole('button', { name: 'Send' }).click();
      await page.locator('[aria-invalid=true]').first().waitFor();
      await seen('a template that is not filled in');
      await page.getByLabel('Placeholder 1').fill('Ayşe');
      await page.getByLabel('Placeholder 2').fill('Sonntag');
      await page.getByRole('button', { name: 'Preview' }).click();
      await page.getByText('Guten Tag Ayşe, Ihre Bestellung ist am Sonntag fertig.').waitFor();
      await seen('a template');
      await page.getByRole('button', { name: 'Send' }).click();
      await page.waitForURL(/conversations\/\d+$/);
      await far.until(() => far.sent.at(-1)?.template?.name === 'order_ready');
      await window.close();
    });
  }
});
