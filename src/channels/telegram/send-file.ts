/** A file to a customer: a picture as a picture where Telegram takes it as one, everything else as a document. */
import { z } from 'zod';
import type { OutFile } from '../channel.ts';
import { callApi, TelegramError, type Access } from './api.ts';
import { isMarkupError } from './errors.ts';
import { markdownToTelegram } from './markup.ts';

const message = z.object({ message_id: z.number().int() });
/** Larger pictures go as documents, which may have 50 MB. */
const LARGEST_PHOTO = 10 * 1024 * 1024;
const PHOTOS = new Set(['image/jpeg', 'image/png']);
/** For a connection that takes a minute for ten megabytes. */
const PATIENCE_MS = 120_000;

type Message = z.infer<typeof message>;

/** Throws as `callApi`. */
export async function sendFile(access: Access, chat_id: number, file: OutFile, caption: string): Promise<Message> {
  const source = { source: Buffer.from(await file.read()), filename: safeName(file.name) };
  const asDocument = (under: Caption) => callApi(access, 'sendDocument', { chat_id, document: source, ...under }, message, PATIENCE_MS);
  if (!PHOTOS.has(file.mime) || file.bytes > LARGEST_PHOTO) return captioned(caption, asDocument);
  try {
    return await captioned(caption, (under) => callApi(access, 'sendPhoto', { chat_id, photo: source, ...under }, message, PATIENCE_MS));
  } catch (error) {
    // Too long for its width, or damaged: what Telegram doesn't draw it still hands over.
    if (!(error instanceof TelegramError && error.code === 400 && /photo|image/i.test(error.description))) throw error;
    return captioned(caption, asDocument);
  }
}

interface Caption {
  caption?: string;
  parse_mode?: 'HTML';
}

async function captioned(caption: string, send: (under: Caption) => Promise<Message>): Promise<Message> {
  if (caption === '') return send({});
  try {
    return await send({ caption: markdownToTelegram(caption), parse_mode: 'HTML' });
  } catch (error) {
    if (!isMarkupError(error)) throw error;
    return send({ caption });
  }
}

/** telegraf writes the name into a header as it is. */
function safeName(name: string): string {
  return name.replace(/["\\\r\n]/g, '_');
}
