/** A reading thread: one thing after the other, apart from everything else, within the limits of `reading-thread.ts`. */
import { setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Unreadable, type Material, type Reading } from './material.ts';
import type { Said, ThreadLimits } from './reading-thread.ts';
import { readMaterial } from './read-material.ts';

// On Linux a thread has a priority of its own; elsewhere it would be the whole server's. The image reads this file on the
// main thread once, to warm its cache.
const limits = workerData as Pick<ThreadLimits, 'nice'> | null;
if (limits && process.platform === 'linux') setPriority(limits.nice);

const AT_A_TIME = 200;

const say = (said: Said): void => parentPort?.postMessage(said);

parentPort?.on('message', (material: Material) => {
  readMaterial(material, (done, total) => say({ kind: 'progress', done, total })).then(handOver, (error: unknown) =>
    say({ kind: 'failed', expected: error instanceof Unreadable, message: error instanceof Error ? error.message : String(error) }),
  );
});

/** In parts, with a breath between: a long book at once would hold up the main thread for 30 ms. */
async function handOver({ chunks, ...reading }: Reading): Promise<void> {
  let at = 0;
  for (; at + AT_A_TIME < chunks.length; at += AT_A_TIME) {
    say({ kind: 'chunks', chunks: chunks.slice(at, at + AT_A_TIME) });
    await pause(1);
  }
  say({ kind: 'read', reading: { ...reading, chunks: chunks.slice(at) } });
}
