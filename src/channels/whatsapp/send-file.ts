/** A file to a customer: given to WhatsApp first, then sent by the id that it gets there. */
import { z } from 'zod';
import { DeliveryError, type ChannelAccess, type OutFile } from '../channel.ts';
import { callGraph } from '../meta-graph.ts';
import type { WhatsappSettings } from './settings.ts';

const uploaded = z.object({ id: z.string().min(1) });
const MB = 1024 * 1024;
/** For a connection that takes a minute for ten megabytes. */
const PATIENCE_MS = 120_000;

interface MediaType {
  type: 'image' | 'audio' | 'video';
  largest: number;
}

/** What is shown or played in the chat. The rest, and what is larger, goes as a document. */
const SHOWN: Record<string, MediaType> = {
  'image/jpeg': { type: 'image', largest: 5 * MB },
  'image/png': { type: 'image', largest: 5 * MB },
  'audio/aac': { type: 'audio', largest: 16 * MB },
  'audio/mp4': { type: 'audio', largest: 16 * MB },
  'audio/mpeg': { type: 'audio', largest: 16 * MB },
  'audio/amr': { type: 'audio', largest: 16 * MB },
  'video/mp4': { type: 'video', largest: 16 * MB },
  'video/3gpp': { type: 'video', largest: 16 * MB },
};

/** Uploads it, and gives the part of a message that shows it. Throws as `callGraph`, or DeliveryError. */
export async function fileContent(
  access: ChannelAccess<WhatsappSettings>,
  file: OutFile,
  caption: string,
): Promise<Record<string, unknown>> {
  const shown = Object.hasOwn(SHOWN, file.mime) ? SHOWN[file.mime] : undefined;
  // Words can't stand under a voice: as a document they can.
  const fits = shown && file.bytes <= shown.largest && (shown.type !== 'audio' || caption === '');
  const type = fits ? shown.type : 'document';
  const form = new FormData();
  form.set('messaging_product', 'whatsapp');
  form.set('type', file.mime);
  form.set('file', new Blob([Buffer.from(await file.read())], { type: file.mime }), file.name);
  const { id } = await uploadedFile(access, form);
  const under = caption === '' ? {} : { caption };
  return { type, [type]: { id, ...under, ...(type === 'document' ? { filename: file.name } : {}) } };
}

/** While it is only handed over, nothing has gone to the customer: a connection that is cut here leaves nothing in doubt. */
async function uploadedFile(access: ChannelAccess<WhatsappSettings>, form: FormData): Promise<z.infer<typeof uploaded>> {
  const { settings, signal } = access;
  try {
    return await callGraph(access, { path: `${settings.phoneNumberId}/media`, form, shape: uploaded, timeoutMs: PATIENCE_MS });
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'GraphError') throw error;
    const says = signal.aborted
      ? 'The server was stopping. It is sent after the start.'
      : 'WhatsApp didn’t take the file just now. Deskbell tries again by itself.';
    throw new DeliveryError({ outcome: 'not-sent', permanent: false, says, cause: error });
  }
}
