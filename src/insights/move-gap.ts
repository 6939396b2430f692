import type { Workspace } from '../workspace.ts';
import { dropIfEmpty, gapIn, groupOf, newGroup } from './groups.ts';

/**
 * Puts a question into another group, or into one of its own where `to` is null. What is asked alike from now on follows
 * it, since it is compared with this question too. A group that is left empty goes. Returns where it is now; throws NoGap.
 */
export function moveGap(ws: Workspace, { groupId, gapId, to }: { groupId: number; gapId: number; to: number | null }): number {
  return ws.durable(() => {
    const gap = gapIn(ws, groupId, gapId);
    const target = to === null ? newGroup(ws) : groupOf(ws, to).id;
    ws.prepare('UPDATE gaps SET group_id = ? WHERE id = ?').run(target, gap.id);
    ws.prepare('UPDATE gap_groups SET updated_at = ? WHERE id = ?').run(ws.clock.now(), target);
    dropIfEmpty(ws, groupId);
    return target;
  });
}
