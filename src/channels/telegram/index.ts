/** Telegram: a bot of the business's own, by long polling, so that it works behind any router, or by webhook. */
import { z } from 'zod';
import type { Channel, Outbound, Rate, Sent } from '../channel.ts';
import { DeliveryError } from '../channel.ts';
import { callApi, done, TelegramError, type Access } from './api.ts';
import { buttonsOf, restOf } from './choices.ts';
import { offerCommands } from './commands.ts';
import { showDraft } from './draft.ts';
import { deliveryError } from './errors.ts';
import { fetchAttachment } from './fetch-attachment.ts';
import { listen } from './listen.ts';
import { parseUpdates } from './parse.ts';
import { react, reactsTo } from './react.ts';
import { sendFile } from './send-file.ts';
import { sendText } from './send-text.ts';
import { telegramSettings } from './settings.ts';
import { addressOf, idIn, isGroup, numberIn } from './threads.ts';
import { deleteWebhook, isFromTelegram, NO_PUBLIC_ADDRESS, webhookInfo, webhookTrouble } from './webhook.ts';

const me = z.object({ id: z.number().int(), is_bot: z.literal(true), username: z.string() });

/** Telegram's own advice: about 30 messages a second, one a second in a chat, 20 a minute in a group, whose id is negative. */
const rate: Rate = {
  perSecond: 30,
  thread: (thread) => (thread.startsWith('-') ? { burst: 5, everyMs: 4000, together: true } : { burst: 3, everyMs: 1000 }),
};

export const telegram: Channel<typeof telegramSettings> = {
  kind: 'telegram',
  name: 'Telegram',
  sendsFiles: true,
  repliesTo: true,
  startsByLink: true,
  settings: telegramSettings,
  limits: { textLength: 4096, textUnit: 'utf16', captionLength: 1024, choiceTitleLength: 64, quietMs: 1500, windowMs: null, rate },
  verify: ({ headers }, _settings, secret) => isFromTelegram(headers, secret?.() ?? ''),
  parse: parseUpdates,
  acknowledge: restOf,
  listen,
  fetchAttachment,
  send,
  draft: showDraft,
  reactsTo,
  react: (access, reaction) => call(access, () => react(access, reaction)),

  async connect(access) {
    const byWebhook = access.settings.mode === 'webhook';
    if (byWebhook && !access.webhook?.().url) throw notPublic();
    const account = await call(access, () => callApi(access, 'getMe', {}, me));
    // The webhook itself is set by `listen`, once the channel is stored under the address it is for.
    if (!byWebhook) await call(access, () => deleteWebhook(access));
    // They are typed without being offered, too: they are no reason not to connect.
    await offerCommands(access).catch(() => undefined);
    return { name: `@${account.username}`, accountId: String(account.id) };
  },

  async disconnect(access) {
    if (access.settings.mode !== 'webhook') return;
    // With a token that was revoked Telegram calls nobody any more.
    await deleteWebhook(access).catch(() => undefined);
  },

  async health(access) {
    await call(access, () => callApi(access, 'getMe', {}, me));
    if (access.settings.mode !== 'webhook') return;
    const says = webhookTrouble(await call(access, () => webhookInfo(access)), access.clock.now());
    if (says !== null) throw new DeliveryError({ outcome: 'not-sent', permanent: false, says });
  },

  async typing(access, thread) {
    try {
      await callApi(access, 'sendChatAction', { ...addressOf(thread), action: 'typing' }, done, 5000);
    } catch {
      return; // a courtesy: the answer itself tells what is wrong
    }
  },
};

async function send(access: Access, outbound: Outbound): Promise<Sent> {
  return call(access, async () => {
    try {
      return await sendTo(access, outbound.thread, outbound);
    } catch (error) {
      // A group that grew has another number now, and so have its messages: there is none to reply to.
      if (!(error instanceof TelegramError) || error.movedTo === undefined) throw error;
      return sendTo(access, String(error.movedTo), outbound);
    }
  });
}

async function sendTo(access: Access, thread: string, { text, file, choices = [], answers, replyTo }: Outbound): Promise<Sent> {
  // Among several people it has to be seen whom an answer is for; one who deleted their message is answered all the same.
  const message_id = numberIn(replyTo?.id) ?? (isGroup(thread) ? numberIn(answers) : undefined);
  const about = {
    ...addressOf(thread),
    ...(message_id === undefined ? {} : { reply_parameters: { message_id, allow_sending_without_reply: true } }),
    ...(choices.length > 0 ? { reply_markup: buttonsOf(choices) } : {}),
  };
  const sent = await (file ? sendFile(access, about, file, text) : sendText(access, about, text));
  return { externalId: idIn(thread, sent.message_id), state: 'sent' };
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

function notPublic(): DeliveryError {
  return new DeliveryError({ outcome: 'not-sent', permanent: true, says: NO_PUBLIC_ADDRESS, field: 'mode' });
}
