/** The files of Telegram's stand-in: what customers sent, by id and by a path that ends, and what bots upload. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import { parseHtml, textIn } from './telegram-answers.ts';
import type { Button } from './telegram-sends.ts';
import { Refusal, type Params } from './telegram-updates.ts';

const MB = 1024 * 1024;
/** What bots may fetch, and send. */
const LARGEST_FETCHED = 20 * MB;
const LARGEST_SENT = { sendPhoto: 10 * MB, sendDocument: 50 * MB } as const;
const PICTURE = /^(?:\x89PNG|\xff\xd8\xff|GIF8|RIFF)/;

interface Kept {
  content: Buffer;
  path: string;
  /** As the server says, whatever it is. */
  size: number;
}

interface Upload {
  params: Params;
  file?: { field: string; name: string; content: Buffer };
}

interface SentFile {
  chat: number;
  as: 'photo' | 'document';
  name: string;
  content: Buffer;
  caption: string;
  parseMode: string | undefined;
  messageId: number;
  /** The message that it replies to. */
  replyTo: number | undefined;
  buttons: Button[];
}

type Place = Pick<SentFile, 'chat' | 'messageId' | 'replyTo' | 'buttons'>;

export class Files {
  readonly #kept = new Map<string, Kept>();
  /** What bots sent. */
  readonly sent: SentFile[] = [];
  #next = 1;

  /** A customer's file; returns what a message tells of it. `size`: what the server says in place of its real one. */
  add(content: Uint8Array, size = content.length): { file_id: string; file_unique_id: string; file_size: number } {
    const n = this.#next++;
    const file_id = `AgACAgIAAxkBAAI-file-${n}`;
    this.#kept.set(file_id, { content: Buffer.from(content), path: `documents/file_${n}.bin`, size });
    return { file_id, file_unique_id: `AQAD${n}`, file_size: size };
  }

  /** Nothing is there any more under its id. */
  forget(file_id: string): void {
    this.#kept.delete(file_id);
  }

  /** Paths that were handed out so far lead nowhere; a new getFile gives others. */
  expirePaths(): void {
    for (const kept of this.#kept.values()) kept.path = kept.path.replace(/_(\d+)(?:-\d+)?\./, (_, n: string) => `_${n}-${this.#next++}.`);
  }

  getFile({ file_id }: Params): Params {
    const kept = typeof file_id === 'string' ? this.#kept.get(file_id) : undefined;
    if (!kept) throw new Refusal(400, 'Bad Request: invalid file_id');
    if (kept.size > LARGEST_FETCHED) throw new Refusal(400, 'Bad Request: file is too big');
    return { file_id, file_unique_id: 'AQAD', file_size: kept.size, file_path: kept.path };
  }

  /** A file that a bot sends. */
  take(method: 'sendPhoto' | 'sendDocument', { params, file }: Upload, to: Place): Params {
    this.sent.push({ ...to, ...checkUpload(method, file, params) });
    return { message_id: to.messageId, date: 0, chat: { id: to.chat, type: 'private' } };
  }

  /** Hands a file out by its path, plainly, as the real server does. */
  download(path: string, response: ServerResponse): void {
    const kept = [...this.#kept.values()].find((each) => each.path === path);
    if (!kept) throw new Refusal(404, 'Not Found');
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': kept.content.length }).end(kept.content);
  }
}

/** What a bot uploads: the fields and the one file of a form. */
export async function readUpload(request: IncomingMessage): Promise<Upload> {
  const params: Params = {};
  const chunks: Buffer[] = [];
  let file: { field: string; name: string } | undefined;
  const form = busboy({ headers: request.headers, defParamCharset: 'utf8' });
  form.on('field', (name, value) => (params[name] = value));
  form.on('file', (field, stream, { filename }) => {
    file = { field, name: filename };
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  });
  await pipeline(request, form);
  return { params, ...(file ? { file: { ...file, content: Buffer.concat(chunks) } } : {}) };
}

/** What is refused of a file that a bot sends. */
function checkUpload(
  method: 'sendPhoto' | 'sendDocument',
  file: { field: string; name: string; content: Buffer } | undefined,
  params: Params,
): Omit<SentFile, keyof Place> {
  const field = method === 'sendPhoto' ? 'photo' : 'document';
  if (file?.field !== field) throw new Refusal(400, `Bad Request: there is no ${field} in the request`);
  if (file.content.length === 0) throw new Refusal(400, 'Bad Request: file must be non-empty');
  if (file.content.length > LARGEST_SENT[method]) throw new Refusal(413, 'Request Entity Too Large');
  if (method === 'sendPhoto' && !PICTURE.test(file.content.subarray(0, 8).toString('latin1')))
    throw new Refusal(400, 'Bad Request: IMAGE_PROCESS_FAILED');
  const parseMode = textIn(params, 'parse_mode') || undefined;
  const written = textIn(params, 'caption');
  const caption = parseMode === 'HTML' ? parseHtml(written) : written;
  if (caption.length > 1024) throw new Refusal(400, 'Bad Request: message caption is too long');
  return { as: field, name: file.name, content: file.content, caption, parseMode };
}
