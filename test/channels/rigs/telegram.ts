import assert from 'node:assert/strict';
import { telegram } from '../../../src/channels/telegram/index.ts';
import { idIn } from '../../../src/channels/telegram/threads.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { createOutbound, type Outbound } from '../../../src/lib/outbound.ts';
import { TelegramSimulator } from '../../simulators/telegram.ts';
import type { Params } from '../../simulators/telegram-updates.ts';
import { SAID, type Kind, type Rig, type Saying } from './rig.ts';

export const telegramKind: Kind = {
  kind: 'telegram',
  skips: {
    window: 'Telegram sets no time window',
    revoke: 'Telegram doesn’t tell bots what customers take back',
    nameless: 'everybody on Telegram has a name',
    alias: 'Telegram knows people by one id',
    'signed-bytes': 'Telegram shows a secret with each post, and no proof over its bytes',
  },
  start: startTelegram,
};

const ayse = { chat: 501, name: 'Ayşe Demir' };
const ABOUT = 1;
const SECRET = '0123456789abcdef0123456789abcdef';

/** What a customer does, as Telegram hands it over. */
function bodiesOf(far: TelegramSimulator): Partial<Record<Saying, unknown>> {
  const does = (content: Params) => far.say(ayse, content);
  const file = { file_id: 'file-1', file_unique_id: 'u', file_size: 12 };
  const [first_name, last_name] = SAID.contact.name.split(' ');
  return {
    image: does({ photo: [file], caption: SAID.caption }),
    voice: does({ voice: { ...file, duration: 3 } }),
    video: does({ video: { ...file, duration: 3 } }),
    document: does({ document: { ...file, file_name: SAID.name, mime_type: 'application/pdf' } }),
    sticker: does({ sticker: { ...file, emoji: '🥐' } }),
    location: does({ location: SAID.place }),
    contact: does({ contact: { phone_number: SAID.contact.phone, first_name, last_name } }),
    reaction: far.react(ayse, ABOUT, SAID.emoji),
    'reaction-gone': far.react(ayse, ABOUT, null),
    reply: does({ text: 'Yes', reply_to_message: { message_id: ABOUT } }),
    edit: far.edit(ayse, ABOUT, SAID.edited),
    unknown: far.push({ poll_answer: { poll_id: '1' } }),
  };
}

export async function startTelegram(): Promise<Rig> {
  const far = await new TelegramSimulator().start();
  const outbound: Outbound = createOutbound({ allowPrivate: true });
  const texts = ['Hi', 'Are you open on Sunday?', 'And on Monday?'];
  const messages = texts.map((text) => far.say(ayse, text));
  const body = [messages[0], { update_id: 900, poll_answer: { poll_id: '1' } }, messages[1], messages[2]];
  return {
    channel: telegram,
    secret: far.token.slice(-20),
    thread: String(ayse.chat),
    batch: { body, texts },
    pauseMs: 7000,
    link: 'd',
    access: (more = {}) => ({
      channelId: 1,
      settings: { token: far.token, mode: 'polling' },
      state: null,
      apiRoot: far.url,
      fetch: outbound.to(far.url),
      agent: () => outbound.agent(far.url),
      webhook: () => ({ url: null, secret: SECRET }),
      clock: systemClock,
      signal: new AbortController().signal,
      ...more,
    }),
    says(text, { at = Date.now(), id } = {}) {
      const about = { date: Math.floor(at / 1000), ...(id === undefined ? {} : { message_id: id }) };
      return far.say(ayse, { ...about, text });
    },
    saysMany: (many) => many.map((text) => far.say(ayse, text)),
    bodies: bodiesOf(far),
    sign: () => ({ 'x-telegram-bot-api-secret-token': SECRET }),
    offered: () => far.sent.map(({ buttons = [] }) => buttons.map(({ text }) => text)),
    repliedTo: () => far.sent.map(({ replyTo }) => (replyTo === undefined ? undefined : idIn(String(ayse.chat), replyTo))),
    heardId: String(ABOUT),
    reactions: () => far.reactions.map(({ chat, messageId, emoji }) => ({ to: idIn(String(chat), messageId), emoji: emoji ?? '' })),
    touch(title) {
      const touched = far.touch(ayse, far.sent.at(-1) ?? assert.fail('something was sent'), title);
      far.touches.clear(); // nobody listens here, who would let them rest
      return touched;
    },
    cause(situation) {
      if (situation === 'blocked') far.block(ayse);
      if (situation === 'rate') far.fail('sendMessage', { status: 429, retryAfter: 7 });
      if (situation === 'cut') far.fail('sendMessage', { cut: 'after' });
      if (situation === 'revoked') far.revoke();
      if (situation === 'broken') far.fail('sendMessage', { status: 500 });
      if (situation === 'page') far.fail('sendMessage', { page: 502 });
      if (situation === 'half') far.fail('sendMessage', { half: true });
    },
    fail: (method, ...faults) => far.fail(method, ...faults),
    read: () => far.sent.map((message) => message.visible),
    readFiles: () => far.sentFiles,
    hold: (content) => far.files.add(content).file_id,
    spoil(reference, how) {
      if (how === 'gone') far.files.forget(reference);
      if (how === 'too-large') far.fail('getFile', { status: 400, description: 'Bad Request: file is too big' });
      if (how === 'not-now') far.fail('download', { status: 404 });
    },
    shownTyping: () => far.typing.length,
    holdNextSend: () => far.hold('sendMessage'),
    leave: () => far.stop(),
    async end() {
      await far.stop();
      await outbound.close();
    },
  };
}
