import { Worker } from 'node:worker_threads';
import type { ReadOpenApi } from './read-openapi.ts';

export const LARGEST_OPENAPI = 5 * 1024 * 1024;
const MEMORY_MB = 512;
const PATIENCE_MS = 30_000;

/** Reads a file in a thread of its own, with a limit on its memory and its time: a hostile one hurts only its own import. */
export function readInThread(text: string): Promise<ReadOpenApi> {
  const worker = new Worker(new URL('./openapi-worker.ts', import.meta.url), {
    workerData: text,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  return new Promise((resolve) => {
    const give = (read: ReadOpenApi): void => {
      clearTimeout(timer);
      resolve(read);
      void worker.terminate();
    };
    const tooMuch = (): void =>
      give({ ok: false, says: 'This file is too much to read: it takes more memory or time than there is. Ask for a smaller one.' });
    const timer = setTimeout(tooMuch, PATIENCE_MS);
    worker.once('message', give);
    worker.once('error', tooMuch);
  });
}
