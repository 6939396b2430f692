import assert from 'node:assert/strict';
import { deliverMessages, deliveryParked } from '../../src/conversations/index.ts';
import { ayse, onWhatsapp } from '../channels/on-whatsapp.ts';
import { eventually } from '../support/eventually.ts';
import type { Client } from '../support/http.ts';

const ready = {
  name: 'order_ready',
  language: 'de',
  status: 'APPROVED',
  category: 'UTILITY',
  components: [
    { type: 'HEADER', format: 'TEXT', text: 'Hallo {{1}}' },
    { type: 'BODY', text: 'Ihre {{1}} ist am {{2}} fertig.' },
    { type: 'FOOTER', text: 'Café Aurora' },
    { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Danke' }] },
  ],
};
const hello = { name: 'hello', language: 'en_US', status: 'APPROVED', components: [{ type: 'BODY', text: 'Hello from the café.' }] };
const withPicture = { ...hello, name: 'with_picture', components: [{ type: 'HEADER', format: 'IMAGE' }, ...hello.components] };
const withLink = {
  ...hello,
  name: 'with_link',
  components: [...hello.components, { type: 'BUTTONS', buttons: [{ type: 'URL', url: 'https://a.b/{{1}}' }] }],
};

describe('a template, when the channel takes no free words any more', () => {
  const on = onWhatsapp(beforeEach, afterEach);
  let mira: Client;
  let path: string;

  beforeEach(async () => {
    on.far.templates = [ready, hello, withPicture, withLink, { ...hello, name: 'not_yet', status: 'PENDING' }];
    await on.server.installation.jobs.start({ deliver: { run: deliverMessages, onParked: deliveryParked } });
    await on.post(on.far.says(ayse, 'Can I order a cake?'));
    mira = await on.server.as('owner');
    path = `/w/${on.ws.id}/conversations/${on.one<{ id: number }>('SELECT id FROM conversations').id}`;
    await mira.post(`${path}/takeover`);
  });

  /** Their last message is a day old now; the owner's session isn't. */
  const dayPasses = () => {
    on.ws.sql.prepare('UPDATE messages SET said_at = said_at - ?').run(24 * 3600_000);
    on.far.wrote(ayse, on.clock.now() - 24 * 3600_000);
  };
  const foot = async () => (await mira.get(path)).text.split('id="talk-foot"')[1] ?? '';
  const chosen = '/template?name=order_ready&language=de';
  const filled = { 'header-1': 'Ayşe', 'body-1': 'Torte', 'body-2': '3. Mai' };

  it('the composer says until when it is open, and when it is closed why, and offers a template', async () => {
    assert.match(await foot(), /You can write until .*Send/s);
    dayPasses();
    const shut = await foot();
    assert.match(shut, /WhatsApp’s 24 hours have passed\./);
    assert.match(shut, /must write first, or:/);
    assert.ok(shut.includes(`href="${path}/template"`));
    assert.doesNotMatch(shut, /<button[^>]*>Send</);
  });

  it('lists what the account has approved and what can be filled in here', async () => {
    const { text } = await mira.get(`${path}/template`);
    assert.match(text, /order ready, German/);
    assert.match(text, /hello, American English/);
    for (const name of ['with picture', 'with link', 'not yet']) assert.ok(!text.includes(name), name);
  });

  it('is filled in, looked at and sent, and stands in the conversation as the customer reads it', async () => {
    dayPasses();
    const empty = await mira.get(path + chosen);
    assert.match(empty.text, /Ihre \{\{1\}\} ist am \{\{2\}\} fertig\./);
    const looked = await mira.post(path + chosen, { ...filled, draft: 'd1', act: 'preview' });
    assert.match(looked.text, /Hallo Ayşe\n\nIhre Torte ist am 3\. Mai fertig\.\n\nCafé Aurora/);
    assert.equal(on.far.sent.length, 0);
    const sent = await mira.post(path + chosen, { ...filled, draft: 'd1', act: 'send' });
    assert.deepEqual([sent.status, sent.location], [303, path]);
    await mira.post(path + chosen, { ...filled, draft: 'd1', act: 'send' });
    await eventually(() => assert.equal(on.far.sent.length, 1));
    assert.deepEqual(on.far.sent[0]?.template, { name: 'order_ready', language: 'de', values: ['Ayşe', 'Torte', '3. Mai'] });
    await eventually(async () => assert.match((await mira.get(path)).text, /Ihre Torte ist am 3\. Mai fertig\.[\s\S]*Sent/));
    assert.equal(on.one<{ n: number }>("SELECT count(*) AS n FROM messages WHERE author = 'person'").n, 1, 'sent twice it is one');
  });

  it('what isn’t filled in is asked for at its field, and nothing is sent', async () => {
    const { status, text } = await mira.post(path + chosen, { ...filled, 'body-2': ' ', draft: 'd1', act: 'send' });
    assert.equal(status, 422);
    assert.match(text, /id="f-body-2-foot"/);
    assert.match(text, /value="Torte"/);
    assert.equal(on.one<{ n: number }>("SELECT count(*) AS n FROM messages WHERE author = 'person'").n, 0);
  });

  it('lines and wide gaps, which WhatsApp refuses, become single spaces', async () => {
    await mira.post(path + chosen, { ...filled, 'body-1': ' Torte\t mit     Erdbeeren ', draft: 'd1', act: 'send' });
    await eventually(() => assert.equal(on.far.sent[0]?.template?.values[1], 'Torte mit Erdbeeren'));
  });

  it('a template that was changed meanwhile, or that nobody approved, shows the list; an ill account says why', async () => {
    for (const name of ['not_yet', 'nothing']) {
      const { text } = await mira.post(`${path}/template?name=${name}&language=en_US`, { draft: 'd', act: 'send' });
      assert.match(text, /Choose a template/);
    }
    on.far.revoke();
    assert.match((await mira.get(`${path}/template`)).text, /could not be listed.*no longer accepts the access token/s);
    assert.deepEqual(on.far.sent, []);
  });

  it('who may only look sends none', async () => {
    const viewer = await on.server.as('viewer');
    assert.equal((await viewer.get(`${path}/template`)).status, 403);
    assert.equal((await viewer.post(path + chosen, { ...filled, draft: 'd', act: 'send' })).status, 403);
    assert.equal((await mira.get(`/w/${on.ws.id}/conversations/999/template`)).status, 404);
  });
});
