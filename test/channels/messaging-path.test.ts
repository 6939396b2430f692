import assert from 'node:assert/strict';
import { editChannelSettings } from '../../src/channels/index.ts';
import { sayAsPerson, takeOver } from '../../src/conversations/index.ts';
import { png } from '../support/files.ts';
import { eventually } from '../support/eventually.ts';
import type { MetaMessagingSimulator, Messaging } from '../simulators/meta-messaging.ts';
import type { Json } from '../simulators/meta-webhooks.ts';
import { QUESTION, runningOn } from './on-meta.ts';
import { AYSE, JONAS, onMessaging, type Product } from './on-messaging.ts';

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;

const products: (Product & {
  name: string;
  takes: (text: string) => boolean;
  reads: (far: MetaMessagingSimulator, sent: Messaging, at: number) => Json;
})[] = [
  {
    product: 'messenger',
    name: 'Messenger',
    takes: (text) => text.length <= 2000,
    reads: (far, _sent, at) => far.does(AYSE, { read: { watermark: at } }),
  },
  {
    product: 'instagram',
    login: 'facebook',
    name: 'Instagram',
    takes: (text) => Buffer.byteLength(text) <= 1000,
    reads: (far, { mid }) => far.does(AYSE, { read: { mid } }),
  },
];

for (const { name, takes, reads, ...options } of products) {
  describe(`a conversation by ${name}, with everything that runs`, function () {
    this.timeout(20_000);
    const running = runningOn(beforeEach, afterEach, (begin, end) => onMessaging(options, begin, end));
    const { on, states, conversation, page, say } = running;
    const foot = async () => (await page()).split('id="talk-foot"')[1] ?? '';
    const ask = async (text = QUESTION) => on.post(on.far.says(AYSE, text));
    const answered = async () => {
      await eventually(() => assert.equal(states().at(-1), 'sent'));
      return on.far.sent.at(-1) ?? assert.fail('something was sent');
    };
    const sentText = (text: string) => eventually(() => assert.equal(on.far.sent.at(-1)?.text, text));

    it('a customer asks, the bot answers, and the inbox shows that it came and was read', async () => {
      await ask();
      const sent = await answered();
      assert.match(sent.text, /writing with an AI[\s\S]*open at ten/);
      assert.equal(sent.to, AYSE);
      assert.ok(!sent.tagged);
      assert.equal(on.far.shown[0], `mark_seen ${AYSE}`);
      assert.match(await page(), /Sent/);
      on.clock.move(1000);
      await on.post(on.far.does(AYSE, { delivery: { mids: [sent.mid], watermark: on.clock.now() } }));
      assert.match(await page(), /Delivered/);
      await on.post(reads(on.far, sent, on.clock.now()));
      assert.match(await page(), /Read/);
      assert.equal(conversation().wanted, null);
    });

    it('a customer who isn’t named is asked for at Meta, which may keep it to itself', async () => {
      on.far.names.set(AYSE, 'Ayşe Demir');
      await on.post(on.far.says(JONAS, 'Hi'));
      await ask('Hello');
      await eventually(async () => assert.match(await page(), /Ayşe Demir/));
      const names = on.all<{ name: string | null }>('SELECT name FROM contacts ORDER BY id').map((row) => row.name);
      assert.deepEqual(names, [null, 'Ayşe Demir']);
      await eventually(() => assert.equal(on.one<{ n: number }>("SELECT count(*) AS n FROM jobs WHERE kind = 'fetch-profile'").n, 0));
    });

    it('a long answer goes in parts that the channel takes, and all of them are read by the newest receipt', async () => {
      await ask('Hello');
      await answered();
      const text = 'Wir backen jeden Morgen frisch, auch am Sonntag 🥐. '.repeat(60);
      say(text);
      await eventually(() => assert.ok(on.far.sent.length > 2 && states().every((state) => state === 'sent')));
      const parts = on.far.sent.slice(1);
      assert.ok(parts.every((part) => takes(part.text)));
      assert.equal(
        parts
          .map((part) => part.text)
          .join('')
          .replace(/\s/g, ''),
        text.replace(/\s/g, ''),
      );
      on.clock.move(1000);
      await on.post(reads(on.far, parts.at(-1) ?? assert.fail(), on.clock.now()));
      assert.ok(states().every((state) => state === 'read'));
    });

    for (const first of [true, false]) {
      it(`the echo of what we sent is ours, ${first ? 'also when it comes before the answer to the send' : 'and comes after it'}`, async () => {
        on.far.echo = { address: on.address, first };
        await ask();
        await eventually(() => assert.deepEqual(states(), ['sent']));
        say('**We** are here, _really_: [https://a.example](https://a.example)');
        await eventually(() => assert.deepEqual(states(), ['sent', 'sent']));
        await on.far.until(() => true);
        const authors = on.all<{ author: string; user: number | null }>(
          "SELECT author, user_id AS user FROM messages WHERE author IN ('bot', 'person') ORDER BY id",
        );
        assert.deepEqual(
          authors.map(({ author, user }) => [author, user !== null]),
          [
            ['bot', false],
            ['person', true],
          ],
          'nobody else said anything',
        );
      });
    }

    it('a send whose answer was lost is settled by its echo, and not sent twice', async () => {
      await ask('Hello');
      await answered();
      on.far.fail('messages', { cut: 'after' });
      say('We are here.');
      await eventually(() => assert.equal(states().at(-1), 'uncertain'));
      const sent = on.far.sent.at(-1) ?? assert.fail('it came');
      await on.post(on.far.echoOf(sent));
      assert.equal(states().at(-1), 'sent');
      on.clock.move(1000);
      await on.post(reads(on.far, sent, on.clock.now()));
      assert.equal(states().at(-1), 'read', 'its id is known by now');
      assert.equal(on.far.sent.filter(({ text }) => text === 'We are here.').length, 1);
    });

    it('somebody answers in Meta’s own inbox: the bot is silent, and the window stays as it was', async () => {
      await ask('Hello');
      await answered();
      await on.post(on.far.goesOut(AYSE, { text: 'I’m here, Mira', app_id: 263_902_037_430_900 }));
      assert.equal(conversation().turn, 'person');
      await ask();
      assert.match(await page(), /I’m here, Mira/);
      assert.equal(on.far.sent.length, 1, 'the bot said nothing');
    });

    it('what another app holds is kept, and wakes no bot', async () => {
      await on.post(on.far.standby(AYSE, { message: { mid: 'm_x', text: 'Are you open on Sunday?' } }));
      assert.equal(on.one<{ n: number }>('SELECT count(*) AS n FROM conversations').n, 0);
      assert.match(on.one<{ body: string }>('SELECT body FROM unrecognised').body, /open on Sunday/);
      assert.deepEqual(on.far.sent, []);
    });

    it('after 24 hours people write with the tag for seven days, the bot never; then nobody until the customer does', async () => {
      await ask('Hello');
      await answered();
      on.clock.move(DAY_MS - 1);
      say('In time.');
      await sentText('In time.');
      assert.equal(on.far.sent.at(-1)?.tagged, false);
      on.clock.move(1);
      say('A day later.');
      await sentText('A day later.');
      assert.equal(on.far.sent.at(-1)?.tagged, true);
      on.clock.move(6 * DAY_MS - 1);
      say('The last moment.');
      await sentText('The last moment.');
      on.clock.move(1);
      say('Too late.');
      await eventually(() => assert.equal(states().at(-1), 'failed'));
      assert.equal(on.far.sent.at(-1)?.text, 'The last moment.', 'it was not even tried');
      const { says } = on.one<{ says: string }>('SELECT says FROM deliveries ORDER BY id DESC LIMIT 1');
      assert.equal(says, `${name}’s 7 days since the customer’s last message have passed. Wait until they write.`);
    });

    it('what a bot said goes out in its 24 hours or not at all: its delivery says why, and a person is called', async () => {
      await ask('Hello');
      await answered();
      on.far.revoke();
      await ask();
      await eventually(() => assert.equal(on.one<{ status: string }>('SELECT status FROM channels').status, 'broken'));
      on.clock.move(DAY_MS);
      on.far.newToken();
      await editChannelSettings(on.ws, { channelId: on.channel.id, settings: on.far.settings, userId: running.mira });
      await eventually(() => assert.equal(states().at(-1), 'failed'));
      assert.match(await page(), /24 hours since the customer’s last message have passed\. Only people may answer now\./);
      assert.match(conversation().why ?? '', /could not be delivered/);
      assert.ok(on.far.sent.every(({ tagged }) => !tagged));
    });

    it('a picture is fetched from Meta’s own hosts without a token, and shown; one whose address has ended says so', async () => {
      const image = (url: string) => on.far.says(AYSE, { attachments: [{ type: 'image', payload: { url } }] });
      const states = () => on.all<{ state: string }>('SELECT state FROM attachments ORDER BY id').map(({ state }) => state);
      await on.post(image(on.far.files.keep(png(30, 20))));
      await eventually(() => assert.deepEqual(states(), ['kept']));
      assert.match(await page(), /<img /);
      const late = on.far.files.keep(png(30, 20));
      on.clock.move(HOUR_MS);
      await on.post(image(late));
      await eventually(() => assert.deepEqual(states(), ['kept', 'refused']));
      assert.match(await page(), /its address has ended/);
      await on.post(image('https://evil.example/cat.png'));
      await eventually(() => assert.deepEqual(states(), ['kept', 'refused', 'refused']));
    });

    it('stories are named, never fetched: a mention calls a person, a reply is answered', async () => {
      const url = 'https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1';
      await on.post(on.far.says(AYSE, { text: 'Are you open on Sunday?', reply_to: { story: { id: '1', url } } }));
      await answered();
      assert.match(await page(), /Your story/);
      await on.post(on.far.says(AYSE, { attachments: [{ type: 'story_mention', payload: { url } }] }));
      assert.match(await page(), /They mentioned you in their story/);
      assert.equal(on.one<{ n: number }>('SELECT count(*) AS n FROM attachments').n, 0);
      assert.ok(!on.ws.sql.serialize().toString('latin1').includes('ig_messaging_cdn'), 'not even its address is kept');
      await eventually(() => assert.notEqual(conversation().wanted, null));
    });

    // The rest is the same for both.
    if (options.product === 'instagram') return;

    it('read up to a moment is what had left by then, though the answer to its send came later', async () => {
      const answer = Promise.withResolvers<void>();
      on.far.fail('messages', { late: answer.promise });
      await ask();
      await on.far.until(() => on.far.sent.length === 1);
      const watermark = on.clock.now();
      on.clock.move(500);
      answer.resolve();
      await answered();
      await on.post(on.far.does(AYSE, { read: { watermark: watermark - 1 } }));
      assert.deepEqual(states(), ['sent']);
      await on.post(on.far.does(AYSE, { read: { watermark } }));
      assert.deepEqual(states(), ['read']);
    });

    it('the composer says until when one may write, when only people may, and when nobody, with what can be done', async () => {
      await ask('Hello');
      await answered();
      takeOver(on.ws, conversation().id, running.mira);
      const passes = (ms: number) => on.ws.sql.prepare('UPDATE messages SET said_at = said_at - ?').run(ms);
      assert.match(await foot(), /You can write until/);
      passes(DAY_MS);
      assert.match(await foot(), /’s 24 hours have passed\. The bot may not answer any more, people may until/);
      passes(6 * DAY_MS);
      const shut = await foot();
      assert.match(shut, /7 days have passed\. You can answer again as soon as they write\./);
      assert.doesNotMatch(shut, /template|>Send</);
      const owner = await on.server.as('owner');
      assert.equal((await owner.get(`/w/${on.ws.id}/conversations/${conversation().id}/template`)).status, 404);
      await ask('Are you there?');
      assert.doesNotMatch(await foot(), /have passed/);
    });

    it('an app that may not write as a person after a day is told what it lacks', async () => {
      await ask('Hello');
      await answered();
      on.far.humanAgent = false;
      on.clock.move(DAY_MS);
      say('A day later.');
      await eventually(() => assert.equal(states().at(-1), 'failed'));
      assert.match(await page(), /your app lacks the feature “Human Agent”/);
    });

    it('too fast: it waits as long as is said, and goes out once', async () => {
      on.far.fail('messages', { code: 613 });
      await ask('Hello');
      const wait = () => on.one<{ ms: number | null }>('SELECT no_send_before - ? AS ms FROM conversations', on.clock.now()).ms;
      await eventually(() => assert.deepEqual([states(), wait()], [['queued'], 15_000]));
      assert.deepEqual(on.far.sent, []);
      on.clock.move(15_000);
      on.server.installation.jobs.tick();
      await answered();
      assert.equal(on.far.sent.length, 1);
    });

    it('answers that are offered come back as what was touched; a reaction and a reply name what they are about', async () => {
      await ask('Hello');
      await answered();
      takeOver(on.ws, conversation().id, running.mira);
      const choices = [
        { id: 'yes', title: 'Yes' },
        { id: 'no', title: 'No' },
      ];
      sayAsPerson(on.ws, { conversationId: conversation().id, userId: running.mira, text: 'Shall we put one aside?', choices });
      await sentText('Shall we put one aside?');
      const sent = on.far.sent.at(-1) ?? assert.fail();
      assert.deepEqual(
        sent.choices.map(({ title }) => title),
        ['Yes', 'No'],
      );
      const payload = sent.choices[0]?.id ?? '';
      await on.post(on.far.says(AYSE, { text: 'Yes', quick_reply: { payload } }));
      assert.equal(
        on.one<{ choice: string }>("SELECT detail ->> '$.choice' AS choice FROM message_parts WHERE text = 'Yes' ORDER BY id DESC LIMIT 1")
          .choice,
        payload,
      );
      await on.post(on.far.does(AYSE, { reaction: { mid: sent.mid, action: 'react', reaction: 'love', emoji: '❤️' } }));
      assert.match(await page(), /❤️/);
      await on.post(on.far.does(AYSE, { reaction: { mid: sent.mid, action: 'unreact' } }));
      assert.doesNotMatch(await page(), /❤️/);
      await on.post(on.far.says(AYSE, { text: 'Thanks', reply_to: { mid: sent.mid } }));
      const [said] = on.all<{ author: string }>(
        "SELECT (SELECT o.author FROM messages o WHERE o.id = m.reply_to) AS author FROM messages m WHERE m.text = 'Thanks'",
      );
      assert.equal(said?.author, 'person');
    });

    it('an edit changes what was said, and what was taken back is gone from sight', async () => {
      await ask('Hello');
      takeOver(on.ws, conversation().id, running.mira);
      await on.post(on.far.says(AYSE, 'One cake', { mid: 'm_cake' }));
      await on.post(on.far.does(AYSE, { message_edit: { mid: 'm_cake', text: 'Two cakes', num_edit: 1 } }));
      assert.match(await page(), /Two cakes/);
      await on.post(on.far.does(AYSE, { message: { mid: 'm_cake', is_deleted: true } }));
      const shown = await page();
      assert.ok(!shown.includes('Two cakes</p>') && shown.includes('Taken back by the customer'));
    });
  });
}
