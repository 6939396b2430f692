import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Passage } from './passage.ts';

export type Order = { kind: 'find'; id: number; file: string; query: string; limit: number } | { kind: 'release'; file: string };
export type Answer = { id: number; passages: Passage[] } | { id: number; error: string };

interface Asked {
  order: Extract<Order, { kind: 'find' }>;
  resolve(passages: Passage[]): void;
  reject(error: Error): void;
  /** A thread died over it once. */
  again: boolean;
}

interface Thread {
  worker: Worker;
  asked: Map<number, Asked>;
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

  find(file: string, query: string, limit: number): Promise<Passage[]> {
    return new Promise((resolve, reject) => {
      this.#ask({ order: { kind: 'find', id: this.#next++, file, query, limit }, resolve, reject, again: false });
    });
  }

  /** Closes the connections to a database: before its folder is moved or removed. */
  release(file: string): void {
    for (const { worker } of this.#threads) worker.postMessage({ kind: 'release', file } satisfies Order);
  }

  /** Ends the threads; searches that wait are refused. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map(end));
  }

  #ask(asked: Asked): void {
    const thread = this.#leastBusy();
    thread.asked.set(asked.order.id, asked);
    thread.worker.ref();
    thread.worker.postMessage(asked.order);
  }

  #leastBusy(): Thread {
    const [first] = this.#threads.toSorted((a, b) => a.asked.size - b.asked.size);
    return first && (first.asked.size === 0 || this.#threads.length >= this.#size) ? first : this.#start();
  }

  #start(): Thread {
    const worker = new Worker(this.#program, { resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB } });
    const rest = setTimeout(() => this.#endResting(thread), this.#idleMs).unref();
    const thread: Thread = { worker, asked: new Map(), rest };
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
    if ('passages' in answer) one?.resolve(answer.passages);
    else one?.reject(new Error(`the search failed: ${answer.error}`));
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
      else this.#ask({ ...asked, again: true });
    }
  }
}

function end({ worker, rest }: Thread): Promise<number> {
  clearTimeout(rest);
  return worker.terminate();
}
