/** Who can be written to in Telegram's stand-in: private chats, groups, chats of business accounts. */
import { Refusal, type Params } from './telegram-updates.ts';

export interface Customer {
  chat: number;
  name: string;
  language?: string;
}

export interface Group {
  /** Below 0. */
  chat: number;
  title: string;
  /** Off: the bot hears all that is said. On, which is Telegram's own choice, only what is for it. */
  privacy?: boolean;
}

export interface Business {
  id: string;
  owner: Customer;
  canReply: boolean;
  enabled: boolean;
}

/** Where a call wants to send to. */
export interface Target {
  chat: number;
  /** The numbers of messages run in each place by themselves. */
  place: string;
  business?: string;
}

export class Chats {
  readonly blocked = new Set<number>();
  readonly businesses = new Map<string, Business>();
  readonly #people = new Map<number, Customer>();
  readonly #groups = new Map<number, Group>();
  /** Customers who wrote to a business, by `<connection>:<chat>`. */
  readonly #wrote = new Set<string>();
  readonly #numbers = new Map<string, number>();

  /** The next message's number in a place. */
  next(place: string): number {
    const number = (this.#numbers.get(place) ?? 0) + 1;
    this.#numbers.set(place, number);
    return number;
  }

  has(place: string, number: number): boolean {
    return number >= 1 && number <= (this.#numbers.get(place) ?? 0);
  }

  /** The business account of a connection. */
  business(id: string): Business {
    const business = this.businesses.get(id);
    if (!business) throw new Error(`no business account is connected as ${id}`);
    return business;
  }

  /** A message of a customer, in the bot's own chat, in a group, or to a business account. */
  message(from: Customer, messageId: number, content: Params, where: { group?: Group; business?: string } = {}): Params {
    const { group, business } = where;
    if (group) this.#groups.set(group.chat, group);
    else if (business) this.#wrote.add(`${business}:${from.chat}`);
    else this.#people.set(from.chat, from);
    const [first_name] = from.name.split(' ');
    const chat = group ? { id: group.chat, type: 'supergroup', title: group.title } : { id: from.chat, type: 'private', first_name };
    return {
      message_id: messageId,
      date: seconds(),
      chat,
      from: userOf(from),
      ...(business ? { business_connection_id: business } : {}),
      ...content,
    };
  }

  /** Refuses what can't be written to. */
  target(params: Params): Target {
    const { chat_id: chat, business_connection_id: business } = params;
    if (typeof chat !== 'number') throw new Refusal(400, 'Bad Request: chat_id is empty');
    if (business !== undefined) return this.#businessTarget(chat, String(business));
    if (this.#groups.has(chat)) return { chat, place: String(chat) };
    if (!this.#people.has(chat)) throw new Refusal(400, 'Bad Request: chat not found');
    if (this.blocked.has(chat)) throw new Refusal(403, 'Forbidden: bot was blocked by the user');
    return { chat, place: 'private' };
  }

  #businessTarget(chat: number, id: string): Target {
    const business = this.businesses.get(id);
    if (!business?.enabled) throw new Refusal(400, 'Bad Request: BUSINESS_CONNECTION_INVALID');
    if (!business.canReply) throw new Refusal(403, 'Forbidden: not enough rights to write for the business account');
    if (!this.#wrote.has(`${id}:${chat}`)) throw new Refusal(400, 'Bad Request: BUSINESS_PEER_INVALID');
    return { chat, place: id, business: id };
  }
}

export function userOf({ chat, name, language }: Customer): Params {
  const [first_name, last_name] = name.split(' ');
  return { id: chat, is_bot: false, first_name, ...(last_name ? { last_name } : {}), ...(language ? { language_code: language } : {}) };
}

export const seconds = () => Math.floor(Date.now() / 1000);
