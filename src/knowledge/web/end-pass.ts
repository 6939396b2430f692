/** How a pass over a web source goes, and how it ends. */
import { and, eq, ne } from '../../db/drizzle.ts';
import { sources } from '../../db/schema/workspace.ts';
import type { Workspace } from '../../workspace.ts';
import { tell } from '../source.ts';
import { scheduleDrop } from './drop-gone.ts';
import { dueOf } from './page-rows.ts';
import { scheduleRefresh } from './refresh-source.ts';

const TELL_MS = 400;

/** The server has stopped answering: what is still due failed by that. */
export function leaveOff(ws: Workspace, id: number): void {
  const says = 'The site had stopped answering when this page’s turn came. Try again later.';
  ws.prepare(
    `UPDATE pages SET due = 0, says = ?, state = CASE WHEN state = 'gone' THEN 'gone' ELSE 'failed' END WHERE source_id = ? AND due = 1`,
  ).run(says, id);
  endPass(ws, id, 'The site has stopped answering. What was read of it is in use. Try again later.');
}

/** A pass is over, inside a transaction; `says` is why it couldn't be done. What was read before stays in use. */
export function endPass(ws: Workspace, id: number, says: string | null): void {
  const source = ws.db
    .select()
    .from(sources)
    .where(and(eq(sources.id, id), ne(sources.state, 'removing')))
    .get();
  if (!source) return;
  const read = ws.prepare("SELECT 1 FROM pages WHERE source_id = ? AND state <> 'skipped' AND read_at IS NOT NULL LIMIT 1").pluck().get(id);
  const why = says ?? (read === undefined || source.kind === 'page' ? saidOfPages(ws, id) : null);
  const nothing = read === undefined ? (why ?? 'No page was found there. Check the address.') : null;
  const now = ws.clock.now();
  ws.db
    .update(sources)
    .set({
      state: nothing === null ? 'ready' : 'failed',
      says: nothing ?? why,
      readAt: says === null ? now : source.readAt,
      updatedAt: now,
    })
    .where(eq(sources.id, id))
    .run();
  scheduleRefresh(ws, id, source.refreshHours);
  scheduleDrop(ws, id);
  tell(ws, id);
}

/** What is said of the page nearest to the start that anything is said of. */
function saidOfPages(ws: Workspace, id: number): string | null {
  const says = ws.prepare('SELECT says FROM pages WHERE source_id = ? AND says IS NOT NULL ORDER BY depth, id LIMIT 1').pluck().get(id);
  return typeof says === 'string' ? says : null;
}

/** Writes down how far it is, now and then: pages show it. */
export function teller(ws: Workspace, id: number): () => void {
  let told = -Infinity;
  return () => {
    const now = ws.clock.steady();
    if (now - told < TELL_MS) return;
    told = now;
    const { due, all } = dueOf(ws, id);
    ws.write(() => {
      ws.db
        .update(sources)
        .set({ progressDone: all - due, progressTotal: all })
        .where(eq(sources.id, id))
        .run();
      tell(ws, id);
    });
  };
}
