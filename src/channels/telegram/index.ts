/** Telegram: a bot of the business's own, by long polling, so that it works behind any router. */
import { z } from 'zod';
import type { Channel, Outbound, Sent } from '../channel.ts';
import { DeliveryError } from '../channel.ts';
import { callApi, type Access } from './api.ts';
import { deliveryError, isMarkupError } from './errors.ts';
import { fetchAttachment } from './fetch-attachment.ts';
import { listen } from './listen.ts';
import { markdownToTelegram } from './markup.ts';
import { parseUpdates } from './parse.ts';
import { sendFile } from './send-file.ts';
import { telegramSettings } from './settings.ts';

const me = z.object({ id: z.number().int(), is_bot: z.literal(true), username: z.string() });
const done = z.literal(true);
const message = z.object({ message_id: z.number().int() });

export const telegram: Channel<typeof telegramSettings> = {
  kind: 'telegram',
  name: 'Telegram',
  sendsFiles: true,
  settings: telegramSettings,
  limits: { textLength: 4096, textUnit: 'utf16', captionLength: 1024, choiceTitleLength: 64, quietMs: 1500, windowMs: null },
  parse: parseUpdates,
  listen,
  fetchAttachment,
  send,

  async connect(access) {
    const account = await call(access, () => callApi(access, 'getMe', {}, me));
    // What waits at Telegram was written by customers: it is never dropped.
    await call(access, () => callApi(access, 'deleteWebhook', { drop_pending_updates: false }, done));
    return { name: `@${account.username}`, accountId: String(account.id) };
  },

  async disconnect() {
    // Nothing to let go of: Telegram hears from us only when we ask.
  },

  async health(access) {
    await call(access, () => callApi(access, 'getMe', {}, me));
  },

  async typing(access, thread) {
    try {
      await callApi(access, 'sendChatAction', { chat_id: Number(thread), action: 'typing' }, done, 5000);
    } catch {
      return; // a courtesy: the answer itself tells what is wrong
    }
  },
};

async function send(access: Access, { thread, text, file }: Outbound): Promise<Sent> {
  const chat_id = Number(thread);
  const sent = await call(access, async () => {
    if (file) return sendFile(access, chat_id, file, text);
    try {
      return await callApi(access, 'sendMessage', { chat_id, text: markdownToTelegram(text), parse_mode: 'HTML' }, message);
    } catch (error) {
      if (!isMarkupError(error)) throw error;
      return await callApi(access, 'sendMessage', { chat_id, text }, message);
    }
  });
  return { externalId: String(sent.message_id), state: 'sent' };
}

async function call<Result>({ signal }: Access, act: () => Promise<Result>): Promise<Result> {
  if (signal.aborted)
    throw new DeliveryError({
      outcome: 'not-sent',
      permanent: false,
      says: 'The server was stopping. It is sent after the start.',
      cause: signal.reason,
    });
  try {
    return await act();
  } catch (error) {
    throw deliveryError(error);
  }
}
