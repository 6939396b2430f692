/** A customer's file: Graph tells where it lies for a few minutes, and there it is got with the same token. */
import { z } from 'zod';
import { AttachmentError, type ChannelAccess } from '../channel.ts';
import { callGraph, GraphError } from '../meta-graph.ts';
import { OutboundError } from '../../lib/outbound-error.ts';
import { whatsappFailure } from './errors.ts';
import type { WhatsappSettings } from './settings.ts';

const TOO_LARGE = 'This file is larger than Deskbell takes in. Ask the customer for a smaller one.';
const GONE = 'WhatsApp no longer has this file: it keeps them for a week. Ask the customer to send it again.';
const NOT_NOW = 'WhatsApp didn’t hand this file over just now.';
/** "It doesn't exist": Graph's code for a file that is gone. */
const NOT_THERE = 100;

const place = z.object({ url: z.url() });

/** Throws AttachmentError, also while the file is read; or the signal's reason. */
export async function fetchAttachment(access: ChannelAccess<WhatsappSettings>, reference: string): Promise<AsyncIterable<Uint8Array>> {
  const { settings, signal } = access;
  try {
    const { url } = await callGraph(access, {
      path: encodeURIComponent(reference),
      query: { phone_number_id: settings.phoneNumberId },
      shape: place,
    });
    const response = await (access.fetchFile ?? access.fetch)(url, { headers: { authorization: `Bearer ${settings.token}` }, signal });
    if (response.ok && response.body) return read(response.body, signal);
    await response.body?.cancel();
    throw new AttachmentError({ kind: 'later', says: NOT_NOW, cause: new Error(`status ${response.status}`) });
  } catch (error) {
    throw meaning(error, signal);
  }
}

async function* read(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw meaning(error, signal);
  }
}

function meaning(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof AttachmentError) return error;
  if (signal.aborted) return signal.reason;
  if (error instanceof OutboundError && error.kind === 'too-large')
    return new AttachmentError({ kind: 'too-large', says: TOO_LARGE, cause: error });
  if (error instanceof OutboundError) return new AttachmentError({ kind: 'later', says: error.says, cause: error });
  if (error instanceof GraphError && error.code === NOT_THERE) return new AttachmentError({ kind: 'gone', says: GONE, cause: error });
  const { account, says } = whatsappFailure(error);
  return new AttachmentError({ kind: account ? 'account' : 'later', says: account ? says : NOT_NOW, cause: error });
}
