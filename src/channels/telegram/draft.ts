import { callApi, done, TelegramError, type Access } from './api.ts';
import { isMarkupError } from './errors.ts';
import { markdownToTelegram } from './markup.ts';
import { addressOf, isPrivate } from './threads.ts';

const PATIENCE_MS = 5000;

/**
 * Shows what there is of an answer, as Telegram's own preview: it vanishes half a minute after the last one, or when the
 * answer is there. Only the bot's own chats have it, no group and no chat of a business account.
 */
export async function showDraft(access: Access, thread: string, { id, text }: { id: number; text: string }): Promise<number> {
  if (!isPrivate(thread)) return Infinity;
  const { chat_id } = addressOf(thread);
  const draft = (more: { text: string; parse_mode?: string }) =>
    callApi(access, 'sendMessageDraft', { chat_id, draft_id: id, ...more }, done, PATIENCE_MS);
  try {
    await draft({ text: markdownToTelegram(text), parse_mode: 'HTML' }).catch((error: unknown) => {
      if (isMarkupError(error)) return draft({ text });
      throw error;
    });
    return 0;
  } catch (error) {
    if (!(error instanceof TelegramError)) return 0; // a courtesy: the answer itself tells what is wrong
    // What is refused once (a server without drafts, a customer who blocked the bot) is refused again.
    return error.code === 429 ? (error.retryAfter ?? PATIENCE_MS) : Infinity;
  }
}
