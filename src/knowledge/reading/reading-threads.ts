import { availableParallelism } from 'node:os';
import type { Material, OnProgress, Reading } from './material.ts';
import { ReadingThread, type ThreadLimits } from './reading-thread.ts';

export interface ReadingLimits extends ThreadLimits {
  /** Of the processor, for one thing. */
  timeMs: number;
  /** A thread without work ends after this: the readers weigh more than the rest of the server. */
  idleMs: number;
}

const USUAL: ReadingLimits = { memoryMb: 384, nice: 19, timeMs: 180_000, idleMs: 15_000 };
/** A page of a site comes with a thousand others, and uploads wait for the same threads. */
const PAGE_MS = 20_000;

/** How many things are read at once. */
export const READ_AT_ONCE = Math.max(1, Math.min(2, availableParallelism() - 1));

/**
 * Threads that read what strangers made, so many at once; what comes besides waits for its turn. A thread that ran out of
 * memory or time is thrown away with its thing alone.
 */
export class ReadingThreads {
  readonly #limits: ReadingLimits;
  readonly #idle = new Map<ReadingThread, NodeJS.Timeout>();
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(limits: Partial<ReadingLimits> = {}) {
    this.#limits = { ...USUAL, ...limits };
  }

  /** Rejects with Unreadable for what its giver must change, and with the signal's reason when it is aborted. */
  async read(material: Material, onProgress: OnProgress, signal: AbortSignal): Promise<Reading> {
    await this.#turn(signal);
    try {
      const thread = this.#take();
      try {
        return await thread.read(material, this.#timeFor(material), onProgress, signal);
      } finally {
        if (thread.sound) this.#rest(thread);
        else await thread.end();
      }
    } finally {
      // Its place goes to who waits longest.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#busy -= 1;
    }
  }

  #timeFor({ kind }: Material): number {
    return kind === 'page' ? Math.min(PAGE_MS, this.#limits.timeMs) : this.#limits.timeMs;
  }

  async #turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#busy < READ_AT_ONCE) {
      this.#busy += 1;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = (): void => {
      const place = this.#waiting.indexOf(resolve);
      if (place < 0) return;
      this.#waiting.splice(place, 1);
      reject(signal.reason);
    };
    this.#waiting.push(resolve);
    signal.addEventListener('abort', leave, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** Ends the idle threads. */
  async close(): Promise<void> {
    const idle = [...this.#idle];
    this.#idle.clear();
    for (const [, timer] of idle) clearTimeout(timer);
    await Promise.all(idle.map(([thread]) => thread.end()));
  }

  #take(): ReadingThread {
    for (const [thread, timer] of this.#idle) {
      clearTimeout(timer);
      this.#idle.delete(thread);
      if (!thread.sound) continue;
      thread.wake();
      return thread;
    }
    return new ReadingThread(this.#limits);
  }

  #rest(thread: ReadingThread): void {
    const end = (): void => {
      this.#idle.delete(thread);
      void thread.end();
    };
    thread.rest();
    this.#idle.set(thread, setTimeout(end, this.#limits.idleMs).unref());
  }
}
