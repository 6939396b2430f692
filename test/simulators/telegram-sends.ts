/** What bots send to Telegram's stand-in, and what it refuses of it. */
import { parseHtml, textIn } from './telegram-answers.ts';
import { Refusal, type Params } from './telegram-updates.ts';

export interface Button {
  text: string;
  callback_data: string;
}

export interface SentMessage {
  chat: number;
  text: string;
  /** What the customer reads. */
  visible: string;
  parseMode: string | undefined;
  messageId: number;
  /** The connection of the business account that it was said for. */
  business?: string;
  /** The message that it replies to. */
  replyTo?: number;
  buttons?: Button[];
}

export interface Draft {
  chat: number;
  id: number;
  visible: string;
}

export interface Command {
  command: string;
  description: string;
}

const LONGEST_TEXT = 4096;
const LONGEST_DATA = 64;

/** A text with its markup: as it came, and what the customer reads. */
export function textOf(params: Params): { text: string; visible: string; parseMode: string | undefined } {
  const parseMode = textIn(params, 'parse_mode') || undefined;
  const text = params['text'];
  if (typeof text !== 'string' || text === '') throw new Refusal(400, 'Bad Request: message text is empty');
  if (parseMode !== undefined && parseMode !== 'HTML') throw new Refusal(400, 'Bad Request: unsupported parse_mode');
  const visible = (parseMode === 'HTML' ? parseHtml(text) : text).trim();
  if (visible === '') throw new Refusal(400, 'Bad Request: text must be non-empty');
  if (visible.length > LONGEST_TEXT) throw new Refusal(400, 'Bad Request: message is too long');
  return { text, visible, parseMode };
}

/** In a form an object is a text of JSON. */
function objectIn(params: Params, name: string): Params | undefined {
  const value = params[name];
  if (value === undefined) return undefined;
  const read: unknown = typeof value === 'string' ? JSON.parse(value) : value;
  if (typeof read !== 'object' || read === null) throw new Refusal(400, 'Bad Request: object expected as reply markup');
  return read as Params;
}

/** The buttons under a message, in order. */
export function buttonsIn(params: Params): Button[] {
  const rows = objectIn(params, 'reply_markup')?.['inline_keyboard'];
  if (rows === undefined) return [];
  if (!Array.isArray(rows) || !rows.every(Array.isArray))
    throw new Refusal(400, 'Bad Request: field "inline_keyboard" must be an Array of Arrays');
  return (rows as Params[][]).flat().map(({ text, callback_data: data }) => {
    if (typeof text !== 'string' || text === '') throw new Refusal(400, 'Bad Request: text buttons are unallowed in the inline keyboard');
    if (typeof data !== 'string' || data === '' || Buffer.byteLength(data) > LONGEST_DATA)
      throw new Refusal(400, 'Bad Request: BUTTON_DATA_INVALID');
    return { text, callback_data: data };
  });
}

/** The message that one replies to, if it is there. */
export function replyIn(params: Params, has: (number: number) => boolean): number | undefined {
  const reply = objectIn(params, 'reply_parameters');
  if (!reply) return undefined;
  const number = Number(reply['message_id']);
  if (has(number)) return number;
  if (reply['allow_sending_without_reply'] === true) return undefined;
  throw new Refusal(400, 'Bad Request: message to be replied not found');
}

const EMOJIS = '👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🙏 👌 😍 💯 🤣 😭 👀 🤝 🫡'.split(' ');

/** One emoji of those that Telegram knows, or none; there is no way to react for a business account. */
export function reactionIn(params: Params, business: string | undefined, has: (number: number) => boolean) {
  if (business !== undefined) throw new Refusal(400, 'Bad Request: BUSINESS_CONNECTION_NOT_ALLOWED');
  const messageId = Number(params['message_id']);
  if (!has(messageId)) throw new Refusal(400, 'Bad Request: message to react not found');
  const [given, ...others] = params['reaction'] as Params[];
  if (others.length > 0) throw new Refusal(400, 'Bad Request: REACTIONS_TOO_MANY');
  if (!given) return { messageId, emoji: null };
  const emoji = textIn(given, 'emoji');
  if (given['type'] !== 'emoji' || !EMOJIS.includes(emoji)) throw new Refusal(400, 'Bad Request: REACTION_INVALID');
  return { messageId, emoji };
}

export function draftIdIn(params: Params): number {
  const id = params['draft_id'];
  if (!Number.isSafeInteger(id) || id === 0) throw new Refusal(400, 'Bad Request: draft_id must be non-zero');
  return Number(id);
}

export function commandsIn(params: Params): { language: string; commands: Command[] } {
  const language = textIn(params, 'language_code');
  if (language !== '' && !/^[a-z]{2}$/.test(language)) throw new Refusal(400, 'Bad Request: invalid language code specified');
  const commands = params['commands'];
  if (!Array.isArray(commands) || commands.length > 100) throw new Refusal(400, "Bad Request: can't parse commands");
  return {
    language,
    commands: (commands as Command[]).map(({ command, description }) => {
      if (!/^[a-z0-9_]{1,32}$/.test(command)) throw new Refusal(400, 'Bad Request: BOT_COMMAND_INVALID');
      if (description.length < 1 || description.length > 256) throw new Refusal(400, 'Bad Request: BOT_COMMAND_DESCRIPTION_INVALID');
      return { command, description };
    }),
  };
}
