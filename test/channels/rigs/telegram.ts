import { telegram } from '../../../src/channels/telegram/index.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { createOutbound, type Outbound } from '../../../src/lib/outbound.ts';
import { TelegramSimulator } from '../../simulators/telegram.ts';
import type { Kind, Rig } from './rig.ts';

export const telegramKind: Kind = { kind: 'telegram', skips: {}, start: startTelegram };

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
