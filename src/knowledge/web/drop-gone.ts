import { eq } from '../../db/drizzle.ts';
import { sources } from '../../db/schema/workspace.ts';
import { enqueue } from '../../jobs/enqueue.ts';
import type { JobKind } from '../../jobs/job.ts';
import type { Workspace } from '../../workspace.ts';
import { tell, type Source } from '../source.ts';
import { dropPages } from './drop-pages.ts';

const DAY = 24 * 3600_000;

/** Asks for pages that have vanished to be dropped when their time is over; inside a transaction. */
export function scheduleDrop(ws: Workspace, id: number): void {
  const first = ws.prepare("SELECT min(gone_at) FROM pages WHERE source_id = ? AND state = 'gone'").pluck().get(id) as number | null;
  const kept = keptFor(ws, id);
  if (first !== null && kept !== null) enqueue(ws, { kind: 'drop-gone', key: String(id), payload: { sourceId: id }, dueAt: first + kept });
}

/** Drops what has been gone for as long as its source's rules say. */
export const dropGone: JobKind = {
  async run(ws, job, signal) {
    const id = Number(job.payload['sourceId']);
    const kept = keptFor(ws, id);
    const before = ws.clock.now() - (kept ?? 0);
    if (kept !== null) await dropPages(ws, id, ({ goneAt }) => goneAt !== null && goneAt <= before, signal);
    await job.finish(() => {
      scheduleDrop(ws, id);
      tell(ws, id);
    });
  },
};

/** ms; null when there is no such source any more. */
function keptFor(ws: Workspace, id: number): number | null {
  const source = ws.db.select({ rules: sources.rules }).from(sources).where(eq(sources.id, id)).get();
  return source ? keptMs(source) : null;
}

/** How long what has vanished is kept, ms; null for a source that doesn't live on the web. */
export function keptMs({ rules }: Pick<Source, 'rules'>): number | null {
  if (!rules) return null;
  return ('site' in rules ? rules.site : rules.feed).keepGoneDays * DAY;
}
