import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Channel, ChannelEvent } from '../../src/channels/channel.ts';
import { instagram } from '../../src/channels/instagram/index.ts';
import { messenger } from '../../src/channels/messenger/index.ts';
import { markdownToPlain } from '../../src/channels/meta-messaging-markup.ts';
import { entryOf, itemOf, messageIn, messagingBody, outgoingOf, type Messaged } from '../simulators/meta-messaging-webhooks.ts';
import { written, type Json } from '../simulators/meta-webhooks.ts';
import { AYSE, JONAS } from './on-messaging.ts';

const AT = 1_795_510_800_000;
const page: Messaged = { object: 'page', account: '101275806400438' };
const account: Messaged = { object: 'instagram', account: '17841405793187218' };

const wired = (body: unknown): unknown => JSON.parse(written(body));
const bodyOf = (of: Messaged, ...items: Json[]) => messagingBody(of, entryOf(of, AT, items));
const does = (holds: Json, of = page) => bodyOf(of, itemOf(of, AYSE, AT, holds));
const kindOf = ({ object }: Messaged): Channel => (object === 'page' ? messenger : instagram);

function eventsOf(body: Json, of = page): ChannelEvent[] {
  return kindOf(of).parse(wired(body));
}

function only(holds: Json, of = page): ChannelEvent {
  const events = eventsOf(does(holds, of), of);
  assert.equal(events.length, 1, JSON.stringify(events));
  return events[0] ?? assert.fail();
}

function partsOf(said: Json, of = page): unknown {
  const event = only({ message: { mid: 'm_1', ...said } }, of);
  return event.type === 'message' && event.parts;
}

const about = { thread: AYSE, sender: { externalId: AYSE } };
const unread = (type: string) => [{ kind: 'unknown', detail: { type } }];
const url = 'https://scontent.xx.fbcdn.net/v/t1/1.jpg?oh=1&oe=2';

