/** What Meta posts for a WhatsApp number, and how: signed over its own way of writing JSON, again until it gets a 200. */
import { createHmac } from 'node:crypto';

export type Json = Record<string, unknown>;

/** Somebody who writes on WhatsApp. Who has a username may show no number. */
export interface WhatsappCustomer {
  name: string;
  phone?: string;
  userId?: string;
  username?: string;
}

export interface Number {
  phoneNumberId: string;
  shown: string;
  businessAccountId: string;
}

let next = 1;
export const newId = (): string => `wamid.${Buffer.from(`message ${next++}`).toString('base64')}`;

const seconds = (at: number): string => String(Math.floor(at / 1000));

/** One message of a customer: a text, or any other content with its `type`. */
export function messageOf(customer: WhatsappCustomer, said: string | Json, at: number, id = newId()): Json {
  const content = typeof said === 'string' ? { type: 'text', text: { body: said } } : said;
  return {
    ...(customer.phone === undefined ? {} : { from: customer.phone }),
    ...(customer.userId === undefined ? {} : { from_user_id: customer.userId }),
    id,
    timestamp: seconds(at),
    ...content,
  };
}

export function contactOf({ name, username, phone, userId }: WhatsappCustomer): Json {
  return {
    profile: { name, ...(username === undefined ? {} : { username }) },
    ...(phone === undefined ? {} : { wa_id: phone }),
    ...(userId === undefined ? {} : { user_id: userId }),
  };
}

export function changeOf(number: Number, value: Json, field = 'messages'): Json {
  const metadata = { display_phone_number: number.shown, phone_number_id: number.phoneNumberId };
  return { field, value: { messaging_product: 'whatsapp', metadata, ...value } };
}

export function bodyOf(number: Number, ...changes: Json[]): Json {
  return { object: 'whatsapp_business_account', entry: [{ id: number.businessAccountId, changes }] };
}

/** As Meta writes it: what isn't ASCII is escaped, and so are slashes. */
export function written(body: unknown): string {
  return JSON.stringify(body)
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function signatureOf(text: string | Buffer, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
}

/** Posts a text once; returns the status. Without a signature where it is null. */
export async function post(address: string, text: string, signature: string | null): Promise<number> {
  const headers = { 'content-type': 'application/json', ...(signature === null ? {} : { 'x-hub-signature-256': signature }) };
  const response = await fetch(address, { method: 'POST', headers, body: text });
  await response.arrayBuffer();
  return response.status;
}
