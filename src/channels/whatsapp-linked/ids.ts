/** How WhatsApp names people, groups and messages. */
import { createHash } from 'node:crypto';
import type { Sender } from '../channel.ts';

const PHONE = /^\d{5,20}$/;
const LID = /^(\d+)(?::\d+)?@lid$/;
const NUMBER = /^(\d+)(?::\d+)?@s\.whatsapp\.net$/;

/** The thread of everybody who writes directly; a group is a thread by its own name. */
export const DIRECT = 'direct';

export const isGroup = (jid: string) => jid.endsWith('@g.us');

/** Where a part goes: to the group, or to the person by their surest id. */
export function addressOf(thread: string, recipient: string): string {
  if (isGroup(thread)) return thread;
  return PHONE.test(recipient) ? `${recipient}@s.whatsapp.net` : recipient;
}

/**
 * Who it is, by the ids that a message carries. The one with @lid belongs to a person for good; a phone number may pass to
 * somebody else. Null for what is no person: a status, a newsletter.
 */
export function personOf(jids: (string | undefined)[], displayName?: string): Sender | null {
  const lid = firstOf(jids, LID);
  const phone = firstOf(jids, NUMBER);
  const externalId = lid === undefined ? phone : `${lid}@lid`;
  if (externalId === undefined) return null;
  return {
    externalId,
    ...(lid !== undefined && phone !== undefined ? { alias: phone } : {}),
    ...(displayName ? { displayName } : {}),
  };
}

/** The user's part of an id, without device and server: "15551230000:3@s.whatsapp.net" → "15551230000". */
export function userOf(jid: string): string {
  return jid.split('@')[0]?.split(':')[0] ?? '';
}

function firstOf(jids: (string | undefined)[], pattern: RegExp): string | undefined {
  return jids.flatMap((jid) => pattern.exec(jid ?? '')?.[1] ?? [])[0];
}

/** What WhatsApp's own web client begins its ids with. */
const OURS = '3EB0';
const ALPHABET = '23456789abcdefghijkmnpqrstuvwxyz';
const REFERENCE = new RegExp(`^dl_[${ALPHABET}]{20}$`);
const MESSAGE_ID = /^3EB0[0-9A-F]{25}$/;

/**
 * A message's id made of our reference, that `referenceOf` turns back: the reference is stored before the send, so a receipt
 * finds its delivery also when the process died before it knew that anything was sent.
 */
export function messageIdOf(reference: string): string {
  if (!REFERENCE.test(reference)) return OURS + createHash('sha256').update(reference).digest('hex').slice(0, 18).toUpperCase();
  let bits = 0n;
  for (const character of reference.slice(3)) bits = bits * 32n + BigInt(ALPHABET.indexOf(character));
  return OURS + bits.toString(16).toUpperCase().padStart(25, '0');
}

/** Our reference, or undefined for a message that isn't ours. */
export function referenceOf(messageId: string): string | undefined {
  if (!MESSAGE_ID.test(messageId)) return undefined;
  let bits = BigInt(`0x${messageId.slice(OURS.length)}`);
  let reference = '';
  for (let n = 0; n < 20; n++) {
    reference = `${ALPHABET[Number(bits % 32n)]}${reference}`;
    bits /= 32n;
  }
  return `dl_${reference}`;
}
