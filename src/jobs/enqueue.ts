import type { Workspace } from '../workspace.ts';

export interface NewJob {
  kind: string;
  /** One job per kind and key: asked for again while it waits, it is moved; while it runs, it runs once more. */
  key: string;
  payload?: Record<string, unknown>;
  /** UTC ms; absent means now. */
  dueAt?: number;
  /** A waiting job may be pushed back by being asked for again, but no further than this after it was first asked for. */
  notLaterThanMs?: number;
}

/** A sooner due time counts when a job that waits is asked for again; a later one only with `notLaterThanMs`. */
const ENQUEUE = `
  INSERT INTO jobs (kind, key, payload, due_at, created_at) VALUES (@kind, @key, @payload, @dueAt, @now)
  ON CONFLICT (kind, key) DO UPDATE SET
    payload = excluded.payload,
    wanted = wanted + 1,
    due_at = CASE
      WHEN lease IS NOT NULL OR parked_at IS NOT NULL THEN excluded.due_at
      WHEN @cap IS NULL THEN min(due_at, excluded.due_at)
      ELSE min(excluded.due_at, created_at + @cap) END,
    created_at = CASE WHEN parked_at IS NOT NULL OR (lease IS NOT NULL AND wanted = taken) THEN excluded.created_at ELSE created_at END,
    attempts = CASE WHEN lease IS NULL THEN 0 ELSE attempts END,
    deaths = CASE WHEN parked_at IS NOT NULL THEN 0 ELSE deaths END,
    parked_at = NULL,
    says = NULL
  RETURNING due_at, lease`;

/** Asks for a job inside the transaction that makes it due. The runner is woken after the commit. */
export function enqueue(ws: Workspace, job: NewJob): void {
  if (!ws.sql.inTransaction) throw new Error(`the job ${job.kind} was enqueued outside a transaction`);
  const now = ws.clock.now();
  const row = ws.prepare(ENQUEUE).get({
    kind: job.kind,
    key: job.key,
    payload: JSON.stringify(job.payload ?? {}),
    dueAt: job.dueAt ?? now,
    now,
    cap: job.notLaterThanMs ?? null,
  }) as {
    due_at: number;
    lease: string | null;
  };
  if (row.lease === null) ws.afterCommit(() => ws.installation.jobs.wake(ws.id, row.due_at));
}

/** Takes back a job that has not begun. Returns whether there was one. */
export function cancelJob(ws: Workspace, kind: string, key: string): boolean {
  return ws.prepare('DELETE FROM jobs WHERE kind = ? AND key = ? AND lease IS NULL').run(kind, key).changes > 0;
}
