/** A file to a customer: encrypted here, handed to WhatsApp's store, and told of in a message that carries its key. */
import { z } from 'zod';
import { markdownToWhatsapp } from '../../lib/whatsapp-markup.ts';
import { DeliveryError, type OutFile, type SentWords } from '../channel.ts';
import type { Content } from './baileys.ts';
import { later, stopping } from './errors.ts';
import type { Access, Link } from './link.ts';
import { lockMedia, type LockedMedia, type MediaKind } from './media.ts';
import { quoting } from './words.ts';

const MB = 1024 * 1024;
/** What is shown or played in the chat. The rest, and what is larger, goes as a document. */
const SHOWN: Record<string, MediaKind> = {
  'image/jpeg': 'image',
  'image/png': 'image',
  'image/webp': 'image',
  'audio/aac': 'audio',
  'audio/mp4': 'audio',
  'audio/mpeg': 'audio',
  'audio/ogg': 'audio',
  'video/mp4': 'video',
  'video/3gpp': 'video',
};
const LARGEST_SHOWN = 16 * MB;
const PATHS: Record<MediaKind, string> = { image: 'image', sticker: 'image', video: 'video', audio: 'audio', document: 'document' };

const place = z.object({ direct_path: z.string().startsWith('/'), url: z.string().optional() });

type Under = Pick<SentWords, 'text' | 'replyTo'> & { to: string };

/** Uploads it, and gives the message that shows it, with what stands under it. Throws DeliveryError, of the kind 'not-sent'. */
export async function fileContent(access: Access, link: Link, file: OutFile, { text, replyTo, to }: Under): Promise<Content> {
  const caption = markdownToWhatsapp(text);
  const shown = Object.hasOwn(SHOWN, file.mime) && file.bytes <= LARGEST_SHOWN ? SHOWN[file.mime] : undefined;
  // Words can't stand under a voice: as a document they can.
  const kind = shown === undefined || (shown === 'audio' && caption !== '') ? 'document' : shown;
  const locked = lockMedia(kind, await file.read());
  const { direct_path, url } = await upload(access, link, kind, locked);
  const media = {
    mimetype: file.mime,
    fileLength: file.bytes,
    directPath: direct_path,
    mediaKey: locked.key,
    fileSha256: locked.plainHash,
    fileEncSha256: locked.lockedHash,
    mediaKeyTimestamp: Math.floor(access.clock.now() / 1000),
    ...(url === undefined ? {} : { url }),
    ...quoting(replyTo, to, link.own),
  };
  const under = caption === '' ? {} : { caption };
  if (kind === 'image') return { imageMessage: { ...media, ...under } };
  if (kind === 'video') return { videoMessage: { ...media, ...under } };
  if (kind === 'audio') return { audioMessage: media };
  return { documentMessage: { ...media, ...under, fileName: file.name, title: file.name } };
}

async function upload(access: Access, link: Link, kind: MediaKind, locked: LockedMedia): Promise<z.infer<typeof place>> {
  const { fetchFile, fileRoot = '', signal } = access;
  if (!fetchFile) throw new Error('a linked phone sends files without their way out');
  try {
    const token = locked.lockedHash.toString('base64url');
    const auth = encodeURIComponent(await link.mediaPass());
    const url = `${fileRoot}/mms/${PATHS[kind]}/${token}?auth=${auth}&token=${token}`;
    const headers = { 'content-type': 'application/octet-stream', origin: 'https://web.whatsapp.com' };
    const response = await fetchFile(url, { method: 'POST', headers, body: new Uint8Array(locked.bytes), signal });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return place.parse(await response.json());
  } catch (error) {
    // While it is only handed over, nothing has gone to the customer: a connection that is cut here leaves nothing in doubt.
    if (error instanceof DeliveryError) throw error;
    throw signal.aborted ? stopping(error) : later(error);
  }
}
