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
}

const MEMORY_MB = 128;

/** Search threads, each with connections of its own to the workspaces it was asked about. A thread that dies is replaced. */
export class SearchPool {
  readonly #threads: Thread[] = [];
  readonly #size: number;
  readonly #program: URL;
  #next = 0;

  constructor(
    size: number = Math.max(1, Math.min(3, availableParallelism() - 1)),
    program: URL = new URL('./search-worker.ts', import.meta.url),
  ) {
    this.#size = size;
    this.#program = program;
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
    await Promise.all(this.#threads.splice(0).map(({ worker }) => worker.terminate()));
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
    const thread: Thread = { worker, asked: new Map() };
    let cause = new Error('a search thread ended');
    worker.on('message', (answer: Answer) => this.#settle(thread, answer));
    worker.on('error', (error: Error) => (cause = error));
    worker.on('exit', () => this.#bury(thread, cause));
    // An idle thread doesn't keep the process alive.
    worker.unref();
    this.#threads.push(thread);
    return thread;
  }

  #settle({ worker, asked }: Thread, answer: Answer): void {
    const one = asked.get(answer.id);
    asked.delete(answer.id);
    if (asked.size === 0) worker.unref();
    if ('passages' in answer) one?.resolve(answer.passages);
    else one?.reject(new Error(`the search failed: ${answer.error}`));
  }

  #bury(thread: Thread, cause: Error): void {
    const place = this.#threads.indexOf(thread);
    const closed = place === -1;
    if (!closed) this.#threads.splice(place, 1);
    for (const asked of thread.asked.values()) {
      if (closed || asked.again) asked.reject(cause);
      else this.#ask({ ...asked, again: true });
    }
  }
}
