/** Why Telegram's calls don't arrive, as the channel's page says it, and what mends itself. */
import assert from 'node:assert/strict';
import { addChannel } from '../../src/channels/index.ts';
import { Problem } from '../../src/web/errors.ts';
import { eventually } from '../support/eventually.ts';
import { onWebhook, PUBLIC } from './on-webhook.ts';

const ayse = { chat: 501, name: 'Ayşe Demir' };

describe('how Telegram’s webhook fares', () => {
  const on = onWebhook(beforeEach, afterEach);

  it('a webhook of its own that was left behind doesn’t keep it from asking', async () => {
    await on.connect('polling');
    on.far.updates.postTo(`${PUBLIC}/webhooks/${on.row().publicId}`);
    await on.far.until(() => on.far.polling);
    assert.deepEqual([on.far.updates.webhook, on.row().status], ['', 'connected']);
  });

  it('another program’s webhook is left to a person, in words', async () => {
    await on.connect('polling');
    on.far.updates.postTo('https://other.example/hook');
    assert.match(await on.says(), /Another program has taken this bot over/);
    assert.deepEqual([on.far.updates.webhook, on.row().status], ['https://other.example/hook', 'broken']);
  });

  for (const [what, message, words] of [
    ['a server that can’t be reached', 'Connection timed out', /can’t reach desk\.aurora\.example/],
    ['a certificate', 'SSL error {error:0A000086:SSL routines::certificate verify failed}', /doesn’t trust the certificate/],
    ['a name without an address', 'Failed to resolve host: Name or service not known', /no address for the name/],
    ['a proxy’s error', 'Wrong response from the webhook: 502 Bad Gateway', /gets an error \(502\)/],
    ['an error that nobody knows', 'Something else', /can’t reach/],
  ] as const) {
    it(`says of ${what} what is wrong and how much waits, and is well again by itself`, async () => {
      await on.connect('webhook');
      on.far.webhook.leadsTo = '';
      on.far.say(ayse, 'Hi');
      on.far.webhook.failed(message);
      await on.restart();
      const said = await on.says();
      assert.match(said, words);
      assert.match(said, /One thing waits there/);
      assert.doesNotMatch(said, /error:0A|Bad Gateway|Name or service/, 'Telegram’s own words stay in the log');
      on.far.webhook.leadsTo = on.server.url;
      await on.far.webhook.post();
      await eventually(() => assert.deepEqual([on.row().status, on.row().says], ['connected', null]));
    });
  }

  it('says so when Telegram doesn’t call the port of this server', async () => {
    on.server.installation.settings.baseUrl = `${PUBLIC}:8080`;
    await addChannel(on.ws, { kind: 'telegram', settings: { token: on.far.token, mode: 'webhook' }, botId: null, userId: null });
    assert.match(await on.says(), /ports 443, 80, 88 and 8443 alone, not desk\.aurora\.example:8080/);
  });

  it('is refused at its field where this server has no public address, and the channel stays as it is', async () => {
    await on.connect('polling');
    for (const baseUrl of ['http://desk.aurora.example', 'https://localhost', 'https://192.168.1.7']) {
      on.server.installation.settings.baseUrl = baseUrl;
      await assert.rejects(on.change('webhook'), (error) => {
        assert.ok(error instanceof Problem && error.field === 'mode', String(error));
        return /none/.test(error.says);
      });
    }
    assert.deepEqual([on.row().settings, on.far.updates.webhook], [{ mode: 'polling' }, '']);
  });

  it('stops in words when the address is public no longer', async () => {
    await on.connect('webhook');
    await on.restart(() => void (on.server.installation.settings.baseUrl = 'http://localhost:8080'));
    assert.match(await on.says(), /public addresses with https alone/);
    assert.equal(on.row().status, 'broken');
  });

  it('a token that was revoked stops it in words', async () => {
    await on.connect('webhook');
    await on.restart(() => on.far.revoke());
    assert.match(await on.says(), /no longer accepts this token/);
  });
});
