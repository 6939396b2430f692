import type { Workspace } from '../workspace.ts';
import { GiveUp, TryLater, type JobKind, type JobRow } from './job.ts';

const ATTEMPTS = 8;
const LONGEST_WAIT_MS = 600_000;

/** A job that threw waits for its next try, or is parked; inside a transaction. 'stopping' costs it nothing. */
export function putBack(ws: Workspace, row: JobRow, kind: JobKind | undefined, error: unknown): void {
  const { log, jobs } = ws.installation;
  if (error === 'stopping') {
    ws.prepare('UPDATE jobs SET lease = NULL, deaths = 0 WHERE id = ?').run(row.id);
    return;
  }
  const attempts = row.attempts + (error instanceof TryLater && !error.counts ? 0 : 1);
  const about = { err: error, workspace: ws.id, kind: row.kind, attempts };
  if (error instanceof GiveUp || (!(error instanceof TryLater) && attempts >= (kind?.attempts ?? ATTEMPTS))) {
    log.error(about, 'a job was parked');
    park(ws, row, kind, error instanceof GiveUp ? error.message : 'This failed again and again. The log of the server says why.');
    return;
  }
  const wait = error instanceof TryLater ? error.afterMs : Math.min(1000 * 2 ** (attempts - 1), kind?.longestWaitMs ?? LONGEST_WAIT_MS);
  if (!(error instanceof TryLater)) log.warn(about, 'a job failed and is tried again');
  // Asked for again while it ran: what it waits for may have come in that time.
  const { dueAt } = ws
    .prepare(
      `UPDATE jobs SET lease = NULL, deaths = 0, attempts = @attempts, due_at = CASE WHEN wanted > taken THEN min(due_at, @dueAt) ELSE @dueAt END
       WHERE id = @id RETURNING due_at AS dueAt`,
    )
    .get({ attempts, dueAt: ws.clock.now() + wait, id: row.id }) as { dueAt: number };
  ws.afterCommit(() => jobs.wake(ws.id, dueAt));
}

/** Leaves a job to a person; inside a transaction. */
export function park(ws: Workspace, row: JobRow, kind: JobKind | undefined, says: string): void {
  ws.prepare('UPDATE jobs SET lease = NULL, parked_at = ?, says = ? WHERE id = ?').run(ws.clock.now(), says, row.id);
  kind?.onParked?.(ws, { key: row.key, payload: JSON.parse(row.payload) as Record<string, unknown> }, says);
}
