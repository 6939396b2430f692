/** What Meta posts for a Page on Messenger or an account on Instagram. */
import { needs } from './meta-sends.ts';
import type { Json } from './meta-webhooks.ts';

let next = 1;
export const newMid = (): string => `m_${Buffer.from(`messaging ${next++}`).toString('base64url')}`;

/** Of whom a webhook is. */
export interface Messaged {
  object: 'page' | 'instagram';
  account: string;
}

export function entryOf({ account }: Pick<Messaged, 'account'>, at: number, items: Json[], channel = 'messaging'): Json {
  return { id: account, time: at, [channel]: items };
}

export function messagingBody({ object }: Pick<Messaged, 'object'>, ...entries: Json[]): Json {
  return { object, entry: entries };
}

/** One thing that a customer did. */
export function itemOf({ account }: Pick<Messaged, 'account'>, customer: string, at: number, holds: Json): Json {
  return { sender: { id: customer }, recipient: { id: account }, timestamp: at, ...holds };
}

/** One thing that the account did. */
export function outgoingOf({ account }: Pick<Messaged, 'account'>, customer: string, at: number, holds: Json): Json {
  return { sender: { id: account }, recipient: { id: customer }, timestamp: at, ...holds };
}

/** A text, or any other content of a message. */
export function messageIn(said: string | Json, mid = newMid()): Json {
  return { message: { mid, ...(typeof said === 'string' ? { text: said } : said) } };
}

/** What Graph tells of a customer. Throws GraphRefusal for a field that the product doesn't have. */
export function personOf(product: 'messenger' | 'instagram', id: string, name: string, fields: string[]): Json {
  const [first = '', ...rest] = name.split(' ');
  const username = name.toLowerCase().replaceAll(' ', '.');
  const known: Json = product === 'messenger' ? { first_name: first, last_name: rest.join(' ') } : { name, username };
  for (const field of fields) needs(field in known, field);
  return { id, ...Object.fromEntries(fields.map((field) => [field, known[field]])) };
}
