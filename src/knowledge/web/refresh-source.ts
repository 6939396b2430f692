import { and, eq, ne } from '../../db/drizzle.ts';
import { sources } from '../../db/schema/workspace.ts';
import { cancelJob, enqueue } from '../../jobs/enqueue.ts';
import type { JobKind } from '../../jobs/job.ts';
import type { Workspace } from '../../workspace.ts';
import { NoSource, sourceOf, tell, type Source } from '../source.ts';

const HOUR = 3600_000;
/** States in which a source is read through, and may be looked at again. */
const AT_REST: readonly Source['state'][] = ['ready', 'failed'];

/** Looks for changes: fetches the list of pages, then asks each whether it has changed. Throws NoSource. */
export function refreshSource(ws: Workspace, id: number): void {
  ws.durable(() => {
    const source = sourceOf(ws, id);
    if (source.rules === null) throw new NoSource(`source ${id} isn't read from the web`);
    if (AT_REST.includes(source.state)) askRefresh(ws, source);
  });
}

/** Inside a transaction. What nobody has said yes to yet is looked through once more. */
export function askRefresh(ws: Workspace, { id, generation, listing }: Source): void {
  const state = generation < 0 ? 'exploring' : 'waiting';
  ws.db
    .update(sources)
    .set({ state, says: null, listing: listing ?? 'refresh', progressDone: 0, progressTotal: 0, updatedAt: ws.clock.now() })
    .where(eq(sources.id, id))
    .run();
  enqueue(ws, { kind: 'read-pages', key: String(id), payload: { sourceId: id } });
  tell(ws, id);
}

/** How often it looks for changes by itself; null is never. Throws NoSource. */
export function setSchedule(ws: Workspace, id: number, refreshHours: number | null): void {
  ws.durable(() => {
    sourceOf(ws, id);
    ws.db.update(sources).set({ refreshHours }).where(eq(sources.id, id)).run();
    cancelJob(ws, 'refresh-source', String(id));
    scheduleRefresh(ws, id, refreshHours);
    tell(ws, id);
  });
}

/** Inside a transaction: the next time that it looks by itself. */
export function scheduleRefresh(ws: Workspace, id: number, refreshHours: number | null): void {
  if (refreshHours === null) return;
  enqueue(ws, { kind: 'refresh-source', key: String(id), payload: { sourceId: id }, dueAt: ws.clock.now() + refreshHours * HOUR });
}

/** The time has come. Where it is being read, paused or not agreed to, the next time is awaited. */
export const refreshOnTime: JobKind = {
  async run(ws, job) {
    const id = Number(job.payload['sourceId']);
    await job.finish(() => {
      const source = ws.db
        .select()
        .from(sources)
        .where(and(eq(sources.id, id), ne(sources.state, 'removing')))
        .get();
      if (!source || source.refreshHours === null) return;
      if (AT_REST.includes(source.state)) askRefresh(ws, source);
      else scheduleRefresh(ws, id, source.refreshHours);
    });
  },
};
