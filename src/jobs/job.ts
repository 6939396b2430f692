import type { Workspace } from '../workspace.ts';

/** Another boot took the job, or it was taken back: its effect must not be written. */
export class LeaseLost extends Error {}

/**
 * Throw it to be tried again at a time of one's own choosing, instead of by the usual backoff. It never parks a job; one
 * that only waits for something else (`counts: false`) is no attempt either, so that a fault after it has all of its own.
 */
export class TryLater extends Error {
  readonly afterMs: number;
  readonly counts: boolean;

  constructor(afterMs: number, why: string, { counts = true }: { counts?: boolean } = {}) {
    super(why);
    this.afterMs = afterMs;
    this.counts = counts;
  }
}

/** Throw it when trying again can't help: the job is parked and `says` tells a person why. */
export class GiveUp extends Error {}

/** A job's row as it is leased. */
export interface JobRow {
  id: number;
  kind: string;
  key: string;
  payload: string;
  attempts: number;
}

/** A job that this process runs. Its handler ends it by `finish`, or throws. */
export class Job {
  readonly id: number;
  readonly kind: string;
  readonly key: string;
  readonly payload: Record<string, unknown>;
  /** How often its handler has thrown before. */
  readonly attempts: number;
  readonly #ws: Workspace;
  #finished = false;

  constructor(ws: Workspace, row: JobRow) {
    this.#ws = ws;
    this.id = row.id;
    this.kind = row.kind;
    this.key = row.key;
    this.payload = JSON.parse(row.payload) as Record<string, unknown>;
    this.attempts = row.attempts;
  }

  get finished(): boolean {
    return this.#finished;
  }

  /**
   * The job's effect and its end in one durable transaction, which it shares with what else ends in this turn of the event
   * loop: a flush for each would cost more than the answer. Asked for again meanwhile, it goes back to wait and runs once
   * more. Rejects with LeaseLost before the effect when the lease isn't ours any more.
   */
  async finish<T>(effect: () => T): Promise<T> {
    const value = await this.#ws.together(() => {
      this.#fence();
      const result = effect();
      this.#end();
      return result;
    });
    this.#finished = true;
    return value;
  }

  /** The end alone, for a handler whose effect is written by its own transaction or that has none. */
  finishQuietly(): void {
    this.#ws.write(() => {
      this.#fence();
      this.#end();
    });
    this.#finished = true;
  }

  #fence(): void {
    const row = this.#ws.prepare('SELECT lease FROM jobs WHERE id = ?').get(this.id) as { lease: string | null } | undefined;
    if (row?.lease !== this.#ws.installation.boot) throw new LeaseLost(`${this.kind} ${this.key}`);
  }

  #end(): void {
    const ws = this.#ws;
    if (ws.prepare('DELETE FROM jobs WHERE id = ? AND wanted = taken').run(this.id).changes > 0) return;
    const row = ws.prepare('UPDATE jobs SET lease = NULL, deaths = 0, attempts = 0 WHERE id = ? RETURNING due_at').get(this.id) as {
      due_at: number;
    };
    ws.afterCommit(() => ws.installation.jobs.wake(ws.id, row.due_at));
  }
}

/** What runs a kind of job. */
export interface JobKind {
  run(ws: Workspace, job: Job, signal: AbortSignal): Promise<void>;
  /** How many at once in the whole process; absent means as many as there is room for. */
  atOnce?: number;
  /** After so many throws it is parked and a person is told. 8 where absent. */
  attempts?: number;
  /** The longest wait between two attempts, ms. 10 minutes where absent. */
  longestWaitMs?: number;
  /** Told in the transaction that parks it. */
  onParked?(ws: Workspace, job: { key: string; payload: Record<string, unknown> }, says: string): void;
}
