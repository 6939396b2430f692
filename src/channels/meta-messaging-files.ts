/** Files on Messenger and Instagram: a customer's lies at an address that soon ends; ours is handed to Meta, then sent by its id. */
import { z } from 'zod';
import { OutboundError } from '../lib/outbound-error.ts';
import { AttachmentError, DeliveryError, type ChannelAccess, type OutFile } from './channel.ts';
import { callGraph, type MetaAccess } from './meta-graph.ts';

const TOO_LARGE = 'This file is larger than Deskbell takes in. Ask the customer for a smaller one.';
const GONE = 'Meta no longer has this file: its address has ended. Ask the customer to send it again.';
const NOT_NOW = 'Meta didn’t hand this file over just now.';
/** An address whose signature has ended is answered with 403. */
const ENDED = new Set([400, 401, 403, 404, 410]);

/**
 * Throws AttachmentError, also while the file is read; or the signal's reason. The token stays here: these addresses need
 * none, and are those that a webhook named.
 */
export async function fetchMetaFile(
  { fetchFile, signal }: Pick<ChannelAccess, 'fetchFile' | 'signal'>,
  reference: string,
): Promise<AsyncIterable<Uint8Array>> {
  try {
    signal.throwIfAborted();
    const response = await fetchFile?.(reference, { signal });
    if (response?.ok) return read(response.body, signal);
    await response?.body?.cancel();
    const cause = new Error(`status ${response?.status}`);
    if (!response || ENDED.has(response.status)) throw new AttachmentError({ kind: 'gone', says: GONE, cause });
    throw new AttachmentError({ kind: 'later', says: NOT_NOW, cause });
  } catch (error) {
    throw meaning(error, signal);
  }
}

async function* read(body: ReadableStream<Uint8Array> | null, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    if (body) yield* body;
  } catch (error) {
    throw meaning(error, signal);
  }
}

function meaning(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof AttachmentError) return error;
  if (signal.aborted) return signal.reason;
  if (!(error instanceof OutboundError)) return new AttachmentError({ kind: 'later', says: NOT_NOW, cause: error });
  if (error.kind === 'too-large') return new AttachmentError({ kind: 'too-large', says: TOO_LARGE, cause: error });
  // An address that Meta doesn't keep files at is never asked, however often it is tried.
  if (error.kind === 'blocked') return new AttachmentError({ kind: 'gone', says: GONE, cause: error });
  return new AttachmentError({ kind: 'later', says: error.says, cause: error });
}

export type SentAs = 'image' | 'audio' | 'video' | 'file';

const uploaded = z.object({ attachment_id: z.string().min(1) });
/** For a connection that takes a minute for ten megabytes. */
const PATIENCE_MS = 120_000;

/** Hands a file to Meta; `more` are further fields. Returns the id to send it by. Throws as `callGraph`, or DeliveryError. */
export async function uploadToMeta(
  access: MetaAccess,
  file: OutFile,
  as: SentAs,
  name: string,
  more: Record<string, string>,
): Promise<string> {
  const form = new FormData();
  for (const [field, value] of Object.entries(more)) form.set(field, value);
  form.set('message', JSON.stringify({ attachment: { type: as, payload: { is_reusable: true } } }));
  form.set('filedata', new Blob([Buffer.from(await file.read())], { type: file.mime }), name);
  try {
    return (await callGraph(access, { path: 'me/message_attachments', form, shape: uploaded, timeoutMs: PATIENCE_MS })).attachment_id;
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'GraphError') throw error;
    // Only handed over, it has gone to nobody: a connection that is cut here leaves nothing in doubt.
    const says = access.signal.aborted
      ? 'The server was stopping. It is sent after the start.'
      : 'Meta didn’t take the file just now. Deskbell tries again by itself.';
    throw new DeliveryError({ outcome: 'not-sent', permanent: false, says, cause: error });
  }
}
