/** A file to a customer: a picture as a picture where Telegram takes it as one, everything else as a document. */
import type { OutFile } from '../channel.ts';
import { callApi, TelegramError, type Access } from './api.ts';
import { isMarkupError } from './errors.ts';
import { markdownToTelegram } from './markup.ts';
import { sentMessage, type About } from './send-text.ts';

/** Larger pictures go as documents, which may have 50 MB. */
const LARGEST_PHOTO = 10 * 1024 * 1024;
const PHOTOS = new Set(['image/jpeg', 'image/png']);
/** For a connection that takes a minute for ten megabytes. */
const PATIENCE_MS = 120_000;

/** Throws as `callApi`. */
export async function sendFile(access: Access, to: About, file: OutFile, caption: string): Promise<{ message_id: number }> {
  const { reply_parameters, ...more } = to;
  // A form's objects go as JSON; of these telegraf writes the buttons only.
  const about = reply_parameters ? { ...more, reply_parameters: JSON.stringify(reply_parameters) } : more;
  const source = { source: Buffer.from(await file.read()), filename: safeName(file.name) };
  const asDocument = (under: Caption) =>
    callApi(access, 'sendDocument', { ...about, document: source, ...under }, sentMessage, PATIENCE_MS);
  if (!PHOTOS.has(file.mime) || file.bytes > LARGEST_PHOTO) return captioned(caption, asDocument);
  try {
    return await captioned(caption, (under) =>
      callApi(access, 'sendPhoto', { ...about, photo: source, ...under }, sentMessage, PATIENCE_MS),
    );
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

async function captioned(caption: string, send: (under: Caption) => Promise<{ message_id: number }>): Promise<{ message_id: number }> {
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
