import assert from 'node:assert/strict';
import type { ChannelEvent } from '../../src/channels/channel.ts';
import { telegram } from '../../src/channels/telegram/index.ts';

const from = { id: 501, is_bot: false, first_name: 'Ayşe', last_name: 'Demir', username: 'ayse', language_code: 'tr' };
const chat = { id: 501, type: 'private', first_name: 'Ayşe' };
const DATE = 1_795_510_800;
const update = (content: object, more: object = {}) => ({
  update_id: 7,
  message: { message_id: 42, date: DATE, chat, from, ...content },
  ...more,
});
const file = (id: string, more: object = {}) => ({ file_id: id, file_unique_id: `u${id}`, file_size: 2048, ...more });

function only(body: unknown): ChannelEvent {
  const events = telegram.parse(body);
  assert.equal(events.length, 1, JSON.stringify(events));
  return events[0] as ChannelEvent;
}

function partOf(content: object) {
  const event = only(update(content));
  assert.ok(event.type === 'message', event.type);
  assert.equal(event.parts.length, 1);
  return event.parts[0];
}

describe('what Telegram says', () => {
  it('a message keeps what Telegram tells of its sender, and no more', () => {
    assert.deepEqual(only(update({ text: 'Açık mısınız?' })), {
      type: 'message',
      thread: '501',
      sender: { externalId: '501', displayName: 'Ayşe Demir', username: 'ayse', language: 'tr' },
      externalId: '42',
      saidAt: DATE * 1000,
      parts: [{ kind: 'text', text: 'Açık mısınız?' }],
    });
  });

  for (const [what, content, expected] of [
    [
      'a photo, the largest of its sizes',
      { photo: [file('s', { file_size: 10 }), file('l', { file_size: 900 })], caption: 'This one?' },
      { kind: 'image', file: { reference: 'l', mime: 'image/jpeg', bytes: 900 }, text: 'This one?' },
    ],
    [
      'a voice note',
      { voice: file('v', { duration: 3, mime_type: 'audio/ogg' }) },
      { kind: 'audio', file: { reference: 'v', mime: 'audio/ogg', bytes: 2048 }, detail: { voice: true, seconds: 3 } },
    ],
    [
      'an audio file',
      { audio: file('a', { duration: 9, file_name: 'song.mp3' }) },
      { kind: 'audio', file: { reference: 'a', name: 'song.mp3', mime: 'audio/mpeg', bytes: 2048 }, detail: { seconds: 9 } },
    ],
    [
      'a video',
      { video: file('m', { duration: 5 }) },
      { kind: 'video', file: { reference: 'm', mime: 'video/mp4', bytes: 2048 }, detail: { seconds: 5 } },
    ],
    [
      'a round video',
      { video_note: file('r', { duration: 5, length: 240 }) },
      { kind: 'video', file: { reference: 'r', mime: 'video/mp4', bytes: 2048 }, detail: { seconds: 5 } },
    ],
    [
      'an animation, which comes as a document too',
      { animation: file('g', { duration: 1 }), document: file('g') },
      { kind: 'video', file: { reference: 'g', mime: 'video/mp4', bytes: 2048 }, detail: { seconds: 1 } },
    ],
    [
      'a document',
      { document: file('d', { file_name: 'Rechnung.pdf', mime_type: 'application/pdf' }), caption: 'Hier' },
      { kind: 'file', file: { reference: 'd', name: 'Rechnung.pdf', mime: 'application/pdf', bytes: 2048 }, text: 'Hier' },
    ],
    [
      'a picture sent as a document',
      { document: file('d', { file_name: 'a.png', mime_type: 'image/png' }) },
      { kind: 'image', file: { reference: 'd', name: 'a.png', mime: 'image/png', bytes: 2048 } },
    ],
    [
      'a sticker, by its emoji',
      { sticker: file('k', { emoji: '👍', width: 1, height: 1 }) },
      { kind: 'sticker', file: { reference: 'k', bytes: 2048 }, text: '👍' },
    ],
    ['a place', { location: { latitude: 52.5, longitude: 13.4 } }, { kind: 'location', detail: { latitude: 52.5, longitude: 13.4 } }],
    [
      'a venue',
      {
        venue: { location: { latitude: 52.5, longitude: 13.4 }, title: 'Café', address: 'Weg 1' },
        location: { latitude: 52.5, longitude: 13.4 },
      },
      { kind: 'location', detail: { latitude: 52.5, longitude: 13.4 }, text: 'Café, Weg 1' },
    ],
    [
      'a contact',
      { contact: { phone_number: '+49 30 1', first_name: 'Jo' } },
      { kind: 'contact', text: 'Jo, +49 30 1', detail: { name: 'Jo', phone: '+49 30 1' } },
    ],
    [
      'a poll, which nobody here can read but a person should see',
      { poll: { id: '1', question: 'Cake?' } },
      { kind: 'unknown', detail: { type: 'poll' } },
    ],
  ] as const) {
    it(`reads ${what}`, () => assert.deepEqual(partOf(content), expected));
  }

  it('an edit is the same message with a higher revision, also twice within one second', () => {
    const edited = (update_id: number, edit_date: number) =>
      only({ update_id, edited_message: { message_id: 42, date: DATE, edit_date, chat, from, text: 'Two tables' } });
    const revisions = [edited(8, DATE + 1), edited(9, DATE + 1), edited(10, DATE + 2)].map((event) => {
      assert.ok(event.type === 'message' && event.externalId === '42');
      return event.revision ?? 0;
    });
    assert.deepEqual(
      revisions,
      [...new Set(revisions)].sort((a, b) => a - b),
    );
    assert.deepEqual(edited(8, DATE + 1), edited(8, DATE + 1), 'delivered again it is the same');
  });

  it('knows /start, /human and a bare /delete, also when they name the bot', () => {
    for (const [text, command] of [
      ['/start', 'start'],
      ['/start shop-window', 'start'],
      ['/START@aurora_cafe_bot', 'start'],
      ['/human', 'human'],
      ['/delete ', 'delete'],
    ] as const) {
      const event = only(update({ text }));
      assert.ok(event.type === 'command' && event.command === command, text);
      assert.equal(event.payload, text === '/start shop-window' ? 'shop-window' : undefined);
    }
  });

  it('keeps what somebody wrote behind /start by hand', () => {
    const [command, message] = telegram.parse(update({ text: '/start my order is late!' }));
    assert.ok(command?.type === 'command' && command.payload === undefined);
    assert.ok(message?.type === 'message' && message.parts[0]?.text === 'my order is late!');
  });

  it('keeps the words beside /human, and takes "/delete my order" for a message', () => {
    const [message, command] = telegram.parse(update({ text: '/human my order is late' }));
    assert.ok(message?.type === 'message' && message.parts[0]?.text === 'my order is late');
    assert.ok(command?.type === 'command' && command.command === 'human');
    assert.equal(only(update({ text: '/delete my order please' })).type, 'message');
    assert.equal(only(update({ text: '/help' })).type, 'message');
    assert.equal(only(update({ text: 'see /start' })).type, 'message');
  });

  for (const [what, body] of [
    ['another bot', { update_id: 1, message: { message_id: 1, date: DATE, chat, from: { ...from, is_bot: true }, text: 'hi' } }],
    ['a service note', { update_id: 1, message: { message_id: 1, date: DATE, chat, from, pinned_message: {} } }],
    ['a button of a message that isn’t told', { update_id: 1, callback_query: { id: '1', from, data: 'x' } }],
    [
      'a reaction that is a picture of the customer’s own',
      {
        update_id: 1,
        message_reaction: { chat, message_id: 1, user: from, date: DATE, old_reaction: [], new_reaction: [{ type: 'custom_emoji' }] },
      },
    ],
  ] as const) {
    it(`keeps ${what} as unrecognised, so that it never wakes the bot`, () =>
      assert.deepEqual(only(body), { type: 'unrecognised', body: JSON.stringify(body) }));
  }
});
