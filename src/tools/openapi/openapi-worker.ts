/** Reads one file, apart from everything else, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { readOpenApi } from './read-openapi.ts';

// The image reads this file on the main thread once, to warm its cache.
if (typeof workerData === 'string') parentPort?.postMessage(readOpenApi(workerData));
