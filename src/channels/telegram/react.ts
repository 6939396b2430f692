import type { Reaction } from '../channel.ts';
import { callApi, done, type Access } from './api.ts';
import { addressOf, isBusiness, numberIn } from './threads.ts';

/** In the chats of a business account Telegram has no way for a bot to react; a touched button is no message. */
export const reactsTo = (thread: string, id: string) => !isBusiness(thread) && numberIn(id) !== undefined;

/** Throws as `callApi`. */
export async function react(access: Access, { thread, to, emoji }: Reaction): Promise<void> {
  const message_id = numberIn(to.id);
  if (message_id === undefined) throw new Error('Telegram has no number for what is reacted to');
  // Telegram knows its heart without the mark that asks for a coloured one.
  const type = 'emoji' as const;
  const reaction = emoji === null ? [] : [{ type, emoji: emoji === '❤️' ? ('❤' as const) : emoji }];
  await callApi(access, 'setMessageReaction', { chat_id: addressOf(thread).chat_id, message_id, reaction }, done);
}
