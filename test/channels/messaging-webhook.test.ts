import assert from 'node:assert/strict';
import { addChannel, pauseChannel, resumeChannel } from '../../src/channels/index.ts';
import { MetaMessagingSimulator } from '../simulators/meta-messaging.ts';
import { entryOf, itemOf, messageIn, messagingBody } from '../simulators/meta-messaging-webhooks.ts';
import { post, signatureOf, written, type Json } from '../simulators/meta-webhooks.ts';
import { cafeAurora } from '../support/installation.ts';
import { AYSE, JONAS, onMessaging, type Product } from './on-messaging.ts';

const products: Product[] = [{ product: 'messenger' }, { product: 'instagram', login: 'instagram' }];

for (const options of products) {
  describe(`what Meta posts for ${options.product}`, () => {
    const on = onMessaging(options, beforeEach, afterEach);

    const texts = () => on.all<{ text: string }>("SELECT text FROM messages WHERE author = 'customer' ORDER BY id").map(({ text }) => text);
    const kept = () => on.all<{ body: string }>('SELECT body FROM unrecognised ORDER BY id').map(({ body }) => body);
    const said = (customer: string, ...many: string[]): Json[] =>
      many.map((text) => itemOf(on.far, customer, on.clock.now(), messageIn(text)));

    it('is stored only with the signature of this channel’s own app', async () => {
      const text = written(on.far.says(AYSE, 'Grüße 🥐'));
      for (const [what, signature] of [
        ['none', null],
        ['another app’s', signatureOf(text, 'f'.repeat(32))],
        ['over other bytes', signatureOf(`${text} `, on.far.appSecret)],
      ] as const)
        assert.equal(await post(on.address, text, signature), 401, what);
      assert.deepEqual([texts(), kept()], [[], []]);
      assert.equal(await post(on.address, text, signatureOf(text, on.far.appSecret)), 200);
      assert.deepEqual(texts(), ['Grüße 🥐']);
    });

    it('every entry and every item is read, and the check turns green with the first', async () => {
      const now = on.clock.now();
      await on.post(messagingBody(on.far, entryOf(on.far, now, said(AYSE, '1', '2')), entryOf(on.far, now, said(JONAS, '3'))));
      assert.deepEqual(texts(), ['1', '2', '3']);
      assert.equal(on.one<{ n: number }>('SELECT count(*) AS n FROM conversations').n, 2);
      assert.equal(on.one<{ status: string }>('SELECT status FROM channels').status, 'connected');
    });

    it('what is delivered twice, in another order or a week later, is stored once', async () => {
      const bodies = ['1', '2', '3'].map((text) => on.far.says(AYSE, text));
      for (const body of [...bodies, ...bodies.toReversed()]) await on.post(body);
      on.clock.move(7 * 86_400_000);
      for (const body of bodies) await on.post(body);
      assert.deepEqual(texts(), ['1', '2', '3']);
      const echo = on.far.goesOut(AYSE, { text: 'From the phone' });
      await on.post(echo);
      await on.post(echo);
      assert.equal(on.one<{ n: number }>("SELECT count(*) AS n FROM messages WHERE author = 'person'").n, 1);
    });

    it('two first messages at the same instant make one contact and one conversation', async () => {
      await Promise.all(['1', '2', '3', '4'].map((text) => on.post(on.far.says(AYSE, text))));
      assert.deepEqual(texts().sort(), ['1', '2', '3', '4']);
      const counts = on.one('SELECT (SELECT count(*) FROM contacts) AS contacts, (SELECT count(*) FROM conversations) AS conversations');
      assert.deepEqual({ ...(counts as object) }, { contacts: 1, conversations: 1 });
    });

    it('what comes while the channel is paused waits at Meta', async () => {
      pauseChannel(on.ws, { channelId: on.channel.id, userId: on.server.people.owner });
      const body = on.far.says(AYSE, 'Are you open?');
      assert.deepEqual(await on.far.deliver(on.address, body), [503]);
      await resumeChannel(on.ws, { channelId: on.channel.id, userId: on.server.people.owner });
      await on.post(body);
      assert.deepEqual(texts(), ['Are you open?']);
    });

    it('two accounts of one app, in two workspaces: each gets its own, by either address', async () => {
      const other = await new MetaMessagingSimulator({ ...options, account: '999888777666' }).start();
      try {
        const { installation, url } = on.server;
        Object.assign(installation.settings, { metaApiRoot: other.url, instagramApiRoot: other.url });
        const nord = installation.workspaces.hold(cafeAurora(installation, 'Bistro Nord')).workspace;
        const theirs = await addChannel(nord, { kind: options.product, settings: other.settings, botId: null, userId: null });
        const now = on.clock.now();
        const foreign = entryOf(other, now, [itemOf(other, JONAS, now, messageIn('To the bistro'))]);
        const nobody = entryOf({ account: '1' }, now, [itemOf({ account: '1' }, JONAS, now, messageIn('To nobody'))]);
        const own = entryOf(on.far, now, said(AYSE, 'To the café'));
        await on.post(messagingBody(on.far, foreign, nobody, own));
        assert.deepEqual(
          await on.far.deliver(`${url}/webhooks/${theirs.publicId}`, messagingBody(on.far, entryOf(on.far, now, said(AYSE, 'Again')))),
          [200],
        );
        assert.deepEqual(texts(), ['To the café', 'Again']);
        assert.deepEqual(nord.sql.prepare("SELECT text FROM messages WHERE author = 'customer'").pluck().all(), ['To the bistro']);
        assert.equal(kept().length, 1);
        assert.match(kept()[0] ?? '', /To nobody/);
      } finally {
        await other.stop();
      }
    });

    it('the same account is connected once', async () => {
      await assert.rejects(
        addChannel(on.ws, { kind: options.product, settings: on.far.settings, botId: null, userId: null }),
        /already connected/,
      );
    });

    it('signed bodies of any shape are kept and answered with 200', async () => {
      for (const text of [
        '',
        '{',
        '[]',
        '{"object":"page"}',
        `{"object":"${on.far.object}","entry":[{"id":1},null,{"id":"x","messaging":[null,1,{}]}]}`,
      ])
        assert.equal(await post(on.address, text, signatureOf(text, on.far.appSecret)), 200, text);
      assert.deepEqual(texts(), []);
      assert.ok(kept().length >= 5);
    });
  });
}