describe('what Messenger and Instagram say', () => {
  for (const whose of [page, account]) {
    it(`${kindOf(whose).name}: a text, with who wrote it, when and in reply to what`, () => {
      assert.deepEqual(only({ message: { mid: 'm_1', text: 'Are you open? 🥐', reply_to: { mid: 'm_0' } } }, whose), {
        type: 'message',
        ...about,
        externalId: 'm_1',
        saidAt: AT,
        parts: [{ kind: 'text', text: 'Are you open? 🥐' }],
        replyTo: 'm_0',
      });
    });

    it(`${kindOf(whose).name}: each piece of a body goes to the account it is for, and another product’s is nobody’s`, () => {
      const other = { ...whose, account: '999' };
      const entries = [
        entryOf(whose, AT, [itemOf(whose, AYSE, AT, messageIn('1'))]),
        entryOf(other, AT, [itemOf(other, JONAS, AT, messageIn('2'))]),
      ];
      const pieces = kindOf(whose).accounts?.(messagingBody(whose, ...entries, { no: 'id' })) ?? [];
      assert.deepEqual(
        pieces.map(({ accountId }) => accountId),
        [whose.account, '999', null],
      );
      const said = pieces.map(({ body }) => kindOf(whose).parse(body)[0]);
      assert.deepEqual(
        said.map((event) => (event?.type === 'message' ? event.thread : event?.type)),
        [AYSE, JONAS, 'unrecognised'],
      );
      const foreign = whose === page ? account : page;
      assert.deepEqual(
        kindOf(foreign)
          .accounts?.(messagingBody(whose, ...entries))
          .map(({ accountId }) => accountId),
        [null],
      );
    });
  }

  for (const [what, said, parts] of [
    [
      'an answer that was touched',
      { text: 'Yes', quick_reply: { payload: 'yes-1' } },
      [{ kind: 'text', text: 'Yes', detail: { choice: 'yes-1' } }],
    ],
    ['a quick reply of another app', { text: 'Yes', quick_reply: { payload: 'FLOW 7' } }, [{ kind: 'text', text: 'Yes' }]],
    ['a picture', { attachments: [{ type: 'image', payload: { url } }] }, [{ kind: 'image', file: { reference: url } }]],
    [
      'several files with words',
      {
        text: 'These',
        attachments: [
          { type: 'image', payload: { url } },
          { type: 'audio', payload: { url: `${url}3` } },
        ],
      },
      [
        { kind: 'image', file: { reference: url } },
        { kind: 'audio', file: { reference: `${url}3` } },
        { kind: 'text', text: 'These' },
      ],
    ],
    [
      'a document, by the name in its address',
      { attachments: [{ type: 'file', payload: { url: 'https://cdn.fbsbx.com/v/t59/order%20%E2%82%AC.pdf?oh=1' } }] },
      [{ kind: 'file', file: { reference: 'https://cdn.fbsbx.com/v/t59/order%20%E2%82%AC.pdf?oh=1', name: 'order €.pdf' } }],
    ],
    [
      'a document with a name that isn’t well written',
      { attachments: [{ type: 'file', payload: { url: 'https://cdn.fbsbx.com/v/100%.pdf' } }] },
      [{ kind: 'file', file: { reference: 'https://cdn.fbsbx.com/v/100%.pdf', name: '100%.pdf' } }],
    ],
    [
      'a sticker, which came as a picture once',
      { attachments: [{ type: 'image', payload: { url, sticker_id: 369239263222822 } }] },
      [{ kind: 'sticker', file: { reference: url } }],
    ],
    [
      'a place',
      { attachments: [{ type: 'location', title: 'Home', payload: { coordinates: { lat: 52.5, long: 13.4 } } }] },
      [{ kind: 'location', text: 'Home', detail: { latitude: 52.5, longitude: 13.4 } }],
    ],
    [
      'a link that stands in the words',
      { text: 'See https://a.example/x', attachments: [{ type: 'fallback', title: 'A', url: 'https://a.example/x', payload: null }] },
      [{ kind: 'text', text: 'See https://a.example/x' }],
    ],
    [
      'a link alone',
      { attachments: [{ type: 'fallback', title: 'A page', url: 'https://a.example/x' }] },
      [{ kind: 'text', text: 'A page\nhttps://a.example/x' }],
    ],
    [
      'a post that was shared, in its old form and its new one',
      {
        attachments: [
          { type: 'share', payload: { url, title: 'Our cakes', ig_post_media_id: '181' } },
          { type: 'ig_post', payload: { url, title: 'Our cakes', ig_post_media_id: '181' } },
        ],
      },
      [{ kind: 'unknown', text: 'Our cakes', detail: { about: 'post' } }],
    ],
    [
      'a reel',
      { attachments: [{ type: 'ig_reel', payload: { url, reel_video_id: '1' } }] },
      [{ kind: 'unknown', detail: { about: 'reel' } }],
    ],
    [
      'a mention in a story',
      { attachments: [{ type: 'story_mention', payload: { url } }] },
      [{ kind: 'unknown', detail: { about: 'story-mention' } }],
    ],
    [
      'a reply to a story',
      { text: 'How much?', reply_to: { story: { id: '1', url } } },
      [{ kind: 'text', text: 'How much?', detail: { about: 'story-reply' } }],
    ],
    [
      'a kind of attachment that isn’t known',
      { attachments: [{ type: 'appointment_booking', payload: {} }] },
      unread('appointment_booking'),
    ],
    ['a picture without an address', { attachments: [{ type: 'image' }] }, unread('image')],
    ['an attachment without a type', { attachments: [{ payload: { url } }] }, unread('attachment')],
    ['what Meta itself can’t hand on', { is_unsupported: true }, unread('unsupported')],
    ['nothing', {}, unread('empty')],
  ] as [string, Json, unknown][]) {
    it(`a message with ${what}`, () => assert.deepEqual(partsOf(said), parts));
  }

  it('a story’s media is named, and nothing of it is handed on', () => {
    for (const type of ['story_mention', 'ig_story'])
      assert.doesNotMatch(JSON.stringify(partsOf({ attachments: [{ type, payload: { url } }] }, account)), /fbcdn/);
    assert.doesNotMatch(JSON.stringify(partsOf({ text: 'Hi', reply_to: { story: { id: '1', url } } }, account)), /fbcdn/);
  });

  it('a button that was pressed says what stands on it', () => {
    const event = { type: 'message', ...about, saidAt: AT };
    assert.deepEqual(only({ postback: { mid: 'm_1', title: 'Opening hours', payload: 'hours' } }), {
      ...event,
      externalId: 'm_1',
      parts: [{ kind: 'text', text: 'Opening hours', detail: { choice: 'hours' } }],
    });
    assert.deepEqual(only({ postback: { title: 'Get Started', payload: 'GET_STARTED', referral: { ref: 'x' } } }), {
      ...event,
      externalId: `postback ${AT}`,
      parts: [{ kind: 'text', text: 'Get Started' }],
    });
  });

  it('an edit is the same message again, and what was taken back is named', () => {
    const edited = only({ message_edit: { mid: 'm_1', text: 'Two cakes', num_edit: 2 } });
    assert.ok(edited.type === 'message' && edited.externalId === 'm_1' && edited.revision === 2);
    assert.deepEqual(only({ message: { mid: 'm_1', is_deleted: true } }, account), {
      type: 'revoked',
      ...about,
      externalId: 'm_1',
      at: AT,
    });
    assert.equal(only({ message_edit: { mid: 'm_1', text: 'Hi', num_edit: 0 } }, account).type, 'unrecognised');
  });

  it('a reaction, by its emoji or its name; one that can’t be drawn is kept', () => {
    const react = (more: Json) => only({ reaction: { mid: 'm_1', action: 'react', ...more } });
    assert.deepEqual(react({ reaction: 'other', emoji: '🥐' }), { type: 'reaction', ...about, to: 'm_1', emoji: '🥐', at: AT });
    const named = react({ reaction: 'love' });
    assert.equal(named.type === 'reaction' && named.emoji, '❤️');
    assert.deepEqual(only({ reaction: { mid: 'm_1', action: 'unreact' } }), { type: 'reaction', ...about, to: 'm_1', emoji: null, at: AT });
    for (const name of ['other', 'constructor']) assert.equal(react({ reaction: name }).type, 'unrecognised');
  });

  it('what came and was read: by ids and up to a moment on Messenger, by the newest on Instagram', () => {
    const delivery = itemOf(page, AYSE, AT, { delivery: { mids: ['m_1', 'm_2'], watermark: AT - 5 } });
    assert.deepEqual(eventsOf(messagingBody(page, entryOf(page, AT, [{ ...delivery, timestamp: undefined }]))), [
      { type: 'receipt', externalId: 'm_1', state: 'delivered', at: AT },
      { type: 'receipt', externalId: 'm_2', state: 'delivered', at: AT },
      { type: 'receipt-through', ...about, state: 'delivered', through: AT - 5 },
    ]);
    assert.deepEqual(only({ read: { watermark: AT - 5 } }), { type: 'receipt-through', ...about, state: 'read', through: AT - 5 });
    assert.deepEqual(only({ read: { mid: 'm_2' } }, account), {
      type: 'receipt',
      externalId: 'm_2',
      state: 'read',
      at: AT,
      andBefore: true,
    });
  });

  it('what left the account is an echo to the customer: Messenger’s brings our reference, Instagram’s brings no mark', () => {
    const echo = (of: Messaged, said: Json) =>
      eventsOf(bodyOf(of, outgoingOf(of, AYSE, AT, messageIn({ is_echo: true, ...said }, 'm_9'))), of)[0];
    const plain = {
      type: 'echo',
      thread: AYSE,
      recipient: { externalId: AYSE },
      externalId: 'm_9',
      saidAt: AT,
      parts: [{ kind: 'text', text: 'Hi' }],
    };
    assert.deepEqual(echo(page, { text: 'Hi', app_id: 1, metadata: 'dl_1' }), { ...plain, reference: 'dl_1' });
    assert.deepEqual(echo(page, { text: 'Hi', app_id: 263902037430900 }), plain);
    assert.deepEqual(echo(account, { text: 'Hi' }), { ...plain, unmarked: true });
    assert.equal(echo(page, { is_deleted: true })?.type, 'unrecognised');
  });

  for (const [what, item] of [
    ['what the account says without an echo’s mark', outgoingOf(page, AYSE, AT, messageIn('Hi'))],
    ['what the account says to itself', outgoingOf(page, page.account, AT, messageIn({ is_echo: true, text: 'Hi' }))],
    ['a reaction of the account', outgoingOf(page, AYSE, AT, { reaction: { mid: 'm_1', action: 'react', emoji: '👍' } })],
    ['a referral alone', itemOf(page, AYSE, AT, { referral: { ref: 'summer', source: 'SHORTLINK', type: 'OPEN_THREAD' } })],
    ['a change of thread control', itemOf(page, AYSE, AT, { pass_thread_control: { new_owner_app_id: '1' } })],
    ['an echo’s mark on a customer’s message', itemOf(page, AYSE, AT, messageIn({ is_echo: true, text: 'Hi' }))],
    ['a message without an id', itemOf(page, AYSE, AT, { message: { text: 'Hi' } })],
  ] as [string, Json][]) {
    it(`${what} is kept as it came`, () => {
      const [event, ...others] = eventsOf(bodyOf(page, item));
      assert.deepEqual(others, []);
      assert.deepEqual(event?.type === 'unrecognised' && JSON.parse(event.body), item);
    });
  }

  it('of what another app has, only what became of our own is believed; the rest is kept', () => {
    const held = entryOf(
      page,
      AT,
      [
        itemOf(page, AYSE, AT, messageIn('Hi')),
        outgoingOf(page, AYSE, AT, messageIn({ is_echo: true, text: 'From the other app' })),
        itemOf(page, AYSE, AT, { read: { watermark: AT } }),
      ],
      'standby',
    );
    assert.deepEqual(
      eventsOf(messagingBody(page, held)).map(({ type }) => type),
      ['unrecognised', 'unrecognised', 'receipt-through'],
    );
  });

  it('comments and other changes of a page are kept', () => {
    const body = { object: 'page', entry: [{ id: page.account, time: AT, changes: [{ field: 'feed', value: {} }] }] };
    assert.deepEqual(
      eventsOf(body).map(({ type }) => type),
      ['unrecognised'],
    );
  });

  it('loses nothing: every item of every entry is an event or is kept, whatever stands between', () => {
    const known: fc.Arbitrary<Json> = fc.constantFrom(
      messageIn('Hi'),
      { postback: { mid: 'm_p', title: 'Yes', payload: 'yes' } },
      { read: { watermark: AT } },
      { reaction: { mid: 'm_1', action: 'unreact' } },
    );
    const item = fc.oneof(
      known.map((holds) => itemOf(page, AYSE, AT, holds)),
      fc.jsonValue().map((value) => ({ strange: value })),
      fc.jsonValue(),
    );
    const entry = fc.array(item, { minLength: 1, maxLength: 5 }).map((items) => entryOf(page, AT, items as Json[]));
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 4 }), (entries) => {
        const items = entries.flatMap(({ messaging }) => messaging as Json[]);
        assert.equal(messenger.parse(messagingBody(page, ...entries)).length, items.length);
      }),
      { numRuns: 300 },
    );
  });
});

