import assert from 'node:assert/strict';
import { editChannelSettings } from '../../src/channels/index.ts';
import { sayAsPerson, takeOver } from '../../src/conversations/index.ts';
import { eventually } from '../support/eventually.ts';
import { bodyOf, changeOf, contactOf, messageOf } from '../simulators/meta-webhooks.ts';
import { QUESTION, runningOn } from './on-meta.ts';
import { ayse, onWhatsapp } from './on-whatsapp.ts';

const HOUR_MS = 3600_000;
/** One pixel. */
const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

describe('a conversation by WhatsApp, with everything that runs', function () {
  this.timeout(20_000);
  const running = runningOn(beforeEach, afterEach, onWhatsapp);
  const { on, states, conversation, page, say } = running;
  const ask = async (text = QUESTION) => on.post(on.far.says(ayse, text));
  const answered = async () => {
    await eventually(() => assert.equal(states().at(-1), 'sent'));
    return on.far.sent.at(-1) ?? assert.fail('something was sent');
  };

  it('a customer asks, the bot answers in one bubble, and the inbox shows that it was read', async () => {
    await ask();
    const sent = await answered();
    assert.equal(on.far.sent.length, 1, 'the notice and the answer are one message');
    assert.match(sent.text, /writing with an AI[\s\S]*open at ten/);
    assert.equal(sent.to, ayse.phone);
    assert.equal(on.far.typing.length > 0, true, 'typing and the read mark came first');
    assert.match(await page(), /Sent/);
    await on.post(on.far.status(sent, 'delivered'));
    assert.match(await page(), /Delivered/);
    await on.post(on.far.status(sent, 'read'));
    assert.match(await page(), /Read/);
    assert.equal(conversation().wanted, null);
  });

  it('receipts only move forward: read before delivered, sent again, failed after read', async () => {
    await ask();
    const sent = await answered();
    for (const [status, state] of [
      ['read', 'read'],
      ['delivered', 'read'],
      ['sent', 'read'],
      ['failed', 'read'],
    ] as const) {
      await on.post(on.far.status(sent, status));
      assert.deepEqual(states(), [state], status);
    }
  });

  it('what WhatsApp took and then could not deliver is said in words, and a person is called', async () => {
    await ask();
    const sent = await answered();
    await on.post(on.far.status(sent, 'failed', { errors: [{ code: 131026, title: 'Message undeliverable' }] }));
    assert.deepEqual(states(), ['failed']);
    assert.match(await page(), /can’t reach this customer/);
    assert.match(conversation().why ?? '', /could not be delivered/);
  });

  it('a status that comes before the answer to the send, or instead of it, settles it; nothing is sent twice', async () => {
    on.far.fail('messages', { code: 0, status: 200 });
    on.far.fail('messages', { cut: 'after' });
    on.far.typing.length = 0;
    await ask();
    await eventually(() => assert.deepEqual(states(), ['uncertain']));
    const [sent] = on.far.sent;
    assert.ok(sent);
    await on.post(on.far.status(sent, 'delivered'));
    assert.deepEqual(states(), ['delivered']);
    assert.equal(on.far.sent.length, 1);
    await on.post(on.far.says(ayse, { type: 'reaction', reaction: { message_id: sent.id, emoji: '🙏' } }));
    assert.match(await page(), /🙏/, 'its id is known by now');
  });

  it('too fast for one customer: it waits as Meta asks, and goes out once', async () => {
    on.far.fail('messages', { code: 4 }, { code: 131056 });
    await ask();
    const wait = () => on.one<{ ms: number | null }>('SELECT no_send_before - ? AS ms FROM conversations', on.clock.now()).ms;
    await eventually(() => assert.deepEqual([states(), wait()], [['queued'], 4000]));
    assert.deepEqual(on.far.sent, []);
    on.clock.move(4000);
    on.server.installation.jobs.tick();
    await answered();
    assert.equal(on.far.sent.length, 1);
  });

  it('an answer waits while the token has ended, in plain words, and goes out once it is mended', async () => {
    await ask('Hello');
    await answered();
    on.far.revoke();
    say('We are here.');
    await eventually(() => assert.equal(on.one<{ status: string }>('SELECT status FROM channels').status, 'broken'));
    await ask('Still there?');
    assert.match((await (await on.server.as('owner')).get(`/w/${on.ws.id}/channels`)).text, /no longer accepts the access token/);
    on.far.newToken();
    await editChannelSettings(on.ws, { channelId: on.channel.id, settings: on.far.settings, userId: running.mira });
    await on.far.until(() => on.far.sent.some(({ text }) => text === 'We are here.'));
    assert.equal(on.far.sent.filter(({ text }) => text === 'We are here.').length, 1);
  });

  it('after 24 hours nothing free goes out: the delivery says so and a person is called', async () => {
    await ask('Hello');
    await answered();
    on.clock.move(24 * HOUR_MS - 1);
    say('In time.');
    await eventually(() => assert.equal(on.far.sent.at(-1)?.text, 'In time.'));
    on.clock.move(1);
    say('Too late.');
    await eventually(() => assert.equal(states().at(-1), 'failed'));
    assert.equal(on.far.sent.at(-1)?.text, 'In time.', 'it was not even tried');
    assert.match(await page(), /24 hours since the customer’s last message have passed/);
    await ask('Are you there?');
    assert.doesNotMatch((await page()).split('id="talk-foot"')[1] ?? '', /have passed/, 'they wrote: it is open again');
  });

  it('when Meta’s clock says that the window is closed, that is said too, and not tried again', async () => {
    await ask('Hello');
    await answered();
    on.far.fail('messages', { code: 131047 });
    say('Hello?');
    await eventually(() => assert.equal(states().at(-1), 'failed'));
    assert.match(await page(), /Send a template/);
  });

  it('a week-old replay is stored for a person: no bot answers what can’t be answered freely any more', async () => {
    await on.post(on.far.says(ayse, 'Are you open on Sunday?', { at: on.clock.now() - 7 * 24 * HOUR_MS }));
    assert.match(conversation().why ?? '', /too old for the bot/);
    assert.equal(on.one<{ n: number }>("SELECT count(*) AS n FROM jobs WHERE kind = 'answer'").n, 0);
    assert.deepEqual([on.far.sent, states()], [[], []]);
    await ask();
    await answered();
  });

  it('the owner answers on their own phone: the bot is silent, and the window stays as it was', async () => {
    await ask('Hello');
    await answered();
    on.clock.move(HOUR_MS);
    const echo = { ...messageOf({ name: '' }, 'I’m here, Mira', on.clock.now()), to: ayse.phone, from: '493012345' };
    await on.post(bodyOf(on.far, changeOf(on.far, { message_echoes: [echo] }, 'smb_message_echoes')));
    assert.equal(conversation().turn, 'person');
    await ask();
    await on.post(on.far.status(on.far.sent[0] ?? assert.fail(), 'read'));
    assert.equal(on.far.sent.length, 1, 'the bot said nothing');
    assert.match(await page(), /I’m here, Mira/);
    on.clock.move(24 * HOUR_MS);
    await on.post(bodyOf(on.far, changeOf(on.far, { message_echoes: [{ ...echo, id: 'wamid.e2' }] }, 'smb_message_echoes')));
    say('Too late.');
    await eventually(() => assert.equal(states().at(-1), 'failed'));
  });

  it('a reaction stands at the message it is for, and a reply names what it answers; neither confuses the bot', async () => {
    await ask();
    const sent = await answered();
    const react = (emoji?: string) =>
      on.post(on.far.says(ayse, { type: 'reaction', reaction: { message_id: sent.id, ...(emoji ? { emoji } : {}) } }));
    await react('👍🏽');
    assert.match(await page(), /👍🏽/);
    await react();
    assert.doesNotMatch(await page(), /👍🏽/);
    await on.post(on.far.says(ayse, { type: 'text', text: { body: 'Thanks' }, context: { id: sent.id } }));
    const [said] = on.all<{ author: string }>(
      "SELECT (SELECT o.author FROM messages o WHERE o.id = m.reply_to) AS author FROM messages m WHERE m.text = 'Thanks'",
    );
    assert.equal(said?.author, 'bot');
  });

  it('a person is one contact by number and user id, through a new number; who gets the old number is somebody else', async () => {
    await ask('Hello');
    const { contact, id } = conversation();
    const both = { ...ayse, userId: 'DE.77' };
    await on.post(on.far.says(both, 'It’s me'));
    await on.post(on.far.says({ name: 'Ayşe', userId: 'DE.77', username: 'ayse' }, 'By my username'));
    await on.post(on.far.says(both, { type: 'system', system: { type: 'user_changed_number', wa_id: '4917000000000' } }));
    await on.post(on.far.says({ name: 'Ayşe', phone: '4917000000000' }, 'By my new number'));
    assert.deepEqual([conversation().id, conversation().contact], [id, contact], 'all of it is one conversation');
    const wrote = on.all<{ text: string }>("SELECT text FROM messages WHERE author = 'customer' AND conversation_id = ? ORDER BY id", id);
    assert.deepEqual(
      wrote.map(({ text }) => text),
      ['Hello', 'It’s me', 'By my username', 'By my new number'],
    );
    await on.post(on.far.says({ name: 'Somebody Else', phone: ayse.phone, userId: 'DE.99' }, 'Hi'));
    assert.notEqual(conversation().contact, contact);
    on.far.wrote({ name: '', userId: 'DE.77' });
    takeOver(on.ws, id, running.mira);
    sayAsPerson(on.ws, { conversationId: id, userId: running.mira, text: 'For Ayşe' });
    await on.far.until(() => on.far.sent.some(({ text }) => text === 'For Ayşe'));
    assert.equal(on.far.sent.find(({ text }) => text === 'For Ayşe')?.to, 'DE.77', 'by the id that is hers alone');
  });

  it('a number that changed hands unsaid brings nobody into another’s conversation', async () => {
    await on.post(on.far.says({ ...ayse, userId: 'DE.77' }, 'Hello'));
    const { id, contact } = conversation();
    await on.post(on.far.says({ name: 'Somebody Else', phone: ayse.phone, userId: 'DE.99' }, 'Hi'));
    const other = conversation();
    assert.ok(other.id !== id && other.contact !== contact);
    await on.post(on.far.says({ name: 'Somebody Else', phone: ayse.phone }, 'Hi again'));
    await on.post(on.far.says({ name: 'Ayşe', userId: 'DE.77' }, 'It’s me'));
    const said = on.all<{ id: number; text: string }>(
      "SELECT conversation_id AS id, text FROM messages WHERE author = 'customer' ORDER BY messages.id",
    );
    assert.deepEqual(
      said.map((row) => [row.id, row.text]),
      [
        [id, 'Hello'],
        [other.id, 'Hi'],
        [other.id, 'Hi again'],
        [id, 'It’s me'],
      ],
    );
  });

  it('who wrote by the new number before we heard of it turns out to be the same contact', async () => {
    await ask('Hello');
    const { contact } = conversation();
    await on.post(on.far.says({ name: 'Ayşe Demir', phone: '4917000000000' }, 'New phone'));
    assert.notEqual(conversation().contact, contact);
    const system = on.far.says(ayse, { type: 'system', system: { type: 'user_changed_number', wa_id: '4917000000000' } });
    await on.post(system);
    await on.post(system);
    assert.equal(conversation().contact, contact);
    assert.equal(on.one<{ n: number }>('SELECT count(*) AS n FROM contacts').n, 1);
    assert.equal(on.one<{ n: number }>("SELECT count(*) AS n FROM conversations WHERE status = 'open'").n, 1);
    await on.post(on.far.says({ name: 'Somebody Else', phone: ayse.phone }, 'Hi'));
    assert.notEqual(conversation().contact, contact);
  });

  it('an edit changes what waits and what was said; what was taken back is gone from sight', async () => {
    takeOver(on.ws, (await ask('Hello'), conversation().id), running.mira);
    await on.post(on.far.says(ayse, 'One cake', { id: 'wamid.cake' }));
    await on.post(
      on.far.says(ayse, {
        type: 'edit',
        edit: { original_message_id: 'wamid.cake', message: { type: 'text', text: { body: 'Two cakes' } } },
      }),
    );
    assert.match(await page(), /Two cakes/);
    await on.post(on.far.says(ayse, { type: 'revoke', revoke: { original_message_id: 'wamid.cake' } }));
    const shown = await page();
    assert.ok(!shown.includes('Two cakes</p>') && shown.includes('Taken back by the customer'));
  });

  it('a picture is fetched from where WhatsApp keeps it, and shown in the inbox; one that is gone says so', async () => {
    on.far.files.set('media-1', PICTURE);
    await on.post(on.far.says(ayse, { type: 'image', image: { id: 'media-1', mime_type: 'image/png', caption: 'This one?' } }));
    const states = () => on.all<{ state: string }>('SELECT state FROM attachments ORDER BY id').map(({ state }) => state);
    await eventually(() => assert.deepEqual(states(), ['kept']));
    assert.match(await page(), /This one\?/);
    assert.match(await page(), /<img /);
    await on.post(on.far.says(ayse, { type: 'image', image: { id: 'media-gone', mime_type: 'image/png' } }));
    await eventually(() => assert.deepEqual(states(), ['kept', 'refused']));
    assert.match(await page(), /no longer has this file/);
  });

  it('several people in one webhook, with statuses between, come to their own conversations', async () => {
    const jonas = { name: 'Jonas', phone: '4917099999999' };
    const value = {
      contacts: [contactOf(ayse), contactOf(jonas)],
      messages: [messageOf(ayse, 'I am Ayşe', on.clock.now()), messageOf(jonas, 'I am Jonas', on.clock.now())],
      statuses: [{ id: 'wamid.nobody', status: 'delivered', timestamp: '1795510800' }],
    };
    await on.post(bodyOf(on.far, changeOf(on.far, value)));
    assert.equal(on.one<{ n: number }>('SELECT count(*) AS n FROM conversations').n, 2);
  });
});
