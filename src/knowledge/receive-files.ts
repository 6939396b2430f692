import type { IncomingMessage } from 'node:http';
import { receiveForm, type Received } from '../web/receive-form.ts';
import { LARGEST_FILE } from './add-file.ts';

export { NoFiles, TooMany, type Received } from '../web/receive-form.ts';

export const FILES_AT_ONCE = 50;

const LIMITS = { fileBytes: LARGEST_FILE, files: FILES_AT_ONCE, fieldBytes: 10_000 };

/** The files of a form, its other fields dropped; else as `receiveForm`. */
export async function receiveFiles(
  request: IncomingMessage,
  take: (name: string, content: AsyncIterable<Uint8Array>) => Promise<unknown>,
): Promise<Received[]> {
  return (await receiveForm(request, LIMITS, take)).files;
}
