import { Worker } from 'node:worker_threads';

export type Mode = 'PASSIVE' | 'TRUNCATE' | 'VACUUM';

export interface Order {
  id: number;
  file: string;
  mode: Mode;
}

export interface Checkpointed {
  /** TRUNCATE: somebody reads or writes, so the log is as long as before. */
  busy: boolean;
  /** Frames in the log, and how many of them stand in the database now. -1 where there is no log. */
  log: number;
  checkpointed: number;
}

export type Report = { id: number; done: Checkpointed } | { id: number; error: string; code?: string };

type Asked = PromiseWithResolvers<Checkpointed>;

/** The thread holds some megabytes; most servers write for a moment and then wait. */
const IDLE_MS = 20_000;

/** Checkpoints, and what else takes long with a whole file, in a thread of their own, started by the first that is asked for and ended when none was for a while. */
export class Checkpoints {
  readonly #asked = new Map<number, Asked>();
  readonly #idleMs: number;
  #worker: Worker | undefined;
  #rest: NodeJS.Timeout | undefined;
  #next = 0;

  constructor(idleMs: number = IDLE_MS) {
    this.#idleMs = idleMs;
  }

  /** Whether there is a thread now. */
  get running(): boolean {
    return this.#worker !== undefined;
  }

  /**
   * Moves into the database what can be moved without waiting for anybody; with TRUNCATE the log is then cut to nothing,
   * unless somebody reads or writes; with VACUUM the file is written anew first, without its free pages. Rejects with SQLite's error, its code on it.
   */
  ask(file: string, mode: Mode): Promise<Checkpointed> {
    const id = this.#next++;
    const asked: Asked = Promise.withResolvers();
    this.#asked.set(id, asked);
    clearTimeout(this.#rest);
    this.#worker ??= this.#start();
    this.#worker.postMessage({ id, file, mode } satisfies Order);
    return asked.promise;
  }

  /** Ends the thread once what was asked for is done. */
  async stop(): Promise<void> {
    clearTimeout(this.#rest);
    this.#worker?.ref();
    await Promise.allSettled([...this.#asked.values()].map(({ promise }) => promise));
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./checkpoint-worker.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 32 } });
    let cause = new Error('the checkpoint thread ended');
    worker.on('message', (report: Report) => this.#settle(report));
    worker.on('error', (error: Error) => (cause = error));
    worker.on('exit', () => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      for (const { reject } of this.#asked.values()) reject(cause);
      this.#asked.clear();
    });
    // What stands in a log is on the disk already: no checkpoint keeps the process alive.
    worker.unref();
    return worker;
  }

  #settle(report: Report): void {
    const asked = this.#asked.get(report.id);
    this.#asked.delete(report.id);
    if ('done' in report) asked?.resolve(report.done);
    else asked?.reject(Object.assign(new Error(report.error), report.code === undefined ? {} : { code: report.code }));
    if (this.#asked.size === 0) this.#rest = setTimeout(() => void this.stop(), this.#idleMs).unref();
  }
}
