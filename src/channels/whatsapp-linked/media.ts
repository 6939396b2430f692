/** Files as WhatsApp keeps them: encrypted by a key that travels in the message, with a mark at the end that proves them whole. */
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { MediaShape, Said } from './shapes.ts';

export type MediaKind = 'image' | 'video' | 'audio' | 'document' | 'sticker';

/** What is needed to fetch a customer's file, and to ask the phone for it once more. Ends with its message. */
const reference = z.object({
  kind: z.enum(['image', 'video', 'audio', 'document', 'sticker']),
  path: z.string().startsWith('/'),
  key: z.base64(),
  message: z.object({ id: z.string(), remoteJid: z.string(), participant: z.string().optional() }),
});
export type MediaReference = z.infer<typeof reference>;

/** Null for a file of which no key came. */
export function referenceOfMedia(
  kind: MediaKind,
  { mediaKey, directPath }: MediaShape,
  { id, remoteJid, participant }: Said['key'],
): string | null {
  if (!mediaKey || !directPath) return null;
  const message = { id, remoteJid, ...(participant === undefined ? {} : { participant }) };
  return JSON.stringify({ kind, path: directPath, key: mediaKey, message } satisfies MediaReference);
}

/** Throws for what is none. */
export function readReference(text: string): MediaReference {
  return reference.parse(JSON.parse(text));
}

/** How the key is spread, by what the file is shown as. */
const INFO: Record<MediaKind, string> = {
  image: 'WhatsApp Image Keys',
  sticker: 'WhatsApp Image Keys',
  video: 'WhatsApp Video Keys',
  audio: 'WhatsApp Audio Keys',
  document: 'WhatsApp Document Keys',
};
const MARK_BYTES = 10;

function keysOf(kind: MediaKind, key: Buffer): { iv: Buffer; cipher: Buffer; mac: Buffer } {
  const spread = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), INFO[kind], 112));
  return { iv: spread.subarray(0, 16), cipher: spread.subarray(16, 48), mac: spread.subarray(48, 80) };
}

export interface LockedMedia {
  key: Buffer;
  bytes: Buffer;
  /** SHA-256 of the file, and of what is handed to WhatsApp. */
  plainHash: Buffer;
  lockedHash: Buffer;
}

/** Encrypts a file under a key of its own. */
export function lockMedia(kind: MediaKind, plain: Uint8Array): LockedMedia {
  const key = randomBytes(32);
  const { iv, cipher, mac } = keysOf(kind, key);
  const aes = createCipheriv('aes-256-cbc', cipher, iv);
  const locked = Buffer.concat([aes.update(plain), aes.final()]);
  const mark = createHmac('sha256', mac).update(iv).update(locked).digest().subarray(0, MARK_BYTES);
  const bytes = Buffer.concat([locked, mark]);
  return { key, bytes, plainHash: sha256(plain), lockedHash: sha256(bytes) };
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

/** The file, as it comes in. What was changed on its way throws at the end: until then nothing of it may be believed. */
export async function* unlockMedia(kind: MediaKind, key: Buffer, locked: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { iv, cipher, mac } = keysOf(kind, key);
  const aes = createDecipheriv('aes-256-cbc', cipher, iv);
  const proof = createHmac('sha256', mac).update(iv);
  let held = Buffer.alloc(0);
  for await (const piece of locked) {
    held = Buffer.concat([held, piece]);
    const ready = held.subarray(0, Math.max(0, held.length - MARK_BYTES));
    held = held.subarray(ready.length);
    proof.update(ready);
    const plain = aes.update(ready);
    if (plain.length > 0) yield plain;
  }
  const mark = proof.digest().subarray(0, MARK_BYTES);
  if (held.length !== MARK_BYTES || !timingSafeEqual(mark, held)) throw new BrokenMedia();
  yield aes.final();
}

/** It isn't what the customer sent: cut off, or changed. */
export class BrokenMedia extends Error {
  constructor() {
    super('the mark at the end of the file does not fit');
    this.name = 'BrokenMedia';
  }
}
