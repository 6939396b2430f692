import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ChannelEvent } from '../../src/channels/channel.ts';
import { markdownToWhatsapp } from '../../src/lib/whatsapp-markup.ts';
import { whatsapp } from '../../src/channels/whatsapp/index.ts';
import { bodyOf, changeOf, contactOf, messageOf, written, type Json, type WhatsappCustomer } from '../simulators/meta-webhooks.ts';

const number = { phoneNumberId: '106540352242922', shown: '+49 30 1234588', businessAccountId: '102290129340398' };
const ayse = { name: 'Ayşe Demir', phone: '4915112345678' };
const AT = 1_795_510_800_000;

const webhook = (said: string | Json, who: WhatsappCustomer = ayse) =>
  bodyOf(number, changeOf(number, { contacts: [contactOf(who)], messages: [messageOf(who, said, AT, 'wamid.1')] }));

function only(body: unknown): ChannelEvent {
  const events = whatsapp.parse(JSON.parse(written(body)));
  assert.equal(events.length, 1, JSON.stringify(events));
  return events[0] as ChannelEvent;
}

function partsOf(said: Json): unknown {
  const event = only(webhook(said));
  assert.equal(event.type, 'message');
  return event.type === 'message' && event.parts;
}

describe('what WhatsApp says', () => {
  it('a text, with who wrote it, when and in reply to what', () => {
    const said = { type: 'text', text: { body: 'Are you open? 🥐' }, context: { id: 'wamid.0', from: '4930' } };
    assert.deepEqual(only(webhook(said, { ...ayse, username: 'ayse' })), {
      type: 'message',
      thread: 'direct',
      sender: { externalId: ayse.phone, displayName: 'Ayşe Demir', username: 'ayse' },
      externalId: 'wamid.1',
      saidAt: AT,
      parts: [{ kind: 'text', text: 'Are you open? 🥐' }],
      replyTo: 'wamid.0',
    });
  });

  it('a person with a user id is known by it, with the number beside it; one without a number by it alone', () => {
    const senderOf = (who: WhatsappCustomer) => {
      const event = only(webhook('Hi', who));
      return event.type === 'message' && event.sender;
    };
    assert.deepEqual(senderOf({ ...ayse, userId: 'DE.77' }), { externalId: 'DE.77', alias: ayse.phone, displayName: 'Ayşe Demir' });
    assert.deepEqual(senderOf({ name: 'Ayşe', userId: 'DE.77' }), { externalId: 'DE.77', displayName: 'Ayşe' });
  });

  it('of several people in one change each has their own name and id', () => {
    const jonas = { name: 'Jonas', phone: '4917099999999', userId: 'DE.88' };
    const value = {
      contacts: [contactOf(jonas), contactOf(ayse)],
      messages: [messageOf(ayse, '1', AT), messageOf({ name: 'Jonas', phone: jonas.phone }, '2', AT)],
    };
    const events = whatsapp.parse(bodyOf(number, changeOf(number, value)));
    assert.deepEqual(
      events.map((event) => event.type === 'message' && [event.sender.displayName, event.sender.externalId]),
      [
        ['Ayşe Demir', ayse.phone],
        ['Jonas', 'DE.88'],
      ],
    );
  });

  for (const [what, said, parts] of [
    ['a pressed button of a template', { type: 'button', button: { text: 'Yes', payload: 'y' } }, [{ kind: 'text', text: 'Yes' }]],
    [
      'a pressed reply button',
      { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: 'b1', title: 'Sunday' } } },
      [{ kind: 'text', text: 'Sunday', detail: { choice: 'b1' } }],
    ],
    [
      'a choice of a list',
      { type: 'interactive', interactive: { type: 'list_reply', list_reply: { id: 'l1', title: 'Rye', description: '750 g' } } },
      [{ kind: 'text', text: 'Rye\n750 g', detail: { choice: 'l1' } }],
    ],
    [
      'a picture with words',
      { type: 'image', image: { id: 'm1', mime_type: 'image/jpeg', sha256: 'x', caption: 'This one' } },
      [{ kind: 'image', file: { reference: 'm1', mime: 'image/jpeg' }, text: 'This one' }],
    ],
    [
      'a voice note',
      { type: 'audio', audio: { id: 'm2', mime_type: 'audio/ogg; codecs=opus', voice: true } },
      [{ kind: 'audio', file: { reference: 'm2', mime: 'audio/ogg; codecs=opus' }, detail: { voice: true } }],
    ],
    [
      'a document',
      { type: 'document', document: { id: 'm3', mime_type: 'application/pdf', filename: 'order.pdf' } },
      [{ kind: 'file', file: { reference: 'm3', name: 'order.pdf', mime: 'application/pdf' } }],
    ],
    [
      'a sticker',
      { type: 'sticker', sticker: { id: 'm4', mime_type: 'image/webp' } },
      [{ kind: 'sticker', file: { reference: 'm4', mime: 'image/webp' } }],
    ],
    [
      'a place',
      { type: 'location', location: { latitude: 52.5, longitude: 13.4, name: 'Home', address: 'Kastanienallee 1' } },
      [{ kind: 'location', detail: { latitude: 52.5, longitude: 13.4 }, text: 'Home, Kastanienallee 1' }],
    ],
    [
      'contacts',
      {
        type: 'contacts',
        contacts: [{ name: { formatted_name: 'Oma' }, phones: [{ phone: '+49 30 1' }] }, { name: { formatted_name: 'Opa' } }],
      },
      [
        { kind: 'contact', text: 'Oma, +49 30 1', detail: { name: 'Oma', phone: '+49 30 1' } },
        { kind: 'contact', text: 'Opa', detail: { name: 'Opa', phone: '' } },
      ],
    ],
    [
      'an order',
      {
        type: 'order',
        order: {
          catalog_id: '1',
          text: 'For Sunday',
          product_items: [{ product_retailer_id: 'rye', quantity: '2', item_price: '4.5', currency: 'EUR' }],
        },
      },
      [{ kind: 'order', text: 'For Sunday\n2 × rye, 4.5 EUR' }],
    ],
    [
      'what WhatsApp itself can’t hand on',
      { type: 'unsupported', errors: [{ code: 131051 }] },
      [{ kind: 'unknown', detail: { type: 'unsupported' } }],
    ],
    ['a type that isn’t known', { type: 'hologram', hologram: {} }, [{ kind: 'unknown', detail: { type: 'hologram' } }]],
    ['a known type without its content', { type: 'image' }, [{ kind: 'unknown', detail: { type: 'image' } }]],
  ] as [string, Json, unknown][]) {
    it(`${what} is read`, () => assert.deepEqual(partsOf(said), parts));
  }

  it('a reaction, and its end, name the message and ask for no answer', () => {
    const reaction = (more: object) => only(webhook({ type: 'reaction', reaction: { message_id: 'wamid.7', ...more } }));
    const told = {
      type: 'reaction',
      thread: 'direct',
      sender: { externalId: ayse.phone, displayName: 'Ayşe Demir' },
      to: 'wamid.7',
      at: AT,
    };
    assert.deepEqual(reaction({ emoji: '👍🏽' }), { ...told, emoji: '👍🏽' });
    assert.deepEqual(reaction({}), { ...told, emoji: null });
    assert.deepEqual(reaction({ emoji: '' }), { ...told, emoji: null });
  });

  it('an edit has the first message’s id and a higher revision each time; what was taken back names it', () => {
    const edit = (id: string, at = AT) => {
      const said = { type: 'edit', edit: { original_message_id: 'wamid.1', message: { type: 'text', text: { body: 'On Monday' } } } };
      const [event] = whatsapp.parse(
        bodyOf(number, changeOf(number, { contacts: [contactOf(ayse)], messages: [messageOf(ayse, said, at, id)] })),
      );
      assert.ok(event?.type === 'message');
      return event;
    };
    assert.deepEqual([edit('wamid.2').externalId, edit('wamid.2').parts], ['wamid.1', [{ kind: 'text', text: 'On Monday' }]]);
    assert.notEqual(edit('wamid.2').revision, edit('wamid.3').revision, 'two within one second');
    assert.ok((edit('wamid.2', AT + 1000).revision ?? 0) > (edit('wamid.3').revision ?? 0));
    const revoked = only(webhook({ type: 'revoke', revoke: { original_message_id: 'wamid.1' } }));
    assert.ok(revoked.type === 'revoked' && revoked.externalId === 'wamid.1');
  });

  it('a new number takes the place of the number, a new user id that of the user id', () => {
    const system = (said: Json, who: WhatsappCustomer = ayse) => {
      const event = only(webhook({ type: 'system', system: said }, who));
      return event.type === 'identity' && [event.from, event.now];
    };
    const both = { ...ayse, userId: 'DE.77' };
    assert.deepEqual(system({ type: 'user_changed_number', wa_id: '491700' }), [{ externalId: ayse.phone }, { externalId: '491700' }]);
    assert.deepEqual(system({ type: 'user_changed_number', wa_id: '491700' }, both), [
      { externalId: ayse.phone },
      { externalId: '491700' },
    ]);
    assert.deepEqual(system({ type: 'user_changed_number', wa_id: '491700', user_id: 'DE.78' }, both), [
      { externalId: 'DE.77', alias: ayse.phone },
      { externalId: 'DE.78', alias: '491700' },
    ]);
    assert.deepEqual(system({ type: 'user_changed_user_id', user_id: 'DE.78' }, both), [
      { externalId: 'DE.77', alias: ayse.phone },
      { externalId: 'DE.78' },
    ]);
    assert.equal(only(webhook({ type: 'system', system: { body: 'something else' } })).type, 'unrecognised');
  });

  it('a user id that Meta changed is told by a field of its own', () => {
    const value = { user_id_update: [{ user_id: { previous: 'DE.77', current: 'DE.78' }, wa_id: ayse.phone, timestamp: '1795510800' }] };
    const event = only(bodyOf(number, changeOf(number, value, 'user_id_update')));
    assert.deepEqual(event.type === 'identity' && [event.from, event.now], [
      { externalId: 'DE.77' },
      { externalId: 'DE.78', alias: ayse.phone },
    ]);
  });

  it('what the owner wrote on their own phone is an echo to the customer', () => {
    const echo = { from: '493012345', to: ayse.phone, id: 'wamid.9', timestamp: '1795510800', type: 'text', text: { body: 'I am Mira' } };
    assert.deepEqual(only(bodyOf(number, changeOf(number, { message_echoes: [echo] }, 'smb_message_echoes'))), {
      type: 'echo',
      thread: 'direct',
      recipient: { externalId: ayse.phone },
      externalId: 'wamid.9',
      saidAt: AT,
      parts: [{ kind: 'text', text: 'I am Mira' }],
    });
  });

  it('a status carries our own reference, and says in plain words why something failed', () => {
    const status = (more: Json) =>
      only(bodyOf(number, changeOf(number, { statuses: [{ id: 'wamid.5', timestamp: '1795510800', recipient_id: ayse.phone, ...more }] })));
    const told = { type: 'receipt', externalId: 'wamid.5', at: AT };
    assert.deepEqual(status({ status: 'delivered', biz_opaque_callback_data: 'dl_1' }), { ...told, state: 'delivered', reference: 'dl_1' });
    assert.deepEqual(status({ status: 'played' }), { ...told, state: 'read' });
    const failed = status({ status: 'failed', errors: [{ code: 131047, title: 'Re-engagement message' }] });
    assert.match((failed.type === 'receipt' && failed.says) || '', /24 hours .* have passed/);
    assert.equal(status({ status: 'pondered' }).type, 'unrecognised');
  });

  it('a group’s message, other fields of the app and old chats are kept, and wake nobody', () => {
    assert.equal(only(webhook({ type: 'text', text: { body: 'Hi all' }, group_id: 'g1' })).type, 'unrecognised');
    for (const field of ['history', 'smb_app_state_sync', 'account_update', 'message_template_status_update'])
      assert.equal(only(bodyOf(number, changeOf(number, { messages: [messageOf(ayse, 'old', AT)] }, field))).type, 'unrecognised');
  });

  it('a body is parted by account whatever it is, and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        for (const each of [body, { object: 'whatsapp_business_account', entry: body }, bodyOf(number, { field: 'messages', value: body })])
          assert.ok(Array.isArray(whatsapp.accounts?.(each)));
      }),
    );
  });

  it('nothing of a body is lost: as many events as messages, whatever some of them look like', () => {
    const piece = fc.oneof(
      fc.string().map((text) => messageOf(ayse, text, AT)),
      fc.jsonValue(),
      fc.string().map((type) => messageOf(ayse, { type }, AT)),
    );
    fc.assert(
      fc.property(fc.array(fc.array(piece, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }), (changes) => {
        const body = bodyOf(number, ...changes.map((messages) => changeOf(number, { contacts: [contactOf(ayse)], messages })));
        assert.equal(whatsapp.parse(body).length, changes.flat().length);
        const pieces = whatsapp.accounts?.(body) ?? [];
        assert.equal(pieces.flatMap((each) => whatsapp.parse(each.body)).length, changes.flat().length);
        assert.ok(pieces.every(({ accountId }) => accountId === number.phoneNumberId));
      }),
    );
  });
});