describe('light Markdown as plain text', () => {
  for (const [what, markdown, plain] of [
    ['bold and italic', '**Nine** to _five_, *daily*, __always__', 'Nine to five, daily, always'],
    ['a link, with its address behind it', '[Our menu](https://a.example/menu)', 'Our menu (https://a.example/menu)'],
    ['a link whose words are its address', '[https://a.example](https://a.example)', 'https://a.example'],
    ['lists and headings', '## Today\n* Rye\n* Spelt', 'Today\n- Rye\n- Spelt'],
    ['code, with what it holds left alone', '`a_b*c*` and\n```sh\nnpm *run* x\n```', 'a_b*c* and\nnpm *run* x'],
    ['what is struck', '~~ten~~ nine', 'ten nine'],
    ['marks that are none', 'a_b_c 2*3*4 ** x', 'a_b_c 2*3*4 ** x'],
  ] as const) {
    it(`${what}`, () => assert.equal(markdownToPlain(markdown), plain));
  }

  it('is never empty: marks around nothing are sent as they are', () => {
    for (const text of ['```\n```', '``````', '` `']) assert.equal(markdownToPlain(text), text);
  });

  it('is never longer than it was, so that what was split to a limit stays within it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('**', '*', '_', '`', '```\n', '[a](https://b.c/d)', '~~', '- ', '* ', '# ', '\n', 'word', ' ', '🥐')),
        (pieces) => {
          const text = pieces.join('');
          assert.ok(Buffer.byteLength(markdownToPlain(text)) <= Buffer.byteLength(text), text);
        },
      ),
      { numRuns: 500 },
    );
  });
});
