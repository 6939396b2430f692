/**
 * A thread of ours and a chat of Telegram's. A private chat and a group are named by their id alone. A chat of a business
 * account has the connection in its name, since whoever answers there must name it.
 */
const BUSINESS = /^business:(.+):(-?\d+)$/;
const PRIVATE = /^\d+$/;

export function threadOf(chat: { id: number }, connection?: string): string {
  return connection === undefined ? String(chat.id) : `business:${connection}:${chat.id}`;
}

/** Where a message to a thread goes, as each method that sends asks for it. */
export function addressOf(thread: string): { chat_id: number; business_connection_id?: string } {
  const [, connection, chat] = BUSINESS.exec(thread) ?? [];
  return connection === undefined ? { chat_id: Number(thread) } : { chat_id: Number(chat), business_connection_id: connection };
}

/** The bot's own chat with one person: no group, and no chat of a business account. */
export function isPrivate(thread: string): boolean {
  return PRIVATE.test(thread);
}

/** A chat of a business account that this bot answers for. */
export function isBusiness(thread: string): boolean {
  return BUSINESS.test(thread);
}

export function isGroup(thread: string): boolean {
  return thread.startsWith('-');
}

/**
 * The id of a message, good for the whole channel. Telegram numbers the bot's own chats together, but each group and each
 * business account by itself: message 17 of one is not message 17 of the other, also where the same person wrote both.
 */
export function idIn(thread: string, messageId: number): string {
  return isPrivate(thread) ? String(messageId) : `${thread}/${messageId}`;
}

/** Telegram's number of a message that has one; a touched button has none. */
export function numberIn(externalId: string | undefined): number | undefined {
  const [, digits] = /(?:^|\/)(\d+)$/.exec(externalId ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits);
}
