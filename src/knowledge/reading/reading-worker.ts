/** A reading thread: one thing after the other, apart from everything else, within the limits of `reading-thread.ts`. */
import { parentPort } from 'node:worker_threads';
import { Unreadable, type Material } from './material.ts';
import type { Said } from './reading-thread.ts';
import { readMaterial } from './read-material.ts';

const say = (said: Said): void => parentPort?.postMessage(said);

parentPort?.on('message', (material: Material) => {
  readMaterial(material, (done, total) => say({ kind: 'progress', done, total })).then(
    (reading) => say({ kind: 'read', reading }),
    (error: unknown) =>
      say({ kind: 'failed', expected: error instanceof Unreadable, message: error instanceof Error ? error.message : String(error) }),
  );
});
