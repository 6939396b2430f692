/** A search thread: keeps the most recently used workspaces open, read-only, and answers one message after the other. */
import { parentPort } from 'node:worker_threads';
import { findPassages } from './find-passages.ts';
import { IndexReader } from './index-reader.ts';
import type { Answer, Order } from './search-pool.ts';
import { systemClock } from '../../lib/clock.ts';

const OPEN_AT_MOST = 50;
const open = new Map<string, IndexReader>();

parentPort?.on('message', (order: Order) => {
  if (order.kind === 'release') {
    release(order.file);
    return;
  }
  parentPort?.postMessage(answer(order));
});

function answer({ id, file, query, limit }: Extract<Order, { kind: 'find' }>): Answer {
  try {
    return { id, passages: findPassages(readerOf(file), query, limit) };
  } catch (error) {
    // What an open connection is in the middle of is unknown now; the next search opens it anew.
    release(file);
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

function readerOf(file: string): IndexReader {
  const reader = open.get(file) ?? new IndexReader(file, systemClock.steady);
  // A Map keeps the order of insertion: put again, it is the latest.
  open.delete(file);
  open.set(file, reader);
  const [oldest] = open.keys();
  if (open.size > OPEN_AT_MOST && oldest !== undefined) release(oldest);
  return reader;
}

function release(file: string): void {
  open.get(file)?.close();
  open.delete(file);
}
