import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ChannelEvent, InPart } from '../../src/channels/channel.ts';
import { addressOf, messageIdOf, personOf, referenceOf } from '../../src/channels/whatsapp-linked/ids.ts';
import { BrokenMedia, lockMedia, unlockMedia } from '../../src/channels/whatsapp-linked/media.ts';
import { parseLinked } from '../../src/channels/whatsapp-linked/parse.ts';
import { publicId } from '../../src/lib/ids.ts';

const OWN = ['4915123456789', '99887766'];
const KEY = { id: '3A01', remoteJid: '5550001@lid', fromMe: false };
const parse = (messages: unknown[], more: object = {}) => parseLinked({ own: OWN, groups: false, at: 1_000, messages, ...more });
const hear = (message: unknown, key: object = {}, more: object = {}) =>
  parse([{ key: { ...KEY, ...key }, messageTimestamp: 1_800_000_000, pushName: 'Ayşe', message, ...more }]);

function partsOf(events: ChannelEvent[]): InPart[] {
  const [event, ...others] = events;
  assert.ok(event?.type === 'message' && others.length === 0, JSON.stringify(events));
  return event.parts;
}

describe('what a linked phone hears', () => {
  for (const [what, message, parts] of [
    [
      'a button that was touched',
      { buttonsResponseMessage: { selectedButtonId: 'two', selectedDisplayText: 'For two' } },
      [{ kind: 'text', text: 'For two', detail: { choice: 'two' } }],
    ],
    [
      'a row of a list',
      { listResponseMessage: { title: 'Cake', description: 'With cherries', singleSelectReply: { selectedRowId: 'cake' } } },
      [{ kind: 'text', text: 'Cake\nWith cherries', detail: { choice: 'cake' } }],
    ],
    [
      'a template’s button',
      { templateButtonReplyMessage: { selectedId: 'yes', selectedDisplayText: 'Yes' } },
      [{ kind: 'text', text: 'Yes', detail: { choice: 'yes' } }],
    ],
    [
      'an order',
      { orderMessage: { orderTitle: 'Order', message: 'Please', itemCount: 2 } },
      [{ kind: 'order', text: 'Order\nPlease\n2 items' }],
    ],
    [
      'a poll, which nobody here can read',
      { pollCreationMessageV3: { name: 'Cake?' } },
      [{ kind: 'unknown', detail: { type: 'pollCreationMessageV3' } }],
    ],
    ['a picture without its key', { imageMessage: { caption: 'Look', directPath: '/v/1' } }, [{ kind: 'image', text: 'Look' }]],
    [
      'several contacts',
      { contactsArrayMessage: { contacts: [{ displayName: 'A', vcard: 'TEL:1' }, { displayName: 'B' }] } },
      [
        { kind: 'contact', text: 'A, 1', detail: { name: 'A', phone: '1' } },
        { kind: 'contact', text: 'B', detail: { name: 'B', phone: '' } },
      ],
    ],
    [
      'a text in three envelopes',
      { deviceSentMessage: { message: { ephemeralMessage: { message: { viewOnceMessage: { message: { conversation: 'Hi' } } } } } } },
      [{ kind: 'text', text: 'Hi' }],
    ],
    ['an empty text', { conversation: '' }, [{ kind: 'text', text: '' }]],
  ] as [string, unknown, InPart[]][])
    it(`reads ${what}`, () => assert.deepEqual(partsOf(hear(message)), parts));

  it('tells what only keeps devices in step from what somebody said', () => {
    for (const message of [
      { senderKeyDistributionMessage: { groupId: 'x' } },
      { messageContextInfo: {} },
      { protocolMessage: { type: 3, key: { id: 'x' } } },
      { protocolMessage: { type: 5, historySyncNotification: {} } },
    ])
      assert.deepEqual(hear(message), []);
  });

  it('hears neither statuses nor newsletters, nor groups unless that is switched on', () => {
    for (const remoteJid of ['status@broadcast', '1@newsletter', '120@g.us'])
      assert.deepEqual(hear({ conversation: 'Hi' }, { remoteJid, participant: '5550001@lid' }), []);
  });

  it('a reply in a group is to us where it replies to what we said', () => {
    const reply = (participant: string) => ({ extendedTextMessage: { text: 'Yes', contextInfo: { stanzaId: '3EB0', participant } } });
    const inGroup = (message: unknown) =>
      parse([{ key: { ...KEY, remoteJid: '120@g.us', participant: '5550001:3@lid' }, messageTimestamp: 1, message }], { groups: true });
    const [event] = inGroup(reply('99887766:7@lid'));
    assert.ok(event?.type === 'message');
    assert.deepEqual([event.thread, event.sender.externalId, event.replyTo], ['120@g.us', '5550001@lid', '3EB0']);
    assert.deepEqual(inGroup(reply('777@lid')), []);
  });

  it('never takes the owner’s own number for the customer’s', () => {
    const [echo] = hear({ conversation: 'Till seven' }, { fromMe: true, remoteJidAlt: '4915123456789@s.whatsapp.net' });
    assert.ok(echo?.type === 'echo');
    assert.deepEqual(echo.recipient, { externalId: '5550001@lid' });
    assert.deepEqual(hear({ conversation: 'A note to myself' }, { fromMe: true, remoteJid: '99887766@lid' }), []);
    assert.deepEqual(hear({ reactionMessage: { key: { id: 'x' }, text: '👍' } }, { fromMe: true }), []);
  });

  it('keeps what couldn’t be opened without taking its id: it comes again by the same', () => {
    const [event] = hear(undefined, {}, { messageStubType: 2 });
    assert.equal(event?.type, 'unrecognised');
    assert.deepEqual(partsOf(hear(null, { isViewOnce: true })), [{ kind: 'unknown', detail: { type: 'view-once' } }]);
    assert.deepEqual(partsOf(hear(null, {}, { messageStubType: 40 })), [{ kind: 'unknown', detail: { type: 'missed-call' } }]);
    assert.deepEqual(hear(null, {}, { messageStubType: 27 }), []);
  });

  it('reads what became of our messages, and passes over those of the owner’s phone', () => {
    const reference = publicId('dl');
    const id = messageIdOf(reference);
    const news = (key: object, update: object) => parse([], { updates: [{ key: { id, fromMe: true, ...key }, update }] });
    const states = [2, 3, 4, 5].flatMap((status) => news({}, { status, messageTimestamp: 7 }));
    assert.deepEqual(
      states,
      ['sent', 'delivered', 'read', 'read'].map((state) => ({ type: 'receipt', reference, externalId: id, state, at: 7000 })),
    );
    const [failed] = news({}, { status: 0, messageStubParameters: ['463'] });
    assert.ok(failed?.type === 'receipt' && failed.state === 'failed');
    assert.match(failed.says ?? '', /doesn’t let this number write/);
    assert.deepEqual(
      [...news({}, { status: 1 }), ...news({ id: '3B000001' }, { status: 3 }), ...news({ fromMe: false }, { status: 4 })],
      [],
    );
  });

  it('never throws, whatever a message holds, and never loses one without a word', () => {
    const names = [
      'conversation',
      'imageMessage',
      'protocolMessage',
      'ephemeralMessage',
      'message',
      'contextInfo',
      'extendedTextMessage',
      'key',
      'editedMessage',
      'text',
      'reactionMessage',
    ];
    const messages = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'medium' },
        fc.jsonValue({ maxDepth: 1 }),
        fc.dictionary(fc.constantFrom(...names), tie('any'), { maxKeys: 3 }),
      ),
    })).any;
    fc.assert(
      fc.property(messages, fc.boolean(), (message, fromMe) => {
        for (const event of hear(message, { fromMe })) assert.equal(typeof event.type, 'string');
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.ok(parseLinked(value).length >= 0);
        assert.equal(parse([value]).length, 1, 'what is no message is kept');
      }),
      { numRuns: 300 },
    );
  });
});

