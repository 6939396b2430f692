import assert from 'node:assert/strict';
import { deviceStore } from '../../src/channels/device-store.ts';
import { DeliveryError, type OnEvents } from '../../src/channels/index.ts';
import { attachmentFetcher, deliverMessages, deliveryParked, receiveEvents, sayAsPerson } from '../../src/conversations/index.ts';
import { png } from '../support/files.ts';
import { OnWhatsappLinked } from './on-whatsapp-linked.ts';

const refused = async (act: Promise<unknown>): Promise<DeliveryError> => {
  const error = await act.then(
    () => assert.fail('it went through'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof DeliveryError, String(error));
  return error;
};

describe('a linked phone’s messages', () => {
  let aurora: OnWhatsappLinked;
  beforeEach(async () => {
    aurora = await OnWhatsappLinked.linked();
  });
  afterEach(() => aurora.end());
  const settled = () => aurora.far.until(() => aurora.far.waiting === 0);
  const deliveryState = () => aurora.ws.prepare('SELECT state FROM deliveries ORDER BY id DESC LIMIT 1').pluck().get();

  const lastOfCustomer = () => aurora.ws.prepare("SELECT max(id) FROM messages WHERE author = 'customer'").pluck().get() as number;

  /** A member answers Ayşe; the delivery's own reference. */
  const answer = (text: string, replyTo: number | null = null) => {
    const conversationId = aurora.ws.prepare('SELECT max(id) FROM conversations').pluck().get() as number;
    sayAsPerson(aurora.ws, { conversationId, userId: 1, text, replyTo });
    return aurora.ws.prepare('SELECT reference FROM deliveries ORDER BY id DESC LIMIT 1').pluck().get() as string;
  };

  it('a customer known by number and by LID is one contact, in whichever order WhatsApp tells', async () => {
    await aurora.far.say(aurora.ayse, 'By my number', { by: 'number', alone: true });
    await settled();
    await aurora.far.say(aurora.ayse, 'By both', { by: 'number' });
    await settled();
    await aurora.until(() => (aurora.texts().length === 2 ? true : null));
    await aurora.far.say(aurora.ayse, 'By my LID', { by: 'lid', alone: true });
    await aurora.until(() => (aurora.texts().length === 3 ? true : null));
    assert.deepEqual(aurora.texts(), ['By my number', 'By both', 'By my LID']);
    assert.deepEqual([aurora.count('contacts'), aurora.count('conversations')], [1, 1]);
    const ids = aurora.ws.prepare('SELECT external_id FROM identities ORDER BY id').pluck().all();
    assert.deepEqual(ids, ['5550001@lid', '491701234567']);
  });

  it('what was written while the server was down comes in order at the next start, once', async () => {
    await aurora.far.say(aurora.ayse, 'before');
    await settled();
    await aurora.restart();
    for (const text of ['one', 'two', 'three']) await aurora.far.say(aurora.ayse, text);
    aurora.listen();
    await aurora.far.until(() => aurora.far.online && aurora.far.waiting === 0);
    assert.deepEqual(aurora.texts(), ['before', 'one', 'two', 'three']);
    aurora.far.redeliver();
    await aurora.far.say(aurora.ayse, 'after');
    await settled();
    assert.deepEqual(aurora.texts(), ['before', 'one', 'two', 'three', 'after']);
  });

  it('[P3.2-a] a message that couldn’t be stored isn’t lost, though its key is used up: it is stored at the next start', async () => {
    await aurora.listening?.stop();
    let full = true;
    const failing: OnEvents = async (ws, channelId, events, state) => {
      if (full && events.some(({ type }) => type === 'message')) throw new Error('the disk is full');
      return receiveEvents(ws, channelId, events, { state });
    };
    aurora.listen(failing);
    await aurora.far.until(() => aurora.far.online);
    await aurora.far.say(aurora.ayse, 'Only once');
    await aurora.untilRow(({ says }) => says !== null);
    assert.deepEqual(aurora.texts(), []);
    assert.equal(aurora.far.waiting, 1, 'the sender isn’t told that it came');
    full = false;
    await aurora.restart();
    aurora.listen();
    await aurora.until(() => (aurora.texts().length > 0 ? true : null));
    await settled();
    assert.deepEqual(aurora.texts(), ['Only once']);
    await aurora.listening?.stop();
    assert.equal(aurora.ws.prepare("SELECT count(*) FROM device_values WHERE kind = 'arrived'").pluck().get(), 0);
  });

  it('a message doesn’t leave before the key that it used up is on the disk', async () => {
    await aurora.send('First');
    const store = deviceStore(aurora.ws, aurora.channelId);
    const { set } = store;
    store.set = (changes) => {
      if (changes.some(({ kind }) => kind === 'session')) throw new Error('the disk is full');
      set(changes);
    };
    const error = await refused(aurora.send('Never'));
    assert.equal(error.outcome, 'not-sent');
    assert.deepEqual(
      aurora.far.sent.map(({ text }) => text),
      ['First'],
    );
    store.set = set;
    await aurora.send('Second');
    assert.deepEqual(
      aurora.far.sent.map(({ text }) => text),
      ['First', 'Second'],
    );
    assert.deepEqual(aurora.far.unreadable, []);
  });

  it('killed between the key and the send, the next message can be read all the same', async () => {
    await aurora.send('First');
    const store = deviceStore(aurora.ws, aurora.channelId);
    const { set } = store;
    store.set = (changes) => {
      set(changes);
      if (changes.some(({ kind }) => kind === 'session')) throw new Error('killed');
    };
    await refused(aurora.send('Never'));
    await aurora.restart();
    aurora.listen();
    await aurora.untilRow(({ status }) => status === 'connected');
    await aurora.send('Second');
    assert.deepEqual(
      aurora.far.sent.map(({ text }) => text),
      ['First', 'Second'],
    );
    assert.deepEqual(aurora.far.unreadable, []);
  });

  it('what the owner answers on the phone silences the bot, and what we sent ourselves doesn’t', async () => {
    await aurora.far.say(aurora.ayse, 'Are you open?');
    await settled();
    const turn = () => aurora.ws.prepare('SELECT turn FROM conversations').pluck().get();
    await aurora.send('Yes, until six.');
    await settled();
    assert.equal(turn(), 'bot');
    await aurora.far.ownerSays(aurora.ayse, 'Till seven today.');
    await settled();
    assert.equal(turn(), 'person');
    const said = aurora.ws.prepare("SELECT text FROM messages WHERE author = 'person'").pluck().all();
    assert.deepEqual([said, aurora.count('contacts')], [['Till seven today.'], 1]);
  });

  it('an answer goes from sent to delivered to read, and one whose outcome is unknown is settled by its receipt', async () => {
    await aurora.far.say(aurora.ayse, 'Are you open?');
    await settled();
    const reference = answer('Yes.');
    aurora.far.fail('cut');
    await aurora.test.installation.jobs.start({ deliver: { run: deliverMessages, onParked: deliveryParked } });
    await aurora.until(() => (deliveryState() === 'uncertain' ? true : null));
    const sent = aurora.far.sent.at(-1);
    await aurora.far.until(() => aurora.far.logins === 2);
    aurora.far.receipt(aurora.ayse, sent?.id ?? '');
    await aurora.until(() => (deliveryState() === 'delivered' ? true : null));
    aurora.far.receipt(aurora.ayse, sent?.id ?? '', 'read');
    await aurora.until(() => (deliveryState() === 'read' ? true : null));
    assert.equal(aurora.ws.prepare('SELECT external_id FROM deliveries WHERE reference = ?').pluck().get(reference), sent?.id);
  });

  it('writing to a stranger is refused for good, in plain words, and other refusals by what they mean', async () => {
    for (const [code, outcome, permanent, retryAfter] of [
      ['463', 'not-sent', true, undefined],
      ['429', 'not-sent', false, 60_000],
      ['500', 'not-sent', false, undefined],
      ['406', 'not-sent', true, undefined],
    ] as const) {
      aurora.far.fail({ error: code });
      const error = await refused(aurora.send('Hello'));
      assert.deepEqual([error.outcome, error.permanent, error.retryAfter], [outcome, permanent, retryAfter], code);
      if (code === '463') assert.match(error.says, /WhatsApp doesn’t let this number write to this customer now/);
    }
    assert.deepEqual(aurora.far.sent, []);
  });

  it('a phone that couldn’t read a message gets it once more, also after a restart: with its marks, its answers to choose and what it replies to', async () => {
    const asked = await aurora.far.say(aurora.ayse, 'Are you *open*?');
    await settled();
    const conversationId = aurora.ws.prepare('SELECT max(id) FROM conversations').pluck().get() as number;
    const replyTo = lastOfCustomer();
    const choices = [{ id: '1', title: 'Book a table' }];
    await aurora.test.installation.jobs.start({ deliver: { run: deliverMessages, onParked: deliveryParked } });
    const { messageId } = sayAsPerson(aurora.ws, { conversationId, userId: 1, text: 'Yes, until **six**.', choices, replyTo });
    await aurora.until(() => (deliveryState() === 'sent' ? true : null));
    sayAsPerson(aurora.ws, { conversationId, userId: 1, text: 'From nine.', replyTo: messageId });
    await aurora.until(() => (aurora.far.sent.length === 2 && deliveryState() === 'sent' ? true : null));
    await aurora.restart();
    aurora.listen();
    await aurora.far.until(() => aurora.far.online);
    for (const { id } of [...aurora.far.sent]) aurora.far.asksAgain(aurora.ayse, id);
    await aurora.far.until(() => aurora.far.sent.length === 4);
    const [first, second, ...again] = aurora.far.sent;
    assert.deepEqual(again, [first, second]);
    const said = [first, second].map((each) => each?.words.extendedTextMessage);
    assert.deepEqual(
      said.map((each) => [
        each?.text,
        each?.contextInfo?.stanzaId,
        each?.contextInfo?.participant,
        each?.contextInfo?.quotedMessage?.conversation,
      ]),
      [
        ['Yes, until *six*.\n\n- Book a table', asked, '5550001@lid', 'Are you *open*?'],
        ['From nine.', first?.id, '99887766@lid', 'Yes, until *six*.'],
      ],
    );
  });

  it('a file replies to a certain message, too', async () => {
    const { kind, access } = aurora.opened();
    const [content, recipient] = [png(), aurora.ayse.lidJid];
    const about = {
      thread: 'direct',
      recipient,
      reference: 'dl_23456789abcdefghijkm',
      attempt: 1,
      author: 'person',
      text: 'This *one*',
    } as const;
    const file = { name: 'cake.png', mime: 'image/png', bytes: content.length, read: async () => content };
    const replyTo = { id: '3A01', author: aurora.ayse.phone, text: 'Which one?' };
    await kind.send(access, { ...about, kind: 'file', file, replyTo });
    const { caption, contextInfo } = aurora.far.sent[0]?.words.imageMessage ?? {};
    const { stanzaId, participant, quotedMessage } = contextInfo ?? {};
    assert.deepEqual(
      [caption, stanzaId, participant, quotedMessage?.conversation],
      ['This _one_', '3A01', '491701234567@s.whatsapp.net', 'Which one?'],
    );
  });

  it('what was taken back is quoted no more, and a reply to what nobody knows is sent all the same', async () => {
    const asked = await aurora.far.say(aurora.ayse, 'My code is 4711');
    await settled();
    const reference = answer('Thank you', lastOfCustomer());
    const device = deviceStore(aurora.ws, aurora.channelId);
    assert.equal(device.sent(reference)?.replyTo?.id, asked);
    await aurora.far.say(aurora.ayse, { protocolMessage: { type: 0, key: { id: asked, remoteJid: aurora.ayse.lidJid } } });
    await settled();
    assert.deepEqual(device.sent(reference), { text: 'Thank you', choices: [] });
    assert.equal(device.sent('dl_other'), null);
  });

  /** What Ayşe wrote was opened, couldn't be stored, and then the process ended. */
  const leaveOver = async () => {
    await aurora.listening?.stop();
    aurora.listen(async () => Promise.reject(new Error('the disk is full')));
    await aurora.far.until(() => aurora.far.online);
    await aurora.far.say(aurora.ayse, 'Only once');
    await aurora.untilRow(({ says }) => says !== null);
    await aurora.restart();
  };

  it('what was left of the last connection is stored before its keys are forgotten', async () => {
    await leaveOver();
    aurora.far.greetWith(401);
    aurora.listen();
    await aurora.untilRow(({ status }) => status === 'broken');
    assert.deepEqual([aurora.texts(), aurora.count('device_values')], [['Only once'], 0]);
  });

  it('isn’t called connected by what was left of the last connection, before WhatsApp is heard again', async () => {
    await leaveOver();
    const seen = new Set<string>();
    aurora.ws.bus.subscribe('all', () => seen.add(`${aurora.row().status} ${aurora.texts().length}`));
    aurora.far.greetWith(428, 428);
    aurora.listen();
    await aurora.until(() => (aurora.texts().length > 0 ? true : null));
    await aurora.untilRow(({ status }) => status === 'connected');
    assert.deepEqual([aurora.far.logins, aurora.texts()], [3, ['Only once']]);
    assert.deepEqual([...seen], ['connecting 0', 'connected 1']);
  });

  for (const [how, forgotten] of [
    ['by the key in its message', false],
    ['also when the phone has to put it there once more', true],
  ] as const)
    it(`a picture comes whole, ${how}`, async () => {
      const content = png(300, 200);
      const image = aurora.far.store.put('Image', content);
      await aurora.far.say(aurora.ayse, { imageMessage: { ...image, mimetype: 'image/png', caption: 'This one?' } });
      await settled();
      assert.deepEqual(aurora.texts(), ['[image] This one?']);
      if (forgotten) aurora.far.store.forget(image.directPath ?? '');
      await aurora.test.installation.jobs.start({ 'fetch-attachment': attachmentFetcher });
      await aurora.until(() => (aurora.ws.prepare('SELECT state FROM attachments').pluck().get() === 'kept' ? true : null));
      const kept = aurora.ws.prepare('SELECT state, mime, bytes FROM attachments').get();
      assert.deepEqual(kept, { state: 'kept', mime: 'image/png', bytes: content.length });
    });

  it('the sign that an answer is on its way is shown, and the message is marked as read', async () => {
    const id = await aurora.far.say(aurora.ayse, 'Are you open?');
    await settled();
    const { kind, access } = aurora.opened();
    await kind.typing?.(access, 'direct', id, aurora.ayse.lidJid);
    await aurora.far.until(() => aurora.far.typing.length === 1 && aurora.far.read.length === 1);
    assert.deepEqual([aurora.far.typing, aurora.far.read], [['5550001@lid'], [id]]);
  });

  it('a send that nobody can take now says so', async () => {
    await aurora.listening?.stop();
    const error = await refused(aurora.send('Hello'));
    assert.deepEqual([error.outcome, error.permanent, error.account], ['not-sent', false, false]);
  });

  it('what is to be sent while the line is away isn’t tried, and goes out when it is back', async () => {
    await aurora.far.say(aurora.ayse, 'Are you open?');
    await settled();
    await aurora.restart();
    answer('Yes.');
    aurora.far.greetWith(503, 503, 503);
    aurora.listen();
    assert.equal(aurora.row().status, 'connecting');
    await aurora.test.installation.jobs.start({ deliver: { run: deliverMessages, onParked: deliveryParked } });
    await aurora.until(() => (deliveryState() === 'sent' ? true : null));
    assert.deepEqual([aurora.far.logins, aurora.far.sent.map(({ text }) => text)], [2, ['Yes.']]);
    assert.equal(aurora.ws.prepare('SELECT attempts FROM deliveries ORDER BY id DESC').pluck().get(), 1);
  });
});

describe('a linked phone in groups', () => {
  let aurora: OnWhatsappLinked;
  afterEach(() => aurora.end());
  const group = '1203630@g.us';
  const about = (mentioned: string[]) => ({
    extendedTextMessage: { text: `@4915123456789 open? ${mentioned.length}`, contextInfo: { mentionedJid: mentioned } },
  });
  const heard = async (settings: Record<string, unknown>) => {
    aurora = await OnWhatsappLinked.linked(settings);
    await aurora.far.say(aurora.ayse, 'Who brings cake?', { group });
    await aurora.far.say(aurora.ayse, about(['99887766@lid']), { group });
    await aurora.far.say(aurora.ayse, about(['4915123456789@s.whatsapp.net']), { group });
    await aurora.far.say(aurora.ayse, about(['777@lid']), { group });
    await aurora.far.say(aurora.ayse, 'Directly');
    await aurora.far.until(() => aurora.far.waiting === 0);
    return aurora.texts();
  };

  it('are not even read, unless that is switched on', async () => assert.deepEqual(await heard({ groups: false }), ['Directly']));

  it('are answered there, where somebody mentions the number', async () => {
    assert.deepEqual(await heard({ groups: true }), ['@4915123456789 open? 1', '@4915123456789 open? 1', 'Directly']);
    assert.deepEqual([aurora.count('contacts'), aurora.count('conversations')], [1, 2]);
    const threads = aurora.ws.prepare('SELECT thread FROM conversations ORDER BY id').pluck().all();
    assert.deepEqual(threads, [group, 'direct']);
  });
});
