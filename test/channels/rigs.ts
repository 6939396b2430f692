/** Each channel with its far side, for the contract suite. */
import assert from 'node:assert/strict';
import type { Channel, ChannelAccess } from '../../src/channels/channel.ts';
import { telegram } from '../../src/channels/telegram/index.ts';
import { whatsapp } from '../../src/channels/whatsapp/index.ts';
import { widget } from '../../src/channels/widget/index.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createOutbound, type Outbound } from '../../src/lib/outbound.ts';
import { MetaSimulator } from '../simulators/meta.ts';
import { bodyOf, changeOf, contactOf, messageOf } from '../simulators/meta-webhooks.ts';
import { TelegramSimulator, type Fault } from '../simulators/telegram.ts';

/** One channel with its far side. */
export interface Rig {
  channel: Channel;
  secret: string;
  thread: string;
  /** A body with three messages and something unknown between them, and the texts of the messages. */
  batch: { body: unknown; texts: string[] };
  /** A rate limit's pause, ms. */
  pauseMs: number;
  /** What a customer reads of the link "[d](e)". */
  link: string;
  access(more?: Partial<ChannelAccess>): ChannelAccess;
  /** Makes the next send fail like this. */
  cause(situation: 'blocked' | 'rate' | 'cut' | 'revoked'): void;
  /** The next calls of one method fail like this. */
  fail(method: string, ...faults: Fault[]): void;
  /** What the customer has read, in order. */
  read(): string[];
  /** What the customer was sent that is a file. */
  readFiles(): { name: string; content: Buffer; caption: string }[];
  /** A customer's file at the far side; returns its reference. Absent where the stand-in has none. */
  hold?(content: Uint8Array): string;
  /** What becomes of a file that the far side holds, at its next fetch or for good. */
  spoil?(reference: string, how: 'gone' | 'too-large' | 'not-now'): void;
  /** How often the customer was shown that an answer is on its way. */
  shownTyping(): number;
  /** Resolves once the far side has a send in hand that it doesn't answer. */
  holdNextSend(): Promise<void>;
  /** The far side is gone: nothing answers at its address. */
  leave(): Promise<void>;
  end(): Promise<void>;
}

export async function startTelegram(): Promise<Rig> {
  const far = await new TelegramSimulator().start();
  const outbound: Outbound = createOutbound({ allowPrivate: true });
  const ayse = { chat: 501, name: 'Ayşe Demir' };
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
      settings: { token: far.token },
      state: null,
      apiRoot: far.url,
      fetch: outbound.to(far.url),
      agent: () => outbound.agent(far.url),
      clock: systemClock,
      signal: new AbortController().signal,
      ...more,
    }),
    cause(situation) {
      if (situation === 'blocked') far.block(ayse);
      if (situation === 'rate') far.fail('sendMessage', { status: 429, retryAfter: 7 });
      if (situation === 'cut') far.fail('sendMessage', { cut: 'after' });
      if (situation === 'revoked') far.revoke();
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

export async function startWidget(): Promise<Rig> {
  const never = () => Promise.reject(new Error('the widget has no far side'));
  return {
    channel: widget,
    secret: 'a widget has none',
    thread: 'visitor-1',
    batch: { body: null, texts: [] },
    pauseMs: 0,
    link: '',
    access: (more = {}) => ({
      channelId: 1,
      settings: widget.settings.parse({}),
      state: null,
      apiRoot: '',
      fetch: never,
      agent: () => assert.fail('the widget has no far side'),
      clock: systemClock,
      signal: new AbortController().signal,
      ...more,
    }),
    cause: () => undefined,
    fail: () => undefined,
    read: () => [],
    readFiles: () => [],
    shownTyping: () => 0,
    holdNextSend: never,
    leave: async () => undefined,
    end: async () => undefined,
  };
}

const FILES_AT_MOST = 1024 * 1024;

export async function startWhatsapp(): Promise<Rig> {
  const far = await new MetaSimulator().start();
  const outbound = createOutbound({ allowPrivate: true });
  const ayse = { name: 'Ayşe Demir', phone: '4915112345678' };
  const texts = ['Hi', 'Are you open on Sunday?', 'And on Monday?'];
  const [hi, sunday, monday] = texts.map((text) => messageOf(ayse, text, Date.now()));
  far.wrote(ayse);
  const contacts = [contactOf(ayse)];
  const body = {
    ...bodyOf(far),
    entry: [
      { id: far.businessAccountId, changes: [changeOf(far, { contacts, messages: [hi, { id: 'wamid.1', of: 'no known shape' }] })] },
      { id: far.businessAccountId, changes: [{ field: 'account_update' }, changeOf(far, { contacts, messages: [sunday, monday] })] },
    ],
  };
  return {
    channel: whatsapp,
    secret: far.token.slice(-20),
    thread: ayse.phone,
    batch: { body, texts },
    pauseMs: 4000,
    link: '[d](e)',
    access: (more = {}) => ({
      channelId: 1,
      settings: far.settings,
      state: null,
      apiRoot: far.apiRoot,
      fetch: outbound.to(far.url),
      fetchFile: outbound.to(far.url, { maxBytes: FILES_AT_MOST }),
      agent: () => outbound.agent(far.url),
      clock: systemClock,
      signal: new AbortController().signal,
      ...more,
    }),
    cause(situation) {
      if (situation === 'blocked') far.leaves(ayse);
      if (situation === 'rate') far.fail('messages', { code: 131056 });
      if (situation === 'cut') far.fail('messages', { cut: 'after' });
      if (situation === 'revoked') far.revoke();
    },
    fail: () => undefined,
    read: () => far.sent.map(({ text }) => text),
    readFiles: () =>
      far.sent.flatMap(({ file, text }) => (file ? [{ name: file.name ?? '', content: Buffer.from(file.content), caption: text }] : [])),
    hold(content) {
      const reference = `media-${far.files.size}`;
      far.files.set(reference, Buffer.from(content));
      return reference;
    },
    spoil(reference, how) {
      if (how === 'gone') far.files.delete(reference);
      if (how === 'too-large') far.files.set(reference, Buffer.alloc(FILES_AT_MOST + 1));
      if (how === 'not-now') far.fail(reference, { page: 503 });
    },
    shownTyping: () => far.typing.length,
    holdNextSend: () => far.hold('messages'),
    leave: () => far.stop(),
    async end() {
      await far.stop();
      await outbound.close();
    },
  };
}