describe('the names of a linked phone', () => {
  it('a message’s id leads back to the delivery it was made of, and to no other', () => {
    fc.assert(
      fc.property(fc.integer(), () => {
        const reference = publicId('dl');
        const id = messageIdOf(reference);
        assert.match(id, /^3EB0[0-9A-F]{25}$/);
        assert.equal(referenceOf(id), reference);
      }),
      { numRuns: 200 },
    );
    assert.equal(referenceOf('3EB0A1B2C3D4E5F60718'), undefined, 'another web client’s');
  });

  it('a person is the same by every device, and a LID is surer than a number', () => {
    assert.deepEqual(personOf(['5550001:12@lid', '491701234567:12@s.whatsapp.net']), { externalId: '5550001@lid', alias: '491701234567' });
    assert.deepEqual(personOf(['491701234567@s.whatsapp.net', undefined]), { externalId: '491701234567' });
    assert.equal(personOf(['120@g.us']), null);
    assert.equal(addressOf('direct', '491701234567'), '491701234567@s.whatsapp.net');
    assert.equal(addressOf('120@g.us', '5550001@lid'), '120@g.us');
  });
});

describe('a file on its way over WhatsApp', () => {
  const open = async (bytes: Uint8Array, key: Buffer, size: number): Promise<Buffer> => {
    const pieces: Uint8Array[] = [];
    async function* cut() {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    }
    for await (const piece of unlockMedia('document', key, cut())) pieces.push(piece);
    return Buffer.concat(pieces);
  };

  it('comes out as it went in, however it is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 64 }), async (plain, size) => {
        const { key, bytes } = lockMedia('document', plain);
        assert.deepEqual(await open(bytes, key, size), Buffer.from(plain));
      }),
      { numRuns: 100 },
    );
  });

  it('is refused when a byte was changed or is missing', async () => {
    const { key, bytes } = lockMedia('document', Buffer.from('A table for two'));
    for (const spoiled of [bytes.subarray(0, -1), bytes.subarray(1), Buffer.alloc(0), Buffer.from(bytes).fill(1, 2, 3)])
      await assert.rejects(open(spoiled, key, 7), BrokenMedia);
  });
});
