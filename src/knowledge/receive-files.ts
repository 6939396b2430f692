import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import busboy from 'busboy';
import { LARGEST_FILE } from './add-file.ts';
import { TooLarge } from './sealed-file.ts';

export const FILES_AT_ONCE = 50;

/** The request is no form with files, or one that was cut off. */
export class NoFiles extends Error {}

/** More files came than are taken at once; those behind were passed over. */
export class TooMany extends Error {}

export interface Received {
  name: string;
  /** What went wrong with this one; undefined when it was taken. */
  error?: unknown;
}

/**
 * Reads a multipart form as it comes in and gives each of its files to `take`, one after the other. Its other fields are
 * dropped. What `take` rejects with stands beside the file's name, and the others are still taken. Rejects with NoFiles.
 */
export async function receiveFiles(
  request: IncomingMessage,
  take: (name: string, content: AsyncIterable<Uint8Array>) => Promise<unknown>,
): Promise<Received[]> {
  const taken: Promise<Received>[] = [];
  const form = parserOf(request);
  form.on('file', (_field, stream, { filename }) => {
    // A file field that was left empty is sent too, without a name.
    if (filename === undefined || filename === '') stream.resume();
    else taken.push(takeOne(filename, stream, take));
  });
  form.on('filesLimit', () => taken.push(Promise.resolve({ name: '', error: new TooMany(`more than ${FILES_AT_ONCE} files`) })));
  try {
    await pipeline(request, form);
  } catch (cause) {
    await Promise.all(taken);
    throw new NoFiles('the upload was cut off', { cause });
  }
  return Promise.all(taken);
}

function parserOf(request: IncomingMessage): busboy.Busboy {
  // busboy would read a form without files, too.
  if (!/^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '')) throw new NoFiles('no form with files');
  try {
    return busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      limits: { fileSize: LARGEST_FILE, files: FILES_AT_ONCE, fields: 10, fieldSize: 10_000 },
    });
  } catch (cause) {
    throw new NoFiles('no form with files', { cause });
  }
}

async function takeOne(
  name: string,
  stream: Readable & { truncated?: boolean },
  take: (name: string, content: AsyncIterable<Uint8Array>) => Promise<unknown>,
): Promise<Received> {
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
