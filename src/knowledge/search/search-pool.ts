import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Near } from './fuse.ts';
import type { Passage } from './passage.ts';

/** Where a question's meaning is looked for. */
export interface NearQuery {
  file: string;
  /** Whose vectors. */
  model: number;
  /** Of length 1. */
  vector: Float32Array;
  limit: number;
  /** Chunks that words found: their cosines are wanted, too. */
  also: readonly number[];
}

interface Find {
  kind: 'find';
  id: number;
  file: string;
  query: string;
  limit: number;
}

export type Order =
  Find | ({ kind: 'near'; id: number } & NearQuery) | { kind: 'prepare'; file: string; model: number } | { kind: 'release'; file: string };
export type Answer = { id: number; passages: Passage[] } | { id: number; near: Near } | { id: number; error: string };

interface Asked {
  order: Extract<Order, { id: number }>;
  resolve(answer: Answer): void;
  reject(error: Error): void;
  /** A thread died over it once. */
  again: boolean;
}

interface Thread {
  worker: Worker;
  asked: Map<number, Asked>;
  /** Databases whose vectors it holds in memory: who asks for them again comes back here. */
  vectorsOf: Set<string>;
  /** Ends it when nothing has been asked for a while. */
  rest: NodeJS.Timeout;
}

const MEMORY_MB = 128;
/** A thread holds 25 MB; the next one takes 100 ms to start, while somebody still types. */
const IDLE_MS = 5 * 60_000;

/**
 * Search threads, each with connections of its own to the workspaces it was asked about. One is started by the first
 * search or when one is expected, more while all are busy. A thread that dies is replaced, one that rests is ended.
 */
export class SearchPool {
  readonly #threads: Thread[] = [];
  readonly #size: number;
  readonly #program: URL;
  readonly #idleMs: number;
  #next = 0;

  constructor(
    size: number = Math.max(1, Math.min(3, availableParallelism() - 1)),
    program: URL = new URL('./search-worker.ts', import.meta.url),
    idleMs: number = IDLE_MS,
  ) {
    this.#size = size;
    this.#program = program;
    this.#idleMs = idleMs;
  }

  /** Starts one thread where there is none, so that the search that is coming needn't wait for it. */
  warm(): void {
    if (this.#threads.length === 0) this.#start();
  }

  /** How many threads there are now. */
  get threads(): number {
    return this.#threads.length;
  }

  async find(file: string, query: string, limit: number): Promise<Passage[]> {
    const answer = await this.#ask({ kind: 'find', id: this.#next++, file, query, limit });
    return 'passages' in answer ? answer.passages : [];
  }

  /** What is nearest in meaning, of the chunks in use. */
  async near(query: NearQuery): Promise<Near> {
    const answer = await this.#ask({ kind: 'near', id: this.#next++, ...query });
    if (!('near' in answer)) throw new Error('a search thread answered something else');
    return answer.near;
  }

  /** Has the vectors of a workspace read into memory while its question is still on the way to a provider. */
  prepare(file: string, model: number): void {
    const thread = this.#withVectors(file);
    thread.rest.refresh();
    thread.worker.postMessage({ kind: 'prepare', file, model } satisfies Order);
  }

  /** Closes the connections to a database: before its folder is moved or removed. */
  release(file: string): void {
    for (const { worker, vectorsOf } of this.#threads) {
      vectorsOf.delete(file);
      worker.postMessage({ kind: 'release', file } satisfies Order);
    }
  }

  /** Ends the threads; searches that wait are refused. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map(end));
  }

  #ask(order: Asked['order']): Promise<Answer> {
    return new Promise((resolve, reject) => this.#hand({ order, resolve, reject, again: false }));
  }

  #hand(asked: Asked): void {
    const thread = asked.order.kind === 'near' ? this.#withVectors(asked.order.file) : this.#leastBusy();
    thread.asked.set(asked.order.id, asked);
    thread.worker.ref();
    thread.worker.postMessage(asked.order);
  }

  #withVectors(file: string): Thread {
    const thread = this.#threads.find(({ vectorsOf }) => vectorsOf.has(file)) ?? this.#leastBusy();
    thread.vectorsOf.add(file);
    return thread;
  }

  #leastBusy(): Thread {
    const [first] = this.#threads.toSorted((a, b) => a.asked.size - b.asked.size);
    return first && (first.asked.size === 0 || this.#threads.length >= this.#size) ? first : this.#start();
  }

  #start(): Thread {
    const worker = new Worker(this.#program, { resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB } });
    const rest = setTimeout(() => this.#endResting(thread), this.#idleMs).unref();
    const thread: Thread = { worker, asked: new Map(), vectorsOf: new Set(), rest };
    let cause = new Error('a search thread ended');
    worker.on('message', (answer: Answer) => this.#settle(thread, answer));
    worker.on('error', (error: Error) => (cause = error));
    worker.on('exit', () => this.#bury(thread, cause));
    // An idle thread doesn't keep the process alive.
    worker.unref();
    this.#threads.push(thread);
    return thread;
  }

  #settle({ worker, asked, rest }: Thread, answer: Answer): void {
    const one = asked.get(answer.id);
    asked.delete(answer.id);
    if (asked.size === 0) worker.unref();
    rest.refresh();
    if ('error' in answer) one?.reject(new Error(`the search failed: ${answer.error}`));
    else one?.resolve(answer);
  }

  #endResting(thread: Thread): void {
    if (thread.asked.size > 0) {
      thread.rest.refresh();
      return;
    }
    this.#threads.splice(this.#threads.indexOf(thread), 1);
    void end(thread);
  }

  #bury(thread: Thread, cause: Error): void {
    clearTimeout(thread.rest);
    const place = this.#threads.indexOf(thread);
    const closed = place === -1;
    if (!closed) this.#threads.splice(place, 1);
    for (const asked of thread.asked.values()) {
      if (closed || asked.again) asked.reject(cause);
      else this.#hand({ ...asked, again: true });
    }
  }
}

function end({ worker, rest }: Thread): Promise<number> {
  clearTimeout(rest);
  return worker.terminate();
}
