/** A customer's file: Telegram tells where it lies for an hour, and there it is got by the installation's own way out. */
import { z } from 'zod';
import { AttachmentError } from '../channel.ts';
import { OutboundError } from '../../lib/outbound.ts';
import { callApi, TelegramError, type Access } from './api.ts';
import { BUSY, isRevoked, NEW_TOKEN } from './errors.ts';

/** Telegram hands out no larger ones to bots. */
const TOO_LARGE = 'Telegram hands on files up to 20 MB only. Ask the customer for a smaller one, or for another way to send it.';
const GONE = 'Telegram no longer has this file. Ask the customer to send it again.';
const NOT_NOW = 'Telegram didn’t hand this file over just now.';

/** Its path in Telegram's own words; with a slash at the start or dots it would lead elsewhere. */
const file = z.object({ file_path: z.string().regex(/^[\w-]+(?:[./][\w-]+)*$/) });

/** Throws AttachmentError, also while the file is read; or the signal's reason. */
export async function fetchAttachment(access: Access, reference: string): Promise<AsyncIterable<Uint8Array>> {
  try {
    const { file_path } = await callApi(access, 'getFile', { file_id: reference }, file);
    const response = await access.fetch(`${access.apiRoot}/file/bot${access.settings.token}/${file_path}`, { signal: access.signal });
    if (!response.ok || !response.body) throw await refused(response);
    return read(response.body, access.signal);
  } catch (error) {
    throw meaning(error, access.signal);
  }
}

async function* read(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw meaning(error, signal);
  }
}

/** The address is good for an hour at least: one that isn't known is asked for anew the next time. */
async function refused(response: Response): Promise<AttachmentError> {
  await response.body?.cancel();
  if (response.status === 401) return new AttachmentError({ kind: 'account', says: NEW_TOKEN });
  return new AttachmentError({ kind: 'later', says: NOT_NOW, cause: new Error(`status ${response.status}`) });
}

function meaning(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof AttachmentError) return error;
  if (signal.aborted) return signal.reason;
  if (isRevoked(error)) return new AttachmentError({ kind: 'account', says: NEW_TOKEN, cause: error });
  if (error instanceof TelegramError) return refusal(error);
  if (error instanceof OutboundError && error.kind === 'too-large')
    return new AttachmentError({ kind: 'too-large', says: TOO_LARGE, cause: error });
  if (error instanceof OutboundError) return new AttachmentError({ kind: 'later', says: error.says, cause: error });
  return new AttachmentError({ kind: 'later', says: NOT_NOW, cause: error });
}

function refusal(cause: TelegramError): AttachmentError {
  if (/too big/i.test(cause.description)) return new AttachmentError({ kind: 'too-large', says: TOO_LARGE, cause });
  // "Wrong file_id or the file is temporarily unavailable" may be either: that is tried again.
  if (cause.code === 400 && !/temporarily/i.test(cause.description)) return new AttachmentError({ kind: 'gone', says: GONE, cause });
  return new AttachmentError({
    kind: 'later',
    says: cause.code === 429 ? 'Telegram asks for a pause.' : BUSY,
    ...(cause.retryAfter === undefined ? {} : { retryAfter: cause.retryAfter }),
    cause,
  });
}
