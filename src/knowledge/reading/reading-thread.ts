import { Worker } from 'node:worker_threads';
import { Unreadable, type Material, type OnProgress, type Reading } from './material.ts';

export type Said =
  | { kind: 'progress'; done: number; total: number }
  | { kind: 'read'; reading: Reading }
  | { kind: 'failed'; expected: boolean; message: string };

/** How often a thread's memory is looked at. */
const LOOK_MS = 200;

interface Current {
  onProgress: OnProgress;
  resolve(reading: Reading): void;
  reject(error: unknown): void;
}

/** One thread that reads one thing at a time, within a heap and a time. After a failure that isn't `Unreadable` it is to be ended. */
export class ReadingThread {
  readonly #worker: Worker;
  readonly #memoryMb: number;
  #current: Current | null = null;
  /** Whether it may be given something else to read. */
  sound = true;

  constructor(memoryMb: number) {
    this.#memoryMb = memoryMb;
    this.#worker = new Worker(new URL('./reading-worker.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: memoryMb } });
    this.#worker.on('message', (said: Said) => this.#heard(said));
    this.#worker.on('error', (error: Error & { code?: string }) => {
      this.#broke(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new Unreadable(takesMore('memory'), { cause: error }) : error);
    });
    this.#worker.on('exit', () => this.#broke(new Error('a reading thread ended')));
  }

  /** Rejects with Unreadable for what its giver must change, and with the signal's reason when it is aborted. */
  async read(material: Material, timeMs: number, onProgress: OnProgress, signal: AbortSignal): Promise<Reading> {
    const { promise, resolve, reject } = Promise.withResolvers<Reading>();
    this.#current = { onProgress, resolve, reject };
    const stop = (): void => this.#broke(signal.reason);
    const timer = setTimeout(() => this.#broke(new Unreadable(takesMore('time'))), timeMs);
    const watch = setInterval(() => void this.#lookAtMemory(), LOOK_MS);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    else this.#worker.postMessage(material, handedOver(material));
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      clearInterval(watch);
      signal.removeEventListener('abort', stop);
      this.#current = null;
    }
  }

  /** An idle thread doesn't keep the process alive. */
  rest(): void {
    this.#worker.unref();
  }

  wake(): void {
    this.#worker.ref();
  }

  async end(): Promise<void> {
    this.sound = false;
    await this.#worker.terminate();
  }

  #heard(said: Said): void {
    if (said.kind === 'progress') this.#current?.onProgress(said.done, said.total);
    else if (said.kind === 'read') this.#current?.resolve(said.reading);
    else this.#current?.reject(said.expected ? new Unreadable(said.message) : new Error(said.message));
  }

  /** The limit of the heap doesn't count buffers, and a PDF's streams unfold into those: a few MB to many GB. */
  async #lookAtMemory(): Promise<void> {
    const taken = await this.#worker.getHeapStatistics().catch(() => null);
    if (taken && taken.external_memory > this.#memoryMb * 1024 * 1024) this.#broke(new Unreadable(takesMore('memory')));
  }

  #broke(error: unknown): void {
    this.sound = false;
    this.#current?.reject(error);
  }
}

/** What was fetched goes over without being copied, where nothing else shares its memory. */
function handedOver(material: Material): ArrayBuffer[] {
  if (!('bytes' in material)) return [];
  const { buffer, byteLength } = material.bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}

function takesMore(what: string): string {
  return `This takes more ${what} to read than Deskbell gives one file. Split it into several files, or save it anew and try again.`;
}
