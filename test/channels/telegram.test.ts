import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ListenError, type ChannelAccess, type ChannelEvent } from '../../src/channels/channel.ts';
import { telegram } from '../../src/channels/telegram/index.ts';
import { markdownToTelegram } from '../../src/channels/telegram/markup.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createOutbound } from '../../src/lib/outbound.ts';
import { TelegramSimulator } from '../simulators/telegram.ts';
import { visibleText } from '../simulators/telegram-html.ts';

const from = { id: 501, is_bot: false, first_name: 'Ayşe', last_name: 'Demir', username: 'ayse', language_code: 'tr' };
const chat = { id: 501, type: 'private', first_name: 'Ayşe' };
const DATE = 1_795_510_800;
const update = (content: object, more: object = {}) => ({ update_id: 7, message: { message_id: 42, date: DATE, chat, from, ...content }, ...more });
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
  it('[P3.2-b] a message keeps what Telegram tells of its sender, and no more', () => {
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
    ['a photo, the largest of its sizes', { photo: [file('s', { file_size: 10 }), file('l', { file_size: 900 })], caption: 'This one?' }, { kind: 'image', file: { reference: 'l', mime: 'image/jpeg', bytes: 900 }, text: 'This one?' }],
    ['a voice note', { voice: file('v', { duration: 3, mime_type: 'audio/ogg' }) }, { kind: 'audio', file: { reference: 'v', mime: 'audio/ogg', bytes: 2048 }, detail: { voice: true, seconds: 3 } }],
    ['an audio file', { audio: file('a', { duration: 9, file_name: 'song.mp3' }) }, { kind: 'audio', file: { reference: 'a', name: 'song.mp3', mime: 'audio/mpeg', bytes: 2048 }, detail: { seconds: 9 } }],
    ['a video', { video: file('m', { duration: 5 }) }, { kind: 'video', file: { reference: 'm', mime: 'video/mp4', bytes: 2048 }, detail: { seconds: 5 } }],
    ['a round video', { video_note: file('r', { duration: 5, length: 240 }) }, { kind: 'video', file: { reference: 'r', mime: 'video/mp4', bytes: 2048 }, detail: { seconds: 5 } }],
    ['an animation, which comes as a document too', { animation: file('g', { duration: 1 }), document: file('g') }, { kind: 'video', file: { reference: 'g', mime: 'video/mp4', bytes: 2048 }, detail: { seconds: 1 } }],
    ['a document', { document: file('d', { file_name: 'Rechnung.pdf', mime_type: 'application/pdf' }), caption: 'Hier' }, { kind: 'file', file: { reference: 'd', name: 'Rechnung.pdf', mime: 'application/pdf', bytes: 2048 }, text: 'Hier' }],
    ['a picture sent as a document', { document: file('d', { file_name: 'a.png', mime_type: 'image/png' }) }, { kind: 'image', file: { reference: 'd', name: 'a.png', mime: 'image/png', bytes: 2048 } }],
    ['a sticker, by its emoji', { sticker: file('k', { emoji: '👍', width: 1, height: 1 }) }, { kind: 'sticker', file: { reference: 'k', bytes: 2048 }, text: '👍' }],
    ['a place', { location: { latitude: 52.5, longitude: 13.4 } }, { kind: 'location', detail: { latitude: 52.5, longitude: 13.4 } }],
    ['a venue', { venue: { location: { latitude: 52.5, longitude: 13.4 }, title: 'Café', address: 'Weg 1' }, location: { latitude: 52.5, longitude: 13.4 } }, { kind: 'location', detail: { latitude: 52.5, longitude: 13.4 }, text: 'Café, Weg 1' }],
    ['a contact', { contact: { phone_number: '+49 30 1', first_name: 'Jo' } }, { kind: 'contact', text: 'Jo, +49 30 1', detail: { name: 'Jo', phone: '+49 30 1' } }],
    ['a poll, which nobody here can read but a person should see', { poll: { id: '1', question: 'Cake?' } }, { kind: 'unknown', detail: { type: 'poll' } }],
  ] as const) {
    it(`reads ${what}`, () => assert.deepEqual(partOf(content), expected));
  }

  it('an edit is the same message with a higher revision, also twice within one second', () => {
    const edited = (update_id: number, edit_date: number) => only({ update_id, edited_message: { message_id: 42, date: DATE, edit_date, chat, from, text: 'Two tables' } });
    const revisions = [edited(8, DATE + 1), edited(9, DATE + 1), edited(10, DATE + 2)].map((event) => {
      assert.ok(event.type === 'message' && event.externalId === '42');
      return event.revision ?? 0;
    });
    assert.deepEqual(revisions, [...new Set(revisions)].sort((a, b) => a - b));
    assert.deepEqual(edited(8, DATE + 1), edited(8, DATE + 1), 'delivered again it is the same');
  });

  it('knows /start, /human and a bare /delete, also when they name the bot', () => {
    for (const [text, command] of [['/start', 'start'], ['/start shop-window', 'start'], ['/START@aurora_cafe_bot', 'start'], ['/human', 'human'], ['/delete ', 'delete']] as const) {
      const event = only(update({ text }));
      assert.ok(event.type === 'command' && event.command === command, text);
    }
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
    ['a group', { update_id: 1, message: { message_id: 1, date: DATE, chat: { id: -5, type: 'supergroup' }, from, text: 'hi' } }],
    ['another bot', { update_id: 1, message: { message_id: 1, date: DATE, chat, from: { ...from, is_bot: true }, text: 'hi' } }],
    ['a service note', { update_id: 1, message: { message_id: 1, date: DATE, chat, from, pinned_message: {} } }],
    ['a reaction', { update_id: 1, message_reaction: { chat, message_id: 1, user: from, date: DATE, old_reaction: [], new_reaction: [{ type: 'emoji', emoji: '👍' }] } }],
    ['being blocked', { update_id: 1, my_chat_member: { chat, from, date: DATE, new_chat_member: { status: 'kicked' } } }],
    ['a pressed button', { update_id: 1, callback_query: { id: '1', from, data: 'x' } }],
  ] as const) {
    it(`keeps ${what} as unrecognised, so that it never wakes the bot`, () => assert.deepEqual(only(body), { type: 'unrecognised', body: JSON.stringify(body) }));
  }
});

