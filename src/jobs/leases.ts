/**
 * Which jobs of a workspace this process holds. A lease is this boot's id and has no time: what another boot holds belongs
 * to a dead process.
 */
import type { Workspace } from '../workspace.ts';
import type { JobKind, JobRow } from './job.ts';
import { park } from './put-back.ts';

const DEATHS_AT_MOST = 3;
const DIED = 'The server stopped three times while doing this. It is left alone until a person looks at it.';
/** A due time further off than this wasn't set by this clock: it was moved back since. */
const FARTHEST_DUE_MS = 40 * 24 * 3600_000;

const LEASE = `
  UPDATE jobs SET lease = @boot, taken = wanted, deaths = deaths + 1
  WHERE id IN (
    SELECT id FROM (
      SELECT id, due_at, kind, row_number() OVER (PARTITION BY kind ORDER BY due_at, id) AS nth FROM jobs
      WHERE parked_at IS NULL AND lease IS NULL AND (due_at <= @now OR due_at > @farthest))
    WHERE nth <= coalesce((SELECT value FROM json_each(@limits) WHERE json_each.key = kind), @most)
    ORDER BY due_at, id LIMIT @most)
  RETURNING id, kind, key, payload, attempts`;

/** Leases at most `most` of what is due, and of a limited kind no more than `limits` says. */
export function leaseDue(ws: Workspace, limits: Record<string, number>, most: number): JobRow[] {
  const now = ws.clock.now();
  const { boot } = ws.installation;
  return ws.write(() =>
    ws.prepare(LEASE).all({ boot, now, farthest: now + FARTHEST_DUE_MS, limits: JSON.stringify(limits), most }),
  ) as JobRow[];
}

/** Frees what this process held before the workspace was closed under it: what ran then ended with it. */
export function freeOwn(ws: Workspace): void {
  ws.durable(() => ws.prepare('UPDATE jobs SET lease = NULL WHERE lease = ?').run(ws.installation.boot));
}

/** When the next job is due, UTC ms; null when none waits. Kinds that are full are passed over. */
export function nextDue(ws: Workspace, full: readonly string[]): number | null {
  return ws
    .prepare('SELECT min(due_at) FROM jobs WHERE parked_at IS NULL AND lease IS NULL AND kind NOT IN (SELECT value FROM json_each(?))')
    .pluck()
    .get(JSON.stringify(full)) as number | null;
}

/** Frees what dead boots held; what has now died for the third time is parked. */
export function freeDead(ws: Workspace, kinds: Record<string, JobKind>): void {
  const dead = ws
    .prepare('SELECT id, kind, key, payload, attempts, deaths FROM jobs WHERE lease IS NOT NULL AND lease <> ?')
    .all(ws.installation.boot) as (JobRow & { deaths: number })[];
  if (dead.length === 0) return;
  ws.durable(() => {
    for (const row of dead) {
      if (row.deaths >= DEATHS_AT_MOST) park(ws, row, kinds[row.kind], DIED);
      else ws.prepare('UPDATE jobs SET lease = NULL WHERE id = ?').run(row.id);
    }
  });
}
