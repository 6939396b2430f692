/** Telegram's updates as channel events. Pure: every update of a batch, in order; what is unknown is kept as it came. */
import { keptText } from '../../lib/kept-text.ts';
import type { ChannelEvent, Heard, InPart, Sender } from '../channel.ts';
import { partsOf } from './parts.ts';
import { isInGroup, update, type Chat, type Message, type Person, type Touched, type Update } from './shapes.ts';
import { idIn, threadOf } from './threads.ts';
import { commandIn, isToBot, withoutMention } from './to-bot.ts';

/** What Telegram lets a link say of where it was found. */
const PAYLOAD = /^[\w-]{1,64}$/;

/** The events of one update, or of an array of them. */
export function parseUpdates(body: unknown, heard?: Heard): ChannelEvent[] {
  return Array.isArray(body) ? body.flatMap((one) => parseUpdate(one, heard)) : parseUpdate(body, heard);
}

/** What people in a group say to each other was never said to the business: of that nothing is kept, known or unknown. */
function parseUpdate(body: unknown, heard: Heard | undefined): ChannelEvent[] {
  const read = update.safeParse(body);
  const events = read.success ? eventsOf(read.data, heard) : null;
  return events ?? (isInGroup(body) ? [] : [{ type: 'unrecognised', body: keptText(body) }]);
}

/** Null for what isn't known here; none for what is known and says nothing to keep. */
function eventsOf(given: Update, heard: Heard | undefined): ChannelEvent[] | null {
  const { update_id, message, edited_message, business_message, edited_business_message } = given;
  const fresh = message ?? business_message;
  if (fresh) return saidEvents(fresh, heard, undefined);
  const edited = edited_message ?? edited_business_message;
  // Two edits within one second have the same date; the number of the update tells them apart.
  if (edited) return saidEvents(edited, heard, (edited.edit_date ?? edited.date) * 1000 + (update_id % 1000));
  if (given.callback_query) return touchedEvents(given.callback_query, heard);
  if (given.message_reaction) return reactionEvents(given.message_reaction);
  if (given.my_chat_member) return reachEvents(given.my_chat_member);
  if (given.deleted_business_messages) return deletedEvents(given.deleted_business_messages, heard);
  // What a business account lets the bot do, Telegram says again at each send that it doesn't allow.
  return given.business_connection ? [] : null;
}

function saidEvents(said: Message, heard: Heard | undefined, revision: number | undefined): ChannelEvent[] | null {
  if (said.business_connection_id !== undefined) return businessEvents(said, said.business_connection_id, revision);
  if (said.chat.type !== 'private') {
    const self = heard?.account;
    // Whoever hides behind a channel or an anonymous admin is nobody that could be known again.
    if (!said.from || said.from.is_bot || !isToBot(said, self)) return [];
    return customerEvents(withoutMention(said, self), said.from, heard, revision);
  }
  return said.from && !said.from.is_bot ? customerEvents(said, said.from, heard, revision) : null;
}

/** A chat of a business account: the customer's words, and what its owner answers there by hand. */
function businessEvents(said: Message, connection: string, revision: number | undefined): ChannelEvent[] | null {
  const { chat, from, sender_business_bot: bot, is_from_offline: automatic } = said;
  if (from?.id === chat.id) return from.is_bot ? null : customerEvents(said, from, undefined, revision);
  // What a bot said there is ours, known by its send, or another program's; neither is a person.
  if (bot) return [];
  const parts = partsOf(said);
  // An away message or a greeting of Telegram's silences no bot.
  if (parts.length === 0 || automatic || revision !== undefined) return null;
  const thread = threadOf(chat, connection);
  const echo = { thread, recipient: senderOf(chat), externalId: idIn(thread, said.message_id), saidAt: said.date * 1000, parts };
  return [{ type: 'echo', ...echo }];
}

function customerEvents(said: Message, from: Person, heard: Heard | undefined, revision: number | undefined): ChannelEvent[] | null {
  const thread = threadOf(said.chat, said.business_connection_id);
  const about = { thread, sender: senderOf(from), externalId: idIn(thread, said.message_id), saidAt: said.date * 1000 };
  const message = (parts: InPart[]): ChannelEvent => ({ type: 'message', ...about, parts, ...repliedTo(said, thread) });
  if (revision !== undefined) {
    const parts = partsOf(said);
    return parts.length > 0 ? [{ type: 'message', ...about, parts, revision }] : null;
  }
  const command = commandIn(said, said.chat.type === 'private' ? undefined : heard?.account);
  if (command && !(command.name === 'delete' && command.words !== undefined)) {
    const { name, words } = command;
    const asked = { type: 'command', ...about, command: name } as const;
    if (words === undefined) return [asked];
    if (name === 'start' && PAYLOAD.test(words)) return [{ ...asked, payload: words }];
    const beside = message([{ kind: 'text', text: words }]);
    return name === 'start' ? [asked, beside] : [beside, asked];
  }
  const parts = partsOf(said);
  return parts.length > 0 ? [message(parts)] : null;
}

function repliedTo({ reply_to_message: to }: Message, thread: string): { replyTo?: string } {
  return to === undefined || to['forum_topic_created'] !== undefined ? {} : { replyTo: idIn(thread, to.message_id) };
}

/** A touched button says its own title. Telegram doesn't say when: it is now, or a server that was away. */
function touchedEvents({ id, from, data, message }: Touched, heard: Heard | undefined): ChannelEvent[] {
  const buttons = message.reply_markup?.inline_keyboard.flat() ?? [];
  const text = buttons.find((button) => button.callback_data === data)?.text ?? data;
  const about = { thread: threadOf(message.chat, message.business_connection_id), sender: senderOf(from), externalId: `touch:${id}` };
  return [{ type: 'message', ...about, saidAt: heard?.at ?? 0, parts: [{ kind: 'text', text, detail: { choice: data } }] }];
}

function reactionEvents({ chat, message_id, user, date, new_reaction }: NonNullable<Update['message_reaction']>): ChannelEvent[] | null {
  const thread = threadOf(chat);
  const emoji = new_reaction.find((reaction) => reaction.emoji !== undefined)?.emoji ?? null;
  // An emoji of the customer's own making is a picture that can't be shown here.
  if (emoji === null && new_reaction.length > 0) return null;
  return [{ type: 'reaction', thread, sender: senderOf(user), to: idIn(thread, message_id), emoji, at: date * 1000 }];
}

function reachEvents({ chat, from, date, new_chat_member: { status } }: NonNullable<Update['my_chat_member']>): ChannelEvent[] {
  // That the bot came into a group, or left it, is nobody's blocking.
  if (chat.type !== 'private') return [];
  return [{ type: 'reach', thread: threadOf(chat), sender: senderOf(from), open: status !== 'kicked', at: date * 1000 }];
}

function deletedEvents(
  { business_connection_id, chat, message_ids }: NonNullable<Update['deleted_business_messages']>,
  heard: Heard | undefined,
): ChannelEvent[] {
  const thread = threadOf(chat, business_connection_id);
  const about = { type: 'revoked', thread, sender: senderOf(chat), at: heard?.at ?? 0 } as const;
  return message_ids.map((number) => ({ ...about, externalId: idIn(thread, number) }));
}

function senderOf(who: Person | Chat): Sender {
  const displayName = [who.first_name, who.last_name].filter(Boolean).join(' ');
  return {
    externalId: String(who.id),
    ...(displayName ? { displayName } : {}),
    ...(who.username ? { username: who.username } : {}),
    ...('language_code' in who && who.language_code ? { language: who.language_code } : {}),
  };
}
