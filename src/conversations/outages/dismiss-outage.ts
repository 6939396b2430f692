import type { Workspace } from '../../workspace.ts';

/** A member has seen it: the inbox no longer shows it. False when there is no such outage. */
export function dismissOutage(ws: Workspace, id: number, userId: number): boolean {
  return ws.write(() => {
    const dismissed = ws.prepare(
      'UPDATE outages SET dismissed_at = coalesce(dismissed_at, ?), dismissed_by = coalesce(dismissed_by, ?) WHERE id = ?',
    );
    return dismissed.run(ws.clock.now(), userId, id).changes > 0;
  });
}
