/** Customers on Telegram: what is said there stays with Telegram until it is confirmed. Some begin by the button, some correct themselves. */
import { setTimeout as pause } from 'node:timers/promises';
import { addChannel } from '../../../src/channels/index.ts';
import { TelegramSimulator } from '../../../test/simulators/telegram.ts';
import { SEND_MS } from '../house.ts';
import { thinkingMs, type CrashChannel } from './channel.ts';

export async function telegramChannel(): Promise<CrashChannel> {
  const far = await new TelegramSimulator({ latency: { beforeMs: SEND_MS / 2, afterMs: SEND_MS / 2 } }).start();

  /** Says something else, and corrects it twice: the last words count. */
  async function sayInThreeTries(who: { chat: number; name: string }, text: string): Promise<void> {
    const { message } = far.say(who, `${text} Or Monday?`);
    const { message_id, date } = message as { message_id: number; date: number };
    for (const [seconds, words] of [`${text} Or Tuesday?`, text].entries()) {
      await pause(Math.random() * 60);
      far.edit(who, message_id, words, date + 1 + seconds);
    }
  }

  return {
    kind: 'telegram',
    environment: { TELEGRAM_API_ROOT: far.url },
    async furnish(ws, botId) {
      await addChannel(ws, { kind: 'telegram', settings: { token: far.token }, botId, userId: null });
    },
    async customer({ ledger, over }, number, messages) {
      const who = { chat: 5000 + number, name: `Customer ${number}` };
      if (Math.random() < 0.4) far.say(who, '/start');
      for (let n = 0; n < messages && !over(); n++) {
        const text = ledger.next(`customer ${number}`);
        if (Math.random() < 0.2) await sayInThreeTries(who, text);
        else far.say(who, text);
        ledger.heard('telegram', text);
        if (Math.random() < 0.1) far.fail('sendMessage', { status: 429, retryAfter: 1 });
        if (Math.random() < 0.1) far.fail('sendMessage', { cut: Math.random() < 0.5 ? 'before' : 'after' });
        await pause(thinkingMs());
      }
    },
    sending: () => far.sending,
    reached: () => far.sent.map(({ chat, visible }) => ({ to: String(chat), text: visible })),
    isWaiting: () => far.waiting > 0,
    again: async () => far.updates.redeliver({ reversed: true }),
    end: () => far.stop(),
  };
}
