import type { Sql, Statement } from './connect.ts';

const AT_MOST_TOGETHER = 200;

interface Waiting {
  act: () => unknown;
  full: boolean;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

interface Outcome {
  waiting: Waiting;
  value?: unknown;
  error?: unknown;
}

/** Who hears of what went wrong. */
export interface Troubles {
  /** What was to follow a commit threw: it is done all the same. */
  afterCommit(error: unknown): void;
  /** An act or its commit threw; whoever asked for it is told, too. */
  fault(error: unknown): void;
}

/**
 * Transactions of one write connection. They are IMMEDIATE, synchronous and short; nothing in them awaits.
 * `durable` flushes before it returns (synchronous=FULL): for what is promised to the outside. `write` doesn't: for what
 * can be rebuilt. The pragma is set between transactions, since two connections block each other.
 */
export class Transactor {
  readonly #sql: Sql;
  readonly #begin: Statement;
  readonly #commit: Statement;
  readonly #rollback: Statement;
  readonly #savepoint: Statement;
  readonly #release: Statement;
  readonly #undo: Statement;
  readonly #troubles: Troubles;
  #full = false;
  #after: (() => void)[] = [];
  #queue: Waiting[] = [];

  constructor(sql: Sql, troubles: Troubles) {
    this.#sql = sql;
    this.#begin = sql.prepare('BEGIN IMMEDIATE');
    this.#commit = sql.prepare('COMMIT');
    this.#rollback = sql.prepare('ROLLBACK');
    this.#savepoint = sql.prepare('SAVEPOINT one');
    this.#release = sql.prepare('RELEASE one');
    this.#undo = sql.prepare('ROLLBACK TO one');
    this.#troubles = troubles;
  }

  /** One transaction that need not survive a power cut. Inside another it joins that one. */
  write<T>(act: () => T): T {
    return this.#run(act, false);
  }

  /** One transaction that is on the disk when this returns. Inside one that isn't durable it throws. */
  durable<T>(act: () => T): T {
    return this.#run(act, true);
  }

  /**
   * Group commit: acts that come in the same turn of the event loop share one durable transaction, each in a savepoint
   * of its own, and resolve after the shared commit. One that throws undoes itself alone.
   */
  together<T>(act: () => T): Promise<T> {
    return this.#join(act, true);
  }

  /** The same for what need not survive a power cut: alone it doesn't wait for the disk. */
  writeTogether<T>(act: () => T): Promise<T> {
    return this.#join(act, false);
  }

  /** Runs `then` once the transaction one is in has been committed; dropped when it is undone. */
  afterCommit(then: () => void): void {
    if (!this.#sql.inTransaction) throw new Error('afterCommit was called outside a transaction');
    this.#after.push(then);
  }

  /** True while acts wait for their shared commit: the database must not be closed. */
  get busy(): boolean {
    return this.#queue.length > 0;
  }

  #join<T>(act: () => T, full: boolean): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ act, full, resolve: resolve as (value: unknown) => void, reject });
      if (this.#queue.length === 1) setImmediate(() => this.#flush());
    });
  }

  #run<T>(act: () => T, full: boolean): T {
    if (this.#sql.inTransaction) {
      if (full && !this.#full) throw new Error('a durable act was called inside a transaction that is not durable');
      return act();
    }
    if (full !== this.#full) {
      this.#sql.pragma(full ? 'synchronous = FULL' : 'synchronous = NORMAL');
      this.#full = full;
    }
    this.#after = [];
    this.#begin.run();
    let value: T;
    try {
      value = act();
      if (value instanceof Promise) throw new Error('a transaction must not await');
      this.#commit.run();
    } catch (error) {
      this.#after = [];
      // SQLite undoes the transaction itself on some errors (a full disk); then there is nothing left to undo.
      if (this.#sql.inTransaction) this.#rollback.run();
      this.#troubles.fault(error);
      throw error;
    }
    this.#runAfter();
    return value;
  }

  #runAfter(): void {
    const after = this.#after;
    this.#after = [];
    for (const then of after) {
      try {
        then();
      } catch (error) {
        this.#troubles.afterCommit(error);
      }
    }
  }

  #flush(): void {
    const batch = this.#queue.splice(0, AT_MOST_TOGETHER);
    if (this.#queue.length > 0) setImmediate(() => this.#flush());
    let outcomes: Outcome[];
    try {
      outcomes = this.#run(
        () => batch.map((waiting) => this.#within(waiting)),
        batch.some(({ full }) => full),
      );
    } catch {
      // The shared transaction is gone (a full disk, a failed commit): nothing of it is stored. Each tries alone.
      outcomes = batch.map((waiting) => this.#alone(waiting));
    }
    for (const { waiting, value, error } of outcomes) {
      if (error === undefined) waiting.resolve(value);
      else waiting.reject(error);
    }
  }

  #within(waiting: Waiting): Outcome {
    const kept = this.#after.length;
    this.#savepoint.run();
    try {
      const value = waiting.act();
      this.#release.run();
      return { waiting, value };
    } catch (error) {
      if (!this.#sql.inTransaction) throw error;
      this.#undo.run();
      this.#release.run();
      this.#after.length = kept;
      this.#troubles.fault(error);
      return { waiting, error };
    }
  }

  #alone(waiting: Waiting): Outcome {
    try {
      return { waiting, value: this.#run(waiting.act, waiting.full) };
    } catch (error) {
      return { waiting, error };
    }
  }
}
