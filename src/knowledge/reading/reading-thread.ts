import { Worker } from 'node:worker_threads';
import { Unreadable, type Chunk, type Material, type OnProgress, type Reading } from './material.ts';

export type Said =
  | { kind: 'progress'; done: number; total: number }
  /** The first ones; there are more. */
  | { kind: 'chunks'; chunks: Chunk[] }
  /** With what chunks weren't handed over yet. */
  | { kind: 'read'; reading: Reading }
  | { kind: 'failed'; expected: boolean; message: string };

/** How often a thread's memory and its time are looked at. */
const LOOK_MS = 200;
/** A thread that gets only a third of a processor isn't to blame for it; beyond that somebody waits in vain. */
const WAITS = 3;

export interface ThreadLimits {
  /** Heap, MB. */
  memoryMb: number;
  /** Priority on Linux, 0 as the server's own to 19: chats go first, but for what somebody waits for. */
  nice: number;
}

interface Current {
  chunks: Chunk[];
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

  constructor({ memoryMb, nice }: ThreadLimits) {
    this.#memoryMb = memoryMb;
    this.#worker = new Worker(new URL('./reading-worker.ts', import.meta.url), {
      workerData: { nice },
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
    this.#worker.on('message', (said: Said) => this.#heard(said));
    this.#worker.on('error', (error: Error & { code?: string }) => {
      this.#broke(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new Unreadable(takesMore('memory'), { cause: error }) : error);
    });
    this.#worker.on('exit', () => this.#broke(new Error('a reading thread ended')));
  }

  /**
   * Within `timeMs` of the processor's time. Rejects with Unreadable for what its giver must change, and with the signal's
   * reason when it is aborted.
   */
  async read(material: Material, timeMs: number, onProgress: OnProgress, signal: AbortSignal): Promise<Reading> {
    const { promise, resolve, reject } = Promise.withResolvers<Reading>();
    this.#current = { chunks: [], onProgress, resolve, reject };
    const stop = (): void => this.#broke(signal.reason);
    const timer = setTimeout(() => this.#broke(new Unreadable(takesMore('time'))), WAITS * timeMs);
    const before = this.#cpuMs();
    const watch = setInterval(() => void this.#look(before, timeMs), Math.min(LOOK_MS, timeMs));
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
    const current = this.#current;
    if (said.kind === 'progress') current?.onProgress(said.done, said.total);
    else if (said.kind === 'chunks') current?.chunks.push(...said.chunks);
    else if (said.kind === 'read') current?.resolve({ ...said.reading, chunks: [...current.chunks, ...said.reading.chunks] });
    else current?.reject(said.expected ? new Unreadable(said.message) : new Error(said.message));
  }

  /** The limit of the heap doesn't count buffers, and a PDF's streams unfold into those: a few MB to many GB. */
  async #look(before: Promise<number>, timeMs: number): Promise<void> {
    const taken = await this.#worker.getHeapStatistics().catch(() => null);
    if (taken && taken.external_memory > this.#memoryMb * 1024 * 1024) this.#broke(new Unreadable(takesMore('memory')));
    if ((await this.#cpuMs()) - (await before) > timeMs) this.#broke(new Unreadable(takesMore('time')));
  }

  /** Of the thread so far; 0 when it doesn't run. */
  async #cpuMs(): Promise<number> {
    const { user, system } = await this.#worker.cpuUsage().catch(() => ({ user: 0, system: 0 }));
    return (user + system) / 1000;
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
