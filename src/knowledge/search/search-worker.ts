/** A search thread: keeps the most recently used workspaces open, read-only, and answers one message after the other. */
import { parentPort } from 'node:worker_threads';
import { systemClock } from '../../lib/clock.ts';
import { VectorIndex } from '../vectors/vector-index.ts';
import { findNear } from './find-near.ts';
import { findPassages } from './find-passages.ts';
import { IndexReader } from './index-reader.ts';
import type { Answer, Order } from './search-pool.ts';

const OPEN_AT_MOST = 50;
/** Of vectors' signs, for all workspaces together: about 900,000 passages. The latest asked stays in any case. */
const SIGNS_AT_MOST = 64 * 1024 * 1024;
const open = new Map<string, IndexReader>();
const vectors = new Map<string, VectorIndex>();

parentPort?.on('message', (order: Order) => {
  if (order.kind === 'release') release(order.file);
  else if (order.kind === 'prepare') void prepare(order.file, order.model).catch(() => releaseVectors(order.file));
  else void answer(order).then((answered) => parentPort?.postMessage(answered));
});

async function answer(order: Extract<Order, { id: number }>): Promise<Answer> {
  const { id, file } = order;
  try {
    if (order.kind === 'find') return { id, passages: findPassages(readerOf(file), order.query, order.limit) };
    const index = await prepare(file, order.model);
    const passages = findNear(readerOf(file), index, order.vector, order.limit);
    const cosines = order.also.map((chunkId) => index.cosineOf(chunkId, order.vector));
    return { id, near: { passages, cosines, background: index.background(order.vector), count: index.count } };
  } catch (error) {
    // What an open connection is in the middle of is unknown now; the next search opens it anew.
    release(file);
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

/** The vectors of a workspace's model, read into memory. */
async function prepare(file: string, model: number): Promise<VectorIndex> {
  const index = latest(vectors, file, () => new VectorIndex(file, systemClock.steady));
  await index.ready(model);
  let bytes = [...vectors.values()].reduce((sum, each) => sum + each.bytes, 0);
  for (const [other, { bytes: its }] of vectors) {
    if (bytes <= SIGNS_AT_MOST || other === file) break;
    bytes -= its;
    releaseVectors(other);
  }
  return index;
}

function readerOf(file: string): IndexReader {
  const reader = latest(open, file, () => new IndexReader(file, systemClock.steady));
  const [oldest] = open.keys();
  if (open.size > OPEN_AT_MOST && oldest !== undefined) release(oldest);
  return reader;
}

/** A Map keeps the order of insertion: put again, it is the latest. */
function latest<T>(kept: Map<string, T>, file: string, make: () => T): T {
  const one = kept.get(file) ?? make();
  kept.delete(file);
  kept.set(file, one);
  return one;
}

function release(file: string): void {
  open.get(file)?.close();
  open.delete(file);
  releaseVectors(file);
}

function releaseVectors(file: string): void {
  vectors.get(file)?.close();
  vectors.delete(file);
}
