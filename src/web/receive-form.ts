/** Forms with files, read as they come in: no file is ever held whole in memory or laid down unsealed. */
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import busboy from 'busboy';
import { TooLarge } from '../vault/sealed-file.ts';

const FIELDS_AT_MOST = 10;

/** The request is no form with files, or one that was cut off. */
export class NoFiles extends Error {}

/** More files came than are taken at once; those behind were passed over. */
export class TooMany extends Error {}

export interface Received {
  name: string;
  /** What went wrong with this one; undefined when it was taken. */
  error?: unknown;
}

export interface FormLimits {
  /** Bytes of one file. */
  fileBytes: number;
  files: number;
  /** Bytes of one other field. What is longer is cut off there. */
  fieldBytes: number;
}

type Take = (name: string, content: AsyncIterable<Uint8Array>) => Promise<unknown>;

/**
 * Reads a multipart form and gives each of its files to `take`, one after the other. What `take` rejects with stands beside
 * the file's name, and the others are still taken. Resolves with the form's other fields, too. Rejects with NoFiles.
 */
export async function receiveForm(
  request: IncomingMessage,
  limits: FormLimits,
  take: Take,
): Promise<{ fields: Record<string, string>; files: Received[] }> {
  const taken: Promise<Received>[] = [];
  const fields: Record<string, string> = {};
  const form = parserOf(request, limits);
  form.on('field', (name, value) => Object.defineProperty(fields, name, { value, enumerable: true, configurable: true }));
  form.on('file', (_field, stream, { filename }) => {
    // A file field that was left empty is sent too, without a name.
    if (filename === undefined || filename === '') stream.resume();
    else taken.push(takeOne(filename, stream, take));
  });
  form.on('filesLimit', () => taken.push(Promise.resolve({ name: '', error: new TooMany(`more than ${limits.files} files`) })));
  try {
    await pipeline(request, form);
  } catch (cause) {
    await Promise.all(taken);
    throw new NoFiles('the upload was cut off', { cause });
  }
  return { fields, files: await Promise.all(taken) };
}

/** The bytes of a form's one file, of at most `fileBytes`, which are held in memory. Rejects with what else went wrong. */
export async function receiveSmall(request: IncomingMessage, fileBytes: number): Promise<Buffer | 'none' | 'too-large'> {
  const pieces: Uint8Array[] = [];
  const keep: Take = async (_name, content) => {
    for await (const piece of content) pieces.push(piece);
  };
  try {
    const { files } = await receiveForm(request, { fileBytes, files: 1, fieldBytes: 1000 }, keep);
    const [file] = files;
    if (file?.error instanceof TooLarge) return 'too-large';
    if (file?.error instanceof Error) throw file.error;
    return file ? Buffer.concat(pieces) : 'none';
  } catch (error) {
    if (error instanceof NoFiles) return 'none';
    throw error;
  }
}

function parserOf(request: IncomingMessage, { fileBytes, files, fieldBytes }: FormLimits): busboy.Busboy {
  // busboy would read a form without files, too.
  if (!/^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '')) throw new NoFiles('no form with files');
  try {
    return busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      limits: { fileSize: fileBytes, files, fields: FIELDS_AT_MOST, fieldSize: fieldBytes },
    });
  } catch (cause) {
    throw new NoFiles('no form with files', { cause });
  }
}

async function takeOne(name: string, stream: Readable & { truncated?: boolean }, take: Take): Promise<Received> {
  // It may break off before it is read; an error that nobody hears ends the process. Whoever reads it is told all the same.
  stream.on('error', () => undefined);
  try {
    await take(name, whole(stream));
    return { name };
  } catch (error) {
    // Not read to its end, a file would hold up those behind it.
    stream.resume();
    return { name, error };
  }
}

/** busboy ends a file at the limit as if it were whole. */
async function* whole(stream: Readable & { truncated?: boolean }): AsyncGenerator<Uint8Array> {
  for await (const piece of stream.iterator({ destroyOnReturn: false })) yield piece as Uint8Array;
  if (stream.truncated === true) throw new TooLarge('more than a file may have');
}
