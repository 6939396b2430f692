/** What Telegram says beside the messages of a private chat: groups, business accounts, buttons, reactions, blocks. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ChannelEvent, Heard } from '../../src/channels/channel.ts';
import { telegram } from '../../src/channels/telegram/index.ts';

const NOW = 1_795_510_999_000;
const DATE = 1_795_510_800;
const heard: Heard = { account: { id: '8123', name: '@aurora_cafe_bot' }, at: NOW };
const ayse = { id: 501, is_bot: false, first_name: 'Ayşe', last_name: 'Demir' };
const jonas = { id: 502, is_bot: false, first_name: 'Jonas' };
const bot = { id: 8123, is_bot: true, first_name: 'Aurora', username: 'aurora_cafe_bot' };
const chat = { id: 501, type: 'private', first_name: 'Ayşe' };
const group = { id: -1001, type: 'supergroup', title: 'Neighbours' };
const said = (content: object) => ({ message_id: 42, date: DATE, chat: group, from: ayse, ...content });
const mention = (offset: number) => ({ entities: [{ type: 'mention', offset, length: 16 }] });
const inGroup = (content: object) => telegram.parse({ update_id: 1, message: said(content) }, heard);

function only(events: ChannelEvent[]): ChannelEvent {
  assert.equal(events.length, 1, JSON.stringify(events));
  return events[0] as ChannelEvent;
}

describe('what is said in a group on Telegram', () => {
  for (const [what, content, text] of [
    ['names the bot', { text: '@aurora_cafe_bot are you open?', ...mention(0) }, 'are you open?'],
    ['names the bot in the middle, in capitals', { text: 'Hey @AURORA_CAFE_BOT are you open?', ...mention(4) }, 'Hey are you open?'],
    ['is nothing but its name', { text: '@aurora_cafe_bot', ...mention(0) }, '@aurora_cafe_bot'],
    [
      'names a bot without a user name',
      { text: 'Aurora, open?', entities: [{ type: 'text_mention', offset: 0, length: 6, user: bot }] },
      'Aurora, open?',
    ],
    ['replies to the bot', { text: 'And on Monday?', reply_to_message: { message_id: 40, from: bot } }, 'And on Monday?'],
  ] as const) {
    it(`is for the bot when it ${what}`, () => {
      const event = only(inGroup(content));
      assert.ok(event.type === 'message');
      assert.deepEqual([event.thread, event.sender.externalId, event.externalId], ['-1001', '501', '-1001/42']);
      assert.equal(event.parts[0]?.text, text);
    });
  }

  it('is for the bot under a picture, too', () => {
    const caption_entities = [{ type: 'mention', offset: 10, length: 16 }];
    const event = only(
      inGroup({
        photo: [{ file_id: 'p' }],
        caption: 'This cake? @aurora_cafe_bot',
        caption_entities: [{ ...caption_entities[0], offset: 11 }],
      }),
    );
    assert.ok(event.type === 'message' && event.parts[0]?.kind === 'image');
    assert.equal(event.parts[0].text, 'This cake?');
  });

  for (const [text, command] of [
    ['/human', 'human'],
    ['/start@aurora_cafe_bot', 'start'],
  ] as const) {
    it(`is for the bot as its command ${text}`, () => {
      const event = only(inGroup({ text }));
      assert.ok(event.type === 'command' && event.command === command && event.thread === '-1001');
    });
  }

  for (const [what, content] of [
    ['is said to each other', { text: 'Shall we go to the café?' }],
    ['names another bot', { text: '@other_bot open?', entities: [{ type: 'mention', offset: 0, length: 10 }] }],
    ['only looks like its name', { text: 'mail me: me@aurora_cafe_bot' }],
    ['is a command of another bot', { text: '/human@other_bot' }],
    ['is a command that nobody here knows', { text: '/roll' }],
    ['replies to somebody else', { text: 'Yes', reply_to_message: { message_id: 40, from: jonas } }],
    ['stands in a topic that the bot began', { text: 'Hi', reply_to_message: { message_id: 4, from: bot, forum_topic_created: {} } }],
    ['comes from a channel', { text: '@aurora_cafe_bot', ...mention(0), from: undefined }],
    ['comes from another bot', { text: '@aurora_cafe_bot', ...mention(0), from: { ...jonas, is_bot: true } }],
    ['is a note that somebody came', { new_chat_members: [jonas] }],
    ['has a shape that isn’t known', { text: 7 }],
  ] as const) {
    it(`is not even kept when it ${what}`, () => assert.deepEqual(inGroup(content), []));
  }

  it('a reaction that nobody can be told of isn’t kept either', () => {
    const about = { chat: group, message_id: 5, date: DATE, old_reaction: [] };
    for (const reaction of [
      { ...about, actor_chat: group, new_reaction: [{ type: 'emoji', emoji: '👍' }] },
      { ...about, user: ayse, new_reaction: [{ type: 'custom_emoji', custom_emoji_id: '1' }] },
    ])
      assert.deepEqual(telegram.parse({ update_id: 1, message_reaction: reaction }, heard), []);
  });

  it('has ids of its own: message 42 of a group is not message 42 of another one, nor of a private chat', () => {
    const hello = { text: '@aurora_cafe_bot hi', ...mention(0) };
    const ids = [{}, { chat: { ...group, id: -1002 } }, { chat }].map((more) => {
      const event = only(inGroup({ ...hello, ...more }));
      return event.type === 'message' ? event.externalId : '';
    });
    assert.equal(new Set(ids).size, 3);
  });

  it('is never kept, whatever stands in it, unless it is for the bot', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('text', 'caption', 'photo', 'from', 'date', 'new_chat_members', 'x'), fc.jsonValue()),
        (content) => {
          assert.deepEqual(telegram.parse({ update_id: 1, message: { ...said({}), ...content } }, heard), []);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('what is said to a business account on Telegram', () => {
  const to = (content: object) => ({ message_id: 9, date: DATE, chat, business_connection_id: 'bc_1', ...content });
  const parse = (kind: string, content: object) => telegram.parse({ update_id: 3, [kind]: to(content) }, heard);

  it('is a message of the customer, in a thread that says for whom it is answered', () => {
    const event = only(parse('business_message', { from: ayse, text: 'Are you open?', reply_to_message: { message_id: 8, from: jonas } }));
    assert.ok(event.type === 'message');
    assert.deepEqual([event.thread, event.externalId, event.replyTo], ['business:bc_1:501', 'business:bc_1:501/9', 'business:bc_1:501/8']);
  });

  it('by its owner is an answer of a person', () => {
    const event = only(parse('business_message', { from: jonas, text: 'Yes, until six.' }));
    assert.deepEqual(event, {
      type: 'echo',
      thread: 'business:bc_1:501',
      recipient: { externalId: '501', displayName: 'Ayşe' },
      externalId: 'business:bc_1:501/9',
      saidAt: DATE * 1000,
      parts: [{ kind: 'text', text: 'Yes, until six.' }],
    });
  });

  it('by a bot, ours or another one, is nobody’s answer', () => {
    assert.deepEqual(parse('business_message', { from: jonas, text: 'x', sender_business_bot: bot }), []);
  });

  it('by Telegram’s own away message silences no bot', () => {
    assert.equal(only(parse('business_message', { from: jonas, text: 'We are away', is_from_offline: true })).type, 'unrecognised');
  });

  it('changes when the customer edits it, and goes when they delete it', () => {
    const edit = only(parse('edited_business_message', { from: ayse, text: 'Open on Sunday?', edit_date: DATE + 2 }));
    assert.ok(edit.type === 'message' && edit.revision === (DATE + 2) * 1000 + 3);
    const gone = telegram.parse(
      { update_id: 4, deleted_business_messages: { business_connection_id: 'bc_1', chat, message_ids: [9, 10] } },
      heard,
    );
    assert.deepEqual(
      gone.map((event) => event.type === 'revoked' && [event.externalId, event.at]),
      [
        ['business:bc_1:501/9', NOW],
        ['business:bc_1:501/10', NOW],
      ],
    );
  });

  it('says nothing by itself when it is connected or let go', () => {
    assert.deepEqual(telegram.parse({ update_id: 5, business_connection: { id: 'bc_1', user: jonas, is_enabled: false } }, heard), []);
  });
});

describe('what customers do without words on Telegram', () => {
  const markup = { reply_markup: { inline_keyboard: [[{ text: 'Table for two', callback_data: 'two' }]] } };
  const touch = (message: object) => ({ update_id: 6, callback_query: { id: '77', from: ayse, data: 'two', message } });

  it('a touched button is a message with its title, and names the choice', () => {
    const event = only(telegram.parse(touch({ chat, message_id: 5, ...markup }), heard));
    assert.deepEqual(event, {
      type: 'message',
      thread: '501',
      sender: { externalId: '501', displayName: 'Ayşe Demir' },
      externalId: 'touch:77',
      saidAt: NOW,
      parts: [{ kind: 'text', text: 'Table for two', detail: { choice: 'two' } }],
    });
  });

  it('a button of a message that is too old to be told says its id', () => {
    const event = only(telegram.parse(touch({ chat, message_id: 5, date: 0 }), heard));
    assert.ok(event.type === 'message' && event.parts[0]?.text === 'two');
  });

  it('a button comes to rest by the answer to its post, and nothing else does', () => {
    assert.deepEqual(telegram.acknowledge?.(touch({ chat })), { method: 'answerCallbackQuery', callback_query_id: '77' });
    for (const body of [{ update_id: 1, message: said({ text: 'hi' }) }, null, 'x', [touch({ chat })]])
      assert.equal(telegram.acknowledge?.(body), null);
  });

  it('a reaction is put to a message and taken back', () => {
    const react = (new_reaction: object[]) =>
      only(
        telegram.parse(
          { update_id: 1, message_reaction: { chat, message_id: 5, user: ayse, date: DATE, old_reaction: [], new_reaction } },
          heard,
        ),
      );
    for (const [given, emoji] of [
      [[{ type: 'emoji', emoji: '👍' }], '👍'],
      [[], null],
    ] as const) {
      const event = react([...given]);
      assert.ok(event.type === 'reaction');
      assert.deepEqual([event.to, event.emoji], ['5', emoji]);
    }
  });

  it('blocking and unblocking is told; that the bot came into a group is nobody’s blocking', () => {
    const member = (status: string, where: object) =>
      telegram.parse({ update_id: 1, my_chat_member: { chat: where, from: ayse, date: DATE, new_chat_member: { status } } }, heard);
    assert.deepEqual(
      ['kicked', 'member'].map((status) => {
        const event = only(member(status, chat));
        return event.type === 'reach' && event.open;
      }),
      [false, true],
    );
    assert.deepEqual(member('kicked', group), []);
  });

  it('never throws at any update whose parts were swapped for anything', () => {
    const bodies = [
      { update_id: 1, message: said({ text: '@aurora_cafe_bot hi', ...mention(0) }) },
      { update_id: 2, business_message: { message_id: 9, date: DATE, chat, from: ayse, business_connection_id: 'bc_1', text: 'hi' } },
      { update_id: 3, deleted_business_messages: { business_connection_id: 'bc_1', chat, message_ids: [9] } },
      touch({ chat, ...markup }),
      { update_id: 4, message_reaction: { chat, message_id: 5, user: ayse, date: DATE, new_reaction: [{ type: 'emoji', emoji: '👍' }] } },
      { update_id: 5, my_chat_member: { chat, from: ayse, date: DATE, new_chat_member: { status: 'kicked' } } },
    ];
    fc.assert(
      fc.property(fc.constantFrom(...bodies), fc.jsonValue(), fc.nat(), (body, value, at) => {
        for (const event of telegram.parse(swapped(body, value, at), heard))
          if (event.type === 'message') assert.ok(event.parts.length > 0);
      }),
      { numRuns: 400 },
    );
  });
});

/** Puts `value` at the place number `at` of a body. */
function swapped(body: object, value: unknown, at: number): unknown {
  const copy = structuredClone(body);
  const places: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, child] of Object.entries(node)) {
      places.push([node as Record<string, unknown>, key]);
      walk(child);
    }
  };
  walk(copy);
  const place = places[at % places.length];
  if (place) place[0][place[1]] = value;
  return copy;
}
