/** Looks after the files of everything that is open: logs are moved into their databases by day, and made small at night. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../lib/log.ts';
import { Checkpoints } from './checkpoints.ts';
import type { Sql, Statement } from './connect.ts';
import { sqliteCode } from './faults.ts';

/** A workspace, or control.db. */
export interface OpenDatabase {
  id: string;
  sql: Sql;
  prepare(text: string): Pick<Statement, 'get'>;
}

export interface Context {
  /** All that are open now. Looking at them must not keep them open. */
  open(): Iterable<OpenDatabase>;
  /** Told every error that a database gave. */
  fault(id: string, error: unknown): void;
  log: Logger;
  lookMs?: number;
}

const LOOK_MS = 1000;
/** Frames of 4 KB. SQLite's own default, at which a log is moved by whoever commits; with us that is 16,000, when this thread can't keep up. */
const GROWN = 1000;
/** What a quiet log must hold to be worth starting a thread for. */
const WORTH = 250;
/** A file is written anew when a fifth of it is free, and that is 4 MB or more: less is soon full again. */
const FREE_SHARE = 0.2;
const FREE_PAGES = 1000;
const CUT_TRIES = 20;
const CUT_AGAIN_MS = 250;

export class DatabaseTender {
  readonly #context: Context;
  readonly #checkpoints = new Checkpoints();
  readonly #moving = new Set<string>();
  /** Frames that waited at the last look. */
  readonly #waited = new WeakMap<Sql, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(context: Context) {
    this.#context = context;
  }

  begin(): void {
    this.#timer = setInterval(() => this.look(), this.#context.lookMs ?? LOOK_MS).unref();
  }

  /** Takes nothing new and waits for the checkpoint that is under way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#checkpoints.stop();
  }

  /** Has every log moved that has grown, or that is quiet and not empty. A look costs 3 µs for each. */
  look(): void {
    for (const one of this.#context.open()) this.#lookAt(one);
  }

  /** At night, when search readers have let go: the log is moved, and cut to nothing. */
  async cutLog(one: OpenDatabase): Promise<void> {
    for (let tries = 1; !(await this.#cut(one)); tries++) {
      if (tries === CUT_TRIES) {
        this.#context.log.warn({ database: one.id }, 'a write-ahead log is still in use and was not cut');
        return;
      }
      await pause(CUT_AGAIN_MS);
    }
  }

  /** How long the file is, and whether writing it anew is worthwhile. */
  spareOf({ sql }: OpenDatabase): { bytes: number; spare: boolean } {
    const count = (what: string): number => Number(sql.pragma(what, { simple: true }));
    const pages = count('page_count');
    const free = count('freelist_count');
    return { bytes: pages * count('page_size'), spare: free >= FREE_PAGES && free >= pages * FREE_SHARE };
  }

  /** VACUUM, in the thread. Nobody else may have the file open. False when it couldn't be done, and the file is as it was. */
  async writeAnew(id: string, file: string): Promise<boolean> {
    try {
      await this.#checkpoints.ask(file, 'VACUUM');
      return true;
    } catch (err) {
      this.#context.fault(id, err);
      this.#context.log.error({ err, database: id }, 'a file could not be written anew, and is as it was');
      return false;
    }
  }

  /** The disk is full: what the logs hold is moved into the databases, and the logs are cut. */
  async cutAll(): Promise<void> {
    for (const one of [...this.#context.open()]) await this.#cut(one);
  }

  #lookAt(one: OpenDatabase): void {
    const { name } = one.sql;
    if (this.#moving.has(name)) return;
    const waiting = this.#waiting(one);
    const isQuiet = waiting === this.#waited.get(one.sql);
    this.#waited.set(one.sql, waiting);
    if (waiting >= GROWN || (waiting >= WORTH && isQuiet)) void this.#move(one);
  }

  /** Frames that stand in the log alone. */
  #waiting(one: OpenDatabase): number {
    try {
      const { log, checkpointed } = one.prepare('PRAGMA wal_checkpoint(NOOP)').get() as { log: number; checkpointed: number };
      return log - checkpointed;
    } catch (err) {
      this.#failed(one, err);
      return 0;
    }
  }

  async #move(one: OpenDatabase): Promise<void> {
    const { name } = one.sql;
    this.#moving.add(name);
    const done = await this.#checkpoints.ask(name, 'PASSIVE').catch((err: unknown) => this.#failed(one, err));
    this.#moving.delete(name);
    // All was moved, and more may have come meanwhile. Where a reader held something back, the next look is soon enough.
    if (done && done.checkpointed === done.log && one.sql.open && this.#timer) this.#lookAt(one);
  }

  async #cut(one: OpenDatabase): Promise<boolean> {
    const done = await this.#checkpoints.ask(one.sql.name, 'TRUNCATE').catch((err: unknown) => this.#failed(one, err));
    return done?.busy === false;
  }

  #failed(one: OpenDatabase, err: unknown): undefined {
    // Somebody works with it: the next look finds it as it is then.
    if (sqliteCode(err).startsWith('SQLITE_BUSY') || !one.sql.open) return;
    this.#context.fault(one.id, err);
    this.#context.log.warn({ err, database: one.id }, 'a write-ahead log could not be moved');
  }
}