describe('light Markdown on Telegram', () => {
  for (const [markdown, html] of [
    ['**Open** *daily*, ~~Monday~~', '<b>Open</b> <i>daily</i>, <s>Monday</s>'],
    ['# Hours\nNine to six', '<b>Hours</b>\nNine to six'],
    ['Pick:\n\n- one\n- **two**\n  - deep\n\n3. three\n4. four', 'Pick:\n\n• one\n• <b>two</b>\n  • deep\n\n3. three\n4. four'],
    ['[Menu](https://cafe.example/?a=1&b="x")', '<a href="https://cafe.example/?a=1&amp;b=%22x%22">Menu</a>'],
    ['`a < b`\n\n```js\nif (a && b) {\n\n}\n```', '<code>a &lt; b</code>\n\n<pre><code class="language-js">if (a &amp;&amp; b) {\n\n}</code></pre>'],
    ['> Nice\n> place\n\nThanks', '<blockquote>Nice\nplace</blockquote>\n\nThanks'],
    ['<b>no</b> & 5 < 6', '&lt;b&gt;no&lt;/b&gt; &amp; 5 &lt; 6'],
    ['[x](javascript:alert(1))', '[x](javascript:alert(1))'],
    ['| a | b |\n|---|---|\n| 1 | 2 |', '| a | b |\n|---|---|\n| 1 | 2 |'],
    ['2 * 3 * 4 = 24_000', '2 * 3 * 4 = 24_000'],
  ] as const) {
    it(JSON.stringify(markdown), () => assert.equal(markdownToTelegram(markdown), html));
  }

  it('is markup that Telegram takes, and never reads longer than it was written', () => {
    const scraps = fc.constantFrom('**', '*', '_', '`', '```\n', '[a](https://b.example)', '![p](https://b.example)', '<https://c.example>', '<i>', '&amp;', '&', '~~', '\n> ', '\n- ', '\n  - ', '\n1. ', '\n# ', '\n\n', '\n---\n', 'word', ' ', '🥐', 'مرحبا', '\\*');
    fc.assert(
      fc.property(fc.oneof(fc.array(scraps, { maxLength: 30 }).map((parts) => parts.join('')), fc.string({ unit: 'grapheme', maxLength: 100 })), (text) => {
        assert.ok(visibleText(markdownToTelegram(text)).length <= text.length);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('listening to Telegram', () => {
  const ayse = { chat: 501, name: 'Ayşe Demir' };
  const outbound = createOutbound({ allowPrivate: true });
  let far: TelegramSimulator;
  let end: AbortController;
  beforeEach(async () => {
    far = await new TelegramSimulator().start();
    end = new AbortController();
  });
  afterEach(() => far.stop());
  after(() => outbound.close());

  const access = (state: unknown): ChannelAccess<{ token: string }> => ({ channelId: 1, settings: { token: far.token }, state, apiRoot: far.url, fetch: outbound.to(far.url), clock: systemClock, signal: end.signal });
  const listen = (state: unknown, onEvents: (events: ChannelEvent[], state: unknown) => Promise<void>) => telegram.listen?.(access(state), onEvents) ?? assert.fail('it listens');
  const words = (events: ChannelEvent[]) => events.flatMap((event) => (event.type === 'message' ? event.parts.map((part) => part.text) : []));

  it('confirms an update only after it is stored, and gets it again when storing failed', async () => {
    for (const text of ['a', 'b', 'c']) far.say(ayse, text);
    await assert.rejects(listen(null, () => Promise.reject(new Error('the disk is full'))), /the disk is full/);
    assert.equal(far.waiting, 3);
    const stored: (string | undefined)[] = [];
    let kept: unknown;
    const listening = listen(null, async (events, state) => {
      assert.equal(far.waiting > 0 || events.length === 0, true, 'nothing is confirmed while it is being stored');
      stored.push(...words(events));
      kept = state;
    });
    await far.until(() => far.polling);
    assert.deepEqual(stored, ['a', 'b', 'c']);
    assert.equal(far.waiting, 0);
    far.say(ayse, 'd');
    await far.until(() => far.polling && far.waiting === 0);
    assert.deepEqual([stored.at(-1), kept], ['d', { offset: 104 }]);
    end.abort();
    await listening;
  });

  it('goes on where it stopped, and says at once that it heard Telegram', async () => {
    far.say(ayse, 'old');
    const heard = new Promise<ChannelEvent[]>((resolve) => void listen({ offset: 101 }, async (events) => resolve(events)));
    assert.deepEqual(await heard, []);
    assert.deepEqual(far.offsets, [101]);
    end.abort();
  });

  it('takes numbers that begin anew at a lower place after a silent week', async () => {
    far.restartIds(50);
    for (const text of ['after', 'a week']) far.say(ayse, text);
    const stored: (string | undefined)[] = [];
    const listening = listen({ offset: 900_000 }, async (events) => void stored.push(...words(events)));
    await far.until(() => far.polling);
    assert.deepEqual(stored, ['after', 'a week']);
    assert.deepEqual(far.offsets, [900_000, 52]);
    assert.equal(far.waiting, 0, 'they are confirmed, not fetched for ever');
    end.abort();
    await listening;
  });

  it('asks for more than a hundred in several polls', async () => {
    for (let n = 0; n < 230; n++) far.say(ayse, String(n));
    const sizes: number[] = [];
    const listening = listen(null, async (events) => void sizes.push(events.length));
    await far.until(() => far.polling);
    assert.deepEqual(sizes, [100, 100, 30]);
    end.abort();
    await listening;
  });

  for (const [what, spoil, fatal, says] of [
    ['a revoked token', () => far.revoke(), true, /BotFather/],
    ['a webhook of another program', () => void (far.webhook = 'https://other.example'), true, /webhook/],
    ['another program that polls', () => far.fail('getUpdates', { status: 409, description: 'Conflict: terminated by other getUpdates request' }), false, /same token/],
    ['a rate limit', () => far.fail('getUpdates', { status: 429, retryAfter: 3 }), false, /pause/],
    ['a fault of Telegram’s own', () => far.fail('getUpdates', { status: 502 }), false, /tries again by itself/],
    ['a proxy’s page', () => far.fail('getUpdates', { page: 200 }), false, /tries again by itself/],
    ['a connection that is cut', () => far.fail('getUpdates', { cut: 'after' }), false, /24 hours/],
  ] as const) {
    it(`says ${what} in plain words, and ${fatal ? 'stops' : 'may be tried again'}`, async () => {
      spoil();
      await assert.rejects(listen(null, async () => undefined), (error) => {
        assert.ok(error instanceof ListenError, String(error));
        assert.equal(error.fatal, fatal);
        assert.match(error.says, says);
        return true;
      });
    });
  }
});
