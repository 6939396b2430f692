/** Lists that members keep under a name: a filter, for themselves or for all. */
import type { Workspace } from '../../workspace.ts';
import { filterQuery, readFilter } from './filter.ts';

export interface SavedView {
  id: number;
  userId: number;
  name: string;
  /** The query of its address. */
  filter: string;
  shared: boolean;
}

export const VIEWS_AT_MOST = 30;
/** A removed one can be brought back for so long. */
const KEPT_MS = 24 * 3600_000;

const READ = 'SELECT id, user_id AS userId, name, filter, shared FROM saved_views WHERE removed_at IS NULL';
type Raw = Omit<SavedView, 'shared'> & { shared: number };
const revive = (row: Raw): SavedView => ({ ...row, shared: row.shared === 1 });

/** One's own, in the order that one gave them, then those that others made for all, by name. */
export function savedViewsOf(ws: Workspace, userId: number): SavedView[] {
  const order = 'user_id <> @userId, CASE user_id WHEN @userId THEN position END, name COLLATE NOCASE, id';
  return (ws.prepare(`${READ} AND (user_id = @userId OR shared) ORDER BY ${order}`).all({ userId }) as Raw[]).map(revive);
}

/** One's own; undefined for another's. */
export function ownView(ws: Workspace, userId: number, id: number): SavedView | undefined {
  const row = ws.prepare(`${READ} AND id = ? AND user_id = ?`).get(id, userId) as Raw | undefined;
  return row && revive(row);
}

/** Keeps a list; returns why not, where it can't be. */
export function saveView(ws: Workspace, userId: number, { name, filter, shared }: Omit<SavedView, 'id' | 'userId'>): string | undefined {
  return ws.durable(() => {
    const own = savedViewsOf(ws, userId).filter((view) => view.userId === userId);
    if (own.length >= VIEWS_AT_MOST) return `You can keep ${VIEWS_AT_MOST} lists at most. Delete one first.`;
    if (own.some((view) => view.name === name)) return 'You have a list of this name. Choose another.';
    const text = `INSERT INTO saved_views (user_id, name, filter, shared, created_at, position)
      VALUES (?, ?, ?, ?, ?, (SELECT coalesce(max(position), 0) + 1 FROM saved_views WHERE user_id = ?))`;
    ws.prepare(text).run(userId, name, filterQuery(readFilter(filter)), shared ? 1 : 0, ws.clock.now(), userId);
    return undefined;
  });
}

/** Changes one's own; returns why not, where it can't be. */
export function editView(ws: Workspace, { id, userId, name, filter, shared }: SavedView): string | undefined {
  return ws.durable(() => {
    const taken = savedViewsOf(ws, userId).some((view) => view.userId === userId && view.id !== id && view.name === name);
    if (taken) return 'You have a list of this name. Choose another.';
    const text = 'UPDATE saved_views SET name = ?, filter = ?, shared = ? WHERE id = ? AND user_id = ?';
    ws.prepare(text).run(name, filterQuery(readFilter(filter)), shared ? 1 : 0, id, userId);
    return undefined;
  });
}

/** Puts one's own before the one above it, or behind the one below. False where there is none. */
export function moveView(ws: Workspace, userId: number, id: number, to: 'up' | 'down'): boolean {
  return ws.durable(() => {
    const ids = savedViewsOf(ws, userId)
      .filter((view) => view.userId === userId)
      .map((view) => view.id);
    const at = ids.indexOf(id);
    const other = ids[to === 'up' ? at - 1 : at + 1];
    if (at < 0 || other === undefined) return false;
    ids[at] = other;
    ids[to === 'up' ? at - 1 : at + 1] = id;
    for (const [position, each] of ids.entries()) ws.prepare('UPDATE saved_views SET position = ? WHERE id = ?').run(position, each);
    return true;
  });
}

/** Removes one's own list; those that were removed long ago go for good. */
export function removeView(ws: Workspace, userId: number, id: number): boolean {
  const now = ws.clock.now();
  return ws.durable(() => {
    ws.prepare('DELETE FROM saved_views WHERE removed_at < ?').run(now - KEPT_MS);
    const text = 'UPDATE saved_views SET removed_at = ? WHERE id = ? AND user_id = ? AND removed_at IS NULL';
    return ws.prepare(text).run(now, id, userId).changes > 0;
  });
}

export function bringBackView(ws: Workspace, userId: number, id: number): boolean {
  return ws.durable(
    () =>
      ws.prepare('UPDATE saved_views SET removed_at = NULL WHERE id = ? AND user_id = ? AND removed_at IS NOT NULL').run(id, userId)
        .changes > 0,
  );
}