describe('light Markdown on WhatsApp', () => {
  for (const [markdown, shown] of [
    ['**Bold** and *leaning* and ~~gone~~', '*Bold* and _leaning_ and ~gone~'],
    ['# Hours\n\n* Monday\n* Tuesday', '*Hours*\n\n- Monday\n- Tuesday'],
    ['See [our page](https://aurora.example/menu).', 'See our page (https://aurora.example/menu).'],
    ['[https://aurora.example](https://aurora.example)', 'https://aurora.example'],
    ['`a **b** c` and ```js\nx ** y\n```', '`a **b** c` and ```\nx ** y\n```'],
    ['2 * 3 * 4 and snake_case_name', '2 * 3 * 4 and snake_case_name'],
  ] as const)
    it(JSON.stringify(markdown), () => assert.equal(markdownToWhatsapp(markdown), shown));

  it('never makes a text longer or empty', () => {
    const marks = fc.array(
      fc.constantFrom('**', '*', '_', '`', '```\n', '[', '](', 'https://a.b', ')', '~~', '- ', '* ', '# ', '\n', 'word', ' '),
    );
    fc.assert(
      fc.property(marks, (pieces) => {
        const text = `x${pieces.join('')}`;
        const shown = markdownToWhatsapp(text);
        assert.ok(shown.length <= text.length && shown.trim() !== '', JSON.stringify([text, shown]));
      }),
    );
  });
});
