/** A customer's file: got from WhatsApp's store and opened by the key that came in the message. */
import { setTimeout as pause } from 'node:timers/promises';
import { OutboundError } from '../../lib/outbound-error.ts';
import { AttachmentError } from '../channel.ts';
import { lineOf } from './line.ts';
import type { Access } from './link.ts';
import { BrokenMedia, readReference, unlockMedia, type MediaReference } from './media.ts';

const TOO_LARGE = 'This file is larger than Deskbell takes in. Ask the customer for a smaller one.';
const GONE = 'WhatsApp no longer has this file, and the phone didn’t give it again. Ask the customer to send it again.';
const BROKEN = 'This file came damaged. Ask the customer to send it again.';
const NOT_NOW = 'WhatsApp didn’t hand this file over just now.';

const NO_LONGER_THERE = new Set([403, 404, 410]);
/** For the phone to put it there once more. */
const PHONE_MS = 20_000;

/** Throws AttachmentError, also while the file is read; or the signal's reason. */
export async function fetchAttachment(access: Access, reference: string): Promise<AsyncIterable<Uint8Array>> {
  const { signal } = access;
  try {
    signal.throwIfAborted();
    const media = readReference(reference);
    const body = (await bodyAt(access, media.path)) ?? (await again(access, media));
    if (!body) throw new AttachmentError({ kind: 'gone', says: GONE });
    return opened(media, body, signal);
  } catch (error) {
    throw meaning(error, signal);
  }
}

/** Null where it isn't any more. */
async function bodyAt(access: Access, path: string): Promise<ReadableStream<Uint8Array> | null> {
  const { fetchFile, fileRoot = '', signal } = access;
  if (!fetchFile) throw new Error('a linked phone gets files without their way out');
  const response = await fetchFile(`${fileRoot}${path}`, { headers: { origin: 'https://web.whatsapp.com' }, signal });
  if (response.ok && response.body) return response.body;
  await response.body?.cancel();
  if (NO_LONGER_THERE.has(response.status)) return null;
  throw new AttachmentError({ kind: 'later', says: NOT_NOW, cause: new Error(`status ${response.status}`) });
}

/** WhatsApp keeps files for some weeks; the phone that got one can put it there again. */
async function again(access: Access, media: MediaReference): Promise<ReadableStream<Uint8Array> | null> {
  const link = lineOf(access)?.link;
  if (!link?.open) return null;
  const late = AbortSignal.any([access.signal, AbortSignal.timeout(PHONE_MS)]);
  const path = await Promise.race([link.askPhoneFor(media).catch(() => null), pause(PHONE_MS, null, { signal: late }).catch(() => null)]);
  return path === null ? null : bodyAt(access, path);
}

async function* opened({ kind, key }: MediaReference, body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* unlockMedia(kind, Buffer.from(key, 'base64'), body);
  } catch (error) {
    throw meaning(error, signal);
  }
}

function meaning(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof AttachmentError) return error;
  if (signal.aborted) return signal.reason;
  if (error instanceof BrokenMedia) return new AttachmentError({ kind: 'gone', says: BROKEN, cause: error });
  if (!(error instanceof OutboundError)) return new AttachmentError({ kind: 'later', says: NOT_NOW, cause: error });
  const tooLarge = error.kind === 'too-large';
  return new AttachmentError({ kind: tooLarge ? 'too-large' : 'later', says: tooLarge ? TOO_LARGE : error.says, cause: error });
}
