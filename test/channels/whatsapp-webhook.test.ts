import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { addChannel, pauseChannel, resumeChannel } from '../../src/channels/index.ts';
import { whatsapp } from '../../src/channels/whatsapp/index.ts';
import { MetaSimulator } from '../simulators/meta.ts';
import { bodyOf, changeOf, contactOf, messageOf, post, signatureOf, written } from '../simulators/meta-webhooks.ts';
import { cafeAurora } from '../support/installation.ts';
import { ayse, onWhatsapp } from './on-whatsapp.ts';

const jonas = { name: 'Jonas', phone: '4917099999999' };

describe('what Meta posts for WhatsApp', () => {
  const on = onWhatsapp(beforeEach, afterEach);

  const texts = () => on.all<{ text: string }>("SELECT text FROM messages WHERE author = 'customer' ORDER BY id").map(({ text }) => text);
  const kept = () => on.all<{ body: string }>('SELECT body FROM unrecognised ORDER BY id').map(({ body }) => body);

  it('proves by its token that the address is ours, and gives the challenge back', async () => {
    const ask = async (query: Record<string, string>) => {
      const response = await fetch(`${on.address}?${new URLSearchParams(query)}`);
      return [response.status, await response.text()];
    };
    const right = { 'hub.mode': 'subscribe', 'hub.verify_token': on.verify, 'hub.challenge': '1158201444' };
    assert.deepEqual(await ask(right), [200, '1158201444']);
    for (const wrong of [{ 'hub.verify_token': 'x'.repeat(32) }, { 'hub.verify_token': '' }, { 'hub.mode': 'unsubscribe' }])
      assert.equal((await ask({ ...right, ...wrong }))[0], 403, JSON.stringify(wrong));
    const { status } = await fetch(`${on.server.url}/webhooks/ch_nobody?${new URLSearchParams(right)}`);
    assert.equal(status, 403);
  });

  it('[P4.2-d] is stored only with Meta’s signature over these very bytes', async () => {
    const text = written(on.far.says(ayse, 'Grüße 🥐'));
    const right = signatureOf(text, on.far.appSecret);
    for (const [what, bytes, signature] of [
      ['no signature', text, null],
      ['another app’s', text, signatureOf(text, 'f'.repeat(32))],
      ['over other bytes', text.replace('Gr', 'gr'), right],
      ['over the same JSON, written another way', JSON.stringify(JSON.parse(text)), right],
      ['cut', text, right.slice(0, -2)],
      ['in capitals', text, right.toUpperCase()],
      ['by SHA-1', text, `sha1=${createHmac('sha1', on.far.appSecret).update(text).digest('hex')}`],
    ] as const)
      assert.equal(await post(on.address, bytes, signature), 401, what);
    assert.deepEqual([texts(), kept()], [[], []], 'nothing was stored');
    assert.equal(await post(on.address, text, right), 200);
    assert.deepEqual(texts(), ['Grüße 🥐']);
  });

  it('an address that isn’t there, or that has no webhook, takes nothing', async () => {
    const text = written(on.far.says(ayse, 'Hi'));
    assert.equal(await post(`${on.server.url}/webhooks/ch_nobody`, text, signatureOf(text, on.far.appSecret)), 404);
    const widget = await addChannel(on.ws, { kind: 'widget', settings: {}, botId: null, userId: null });
    assert.equal(await post(`${on.server.url}/webhooks/${widget.publicId}`, text, signatureOf(text, on.far.appSecret)), 404);
  });

  it('every entry, change and message is read, and the check turns green with the first', async () => {
    const change = (...said: string[]) =>
      changeOf(on.far, { contacts: [contactOf(ayse)], messages: said.map((text) => messageOf(ayse, text, on.clock.now())) });
    const body = bodyOf(on.far, change('1', '2'), change('3'));
    await on.post({ ...body, entry: [...(body['entry'] as []), { id: '1', changes: [change('4')] }] });
    assert.deepEqual(texts(), ['1', '2', '3', '4']);
    assert.equal(on.one<{ n: number }>('SELECT count(*) AS n FROM conversations').n, 1);
    assert.equal(on.one<{ status: string }>('SELECT status FROM channels').status, 'connected');
  });

  it('what is delivered twice, or in another order, is stored once', async () => {
    const bodies = ['1', '2', '3'].map((text) => on.far.says(ayse, text));
    for (const body of [...bodies, ...bodies.toReversed()]) await on.post(body);
    assert.deepEqual(texts(), ['1', '2', '3']);
  });

  it('two first messages at the same instant make one contact and one conversation', async () => {
    await Promise.all(['1', '2', '3', '4'].map((text) => on.post(on.far.says(ayse, text))));
    assert.deepEqual(texts().sort(), ['1', '2', '3', '4']);
    const counts = on.one('SELECT (SELECT count(*) FROM contacts) AS contacts, (SELECT count(*) FROM conversations) AS conversations');
    assert.deepEqual({ ...(counts as object) }, { contacts: 1, conversations: 1 });
  });

  it('is not answered with 200 while it can’t be stored, and comes again', async () => {
    on.ws.sql.exec("CREATE TRIGGER ill BEFORE INSERT ON messages BEGIN SELECT raise(ABORT, 'ill'); END");
    const body = on.far.says(ayse, 'Are you open?');
    assert.deepEqual(await on.far.deliver(on.address, body), [500]);
    on.ws.sql.exec('DROP TRIGGER ill');
    assert.deepEqual(await on.far.deliver(on.address, body, { times: 3 }), [200]);
    assert.deepEqual(texts(), ['Are you open?']);
  });

  it('what comes while the channel is paused waits at Meta', async () => {
    pauseChannel(on.ws, { channelId: on.channel.id, userId: on.server.people.owner });
    const body = on.far.says(ayse, 'Are you open?');
    assert.deepEqual(await on.far.deliver(on.address, body), [503]);
    assert.deepEqual(texts(), []);
    await resumeChannel(on.ws, { channelId: on.channel.id, userId: on.server.people.owner });
    await on.post(body);
    assert.deepEqual(texts(), ['Are you open?']);
  });

  it('another number of the same app gets what is its own; a number that nobody has is kept', async () => {
    const other = await new MetaSimulator({ phoneNumberId: '999888777666' }).start();
    try {
      const { installation } = on.server;
      installation.settings.metaApiRoot = other.url;
      const nord = installation.workspaces.hold(cafeAurora(installation, 'Bistro Nord')).workspace;
      await addChannel(nord, { kind: 'whatsapp', settings: other.settings, botId: null, userId: null });
      const foreign = changeOf(other, { contacts: [contactOf(jonas)], messages: [messageOf(jonas, 'To the bistro', on.clock.now())] });
      const nobody = changeOf({ ...other, shown: '', phoneNumberId: '1' }, { messages: [messageOf(jonas, 'To nobody', on.clock.now())] });
      const own = changeOf(on.far, { contacts: [contactOf(ayse)], messages: [messageOf(ayse, 'To the café', on.clock.now())] });
      await on.post(bodyOf(on.far, foreign, nobody, own));
      assert.deepEqual(texts(), ['To the café']);
      assert.deepEqual(nord.sql.prepare("SELECT text FROM messages WHERE author = 'customer'").pluck().all(), ['To the bistro']);
      assert.deepEqual(kept().length, 1);
      assert.match(kept()[0] ?? '', /To nobody/);
    } finally {
      await other.stop();
    }
  });

  it('nobody writes into another business by an app of their own', async () => {
    const theirs = await new MetaSimulator({ phoneNumberId: '999888777666' }).start();
    Object.assign(theirs, { appSecret: 'f'.repeat(32) });
    try {
      const { installation } = on.server;
      installation.settings.metaApiRoot = theirs.url;
      const nord = installation.workspaces.hold(cafeAurora(installation, 'Bistro Nord')).workspace;
      await addChannel(nord, { kind: 'whatsapp', settings: theirs.settings, botId: null, userId: null });
      const forged = bodyOf(
        theirs,
        changeOf(theirs, { contacts: [contactOf(jonas)], messages: [messageOf(jonas, 'Forged', on.clock.now())] }),
      );
      await on.post(forged);
      assert.equal(nord.sql.prepare('SELECT count(*) FROM messages').pluck().get(), 0);
      assert.equal(kept().length, 1, 'it is kept where it came, and wakes nobody');
    } finally {
      await theirs.stop();
    }
  });

  it('signed bodies of any shape are kept and answered with 200: empty, no JSON, nested, huge, without ids', async () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const message = (more: object) => written(bodyOf(on.far, changeOf(on.far, { messages: [{ ...messageOf(ayse, 'x', 0), ...more }] })));
    const bodies = [
      '{}',
      'null',
      'not JSON at all',
      deep,
      `{"object":"whatsapp_business_account","entry":[{"changes":[${deep}]}]}`,
      message({ id: undefined }),
      message({ from: undefined }),
      message({ timestamp: 'soon' }),
      message({ type: 7 }),
      written(bodyOf(on.far, { field: 'messages', value: { messages: [messageOf(ayse, 'to no number', 0)] } })),
    ];
    for (const body of bodies) assert.equal(await post(on.address, body, signatureOf(body, on.far.appSecret)), 200, body.slice(0, 60));
    assert.deepEqual(texts(), []);
    assert.equal(kept().length, bodies.length);
    const huge = 'x'.repeat(5 * 1024 * 1024);
    assert.equal(await post(on.address, huge, signatureOf(huge, on.far.appSecret)), 413);
    const long = written(on.far.says(ayse, 'ü🥐'.repeat(100_000)));
    assert.equal(await post(on.address, long, signatureOf(long, on.far.appSecret)), 200);
    assert.equal(texts()[0]?.length, 20_000, 'more of one message isn’t read');
  });

  it('a type that isn’t known is shown as such to a person', async () => {
    await on.post(on.far.says(ayse, { type: 'hologram', hologram: { size: 3 } }));
    assert.equal(on.one<{ kind: string }>('SELECT kind FROM message_parts').kind, 'unknown');
    assert.ok(on.one<{ wanted: number }>('SELECT wanted_since AS wanted FROM conversations').wanted);
  });

  it('a signature fits nothing but its own bytes and secret', () => {
    const settings = on.far.settings;
    const request = (raw: Buffer, header: string) => ({ raw, headers: { 'x-hub-signature-256': header } });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(), fc.nat(255), (bytes, at, byte) => {
        const raw = Buffer.from(bytes);
        const header = `sha256=${createHmac('sha256', settings.appSecret).update(raw).digest('hex')}`;
        assert.equal(whatsapp.verify?.(request(raw, header), settings), true);
        const other = Buffer.from(raw);
        if (other.length > 0) other[at % other.length] = byte;
        if (!other.equals(raw)) assert.equal(whatsapp.verify?.(request(other, header), settings), false);
        const secret = on.far.appSecret.replace('0', '1');
        assert.equal(whatsapp.verify?.(request(raw, header), { ...settings, appSecret: secret }), false);
      }),
    );
    fc.assert(fc.property(fc.string(), (header) => whatsapp.verify?.(request(Buffer.from('{}'), header), settings) === false));
  });
});
