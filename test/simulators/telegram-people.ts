/** What people do in Telegram, as its stand-in tells the bot. */
import { Chats, seconds, userOf, type Customer, type Group } from './telegram-chats.ts';
import type { SentMessage } from './telegram-sends.ts';
import type { Params, Update } from './telegram-updates.ts';

export abstract class People {
  readonly chats = new Chats();
  /** Buttons that turn and turn at the customer's, until they are answered. */
  readonly touches = new Set<string>();
  abstract readonly account: { id: number; username: string };

  /** Any update, with the next number. */
  abstract push(content: Params): Update;

  /** A private message: a text, or any other content. Returns its update. */
  say(customer: Customer, said: string | Params): Update {
    return this.push({ message: this.chats.message(customer, this.chats.next('private'), contentOf(said)) });
  }

  /** Telegram knows the time of an edit to the second: two in one second are one. */
  edit(customer: Customer, messageId: number, text: string, edit_date = seconds()): Update {
    return this.push({ edited_message: { ...this.chats.message(customer, messageId, { text }), edit_date } });
  }

  /** Something said in a group. Null where the bot, with its privacy mode on, doesn't hear it. */
  sayIn(group: Group, customer: Customer, said: string | Params): Update | null {
    const message = this.chats.message(customer, this.chats.next(String(group.chat)), contentOf(said), { group });
    return group.privacy === false || this.#isForBot(message) ? this.push({ message }) : null;
  }

  /** What a customer writes to a business account, or its owner to a customer. */
  sayToBusiness(business: string, customer: Customer, said: string | Params): Update {
    const messageId = this.chats.next(business);
    return this.push({ business_message: this.chats.message(customer, messageId, contentOf(said), { business }) });
  }

  ownerSays(business: string, customer: Customer, said: string | Params): Update {
    const content = { ...contentOf(said), from: userOf(this.chats.business(business).owner) };
    return this.push({ business_message: this.chats.message(customer, this.chats.next(business), content, { business }) });
  }

  /** The owner of a business account lets the bot answer there, changes what it may, or takes it away. */
  connectBusiness(id: string, owner: Customer, { canReply = true, enabled = true } = {}): Update {
    this.chats.businesses.set(id, { id, owner, canReply, enabled });
    const rights = canReply ? { can_reply: true } : {};
    return this.push({
      business_connection: { id, user: userOf(owner), user_chat_id: owner.chat, date: seconds(), is_enabled: enabled, rights },
    });
  }

  /** Touches a button under a message of the bot's. */
  touch(customer: Customer, { chat, messageId, visible, buttons = [] }: SentMessage, title: string): Update {
    const button = buttons.find(({ text }) => text === title);
    if (!button) throw new Error(`there is no button “${title}”`);
    const id = `touch-${this.touches.size}-${messageId}-${Date.now()}`;
    this.touches.add(id);
    const type = chat < 0 ? 'supergroup' : 'private';
    const reply_markup = { inline_keyboard: buttons.map((each) => [each]) };
    const message = { message_id: messageId, date: seconds(), chat: { id: chat, type }, from: this.account, text: visible, reply_markup };
    return this.push({ callback_query: { id, from: userOf(customer), chat_instance: '1', data: button.callback_data, message } });
  }

  /** Puts an emoji at a private message of either side, or takes it away. */
  react(customer: Customer, message_id: number, emoji: string | null): Update {
    const new_reaction = emoji === null ? [] : [{ type: 'emoji', emoji }];
    const chat = { id: customer.chat, type: 'private' };
    return this.push({ message_reaction: { chat, message_id, user: userOf(customer), date: seconds(), old_reaction: [], new_reaction } });
  }

  block(customer: Customer): void {
    this.chats.blocked.add(customer.chat);
    this.#member(customer, 'kicked');
  }

  unblock(customer: Customer): void {
    this.chats.blocked.delete(customer.chat);
    this.#member(customer, 'member');
  }

  #member(customer: Customer, status: 'kicked' | 'member'): void {
    const user = { id: this.account.id, is_bot: true };
    const about = { chat: { id: customer.chat, type: 'private' }, from: userOf(customer), date: seconds() };
    this.push({ my_chat_member: { ...about, old_chat_member: { user }, new_chat_member: { user, status } } });
  }

  /** What privacy mode lets through: commands, what names the bot, what replies to it. */
  #isForBot({ text, caption, reply_to_message: to }: Params): boolean {
    const words = String(text ?? caption ?? '');
    const repliesTo = to as { from?: { id?: number } } | undefined;
    return words.startsWith('/') || words.includes(`@${this.account.username}`) || repliesTo?.from?.id === this.account.id;
  }
}

/** Words alone, with what Telegram marks in them. */
function contentOf(said: string | Params): Params {
  if (typeof said !== 'string') return said;
  const marked = [...said.matchAll(/@\w+/g)].map((found) => ({ type: 'mention', offset: found.index, length: found[0].length }));
  return { text: said, ...(marked.length > 0 ? { entities: marked } : {}) };
}
