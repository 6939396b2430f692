import type { Workspace } from '../workspace.ts';
import { groupOf, settle } from './groups.ts';

/** Nobody is going to answer this: out of the list, and alike questions go there too. Throws NoGap. */
export function dismissGroup(ws: Workspace, groupId: number, userId: number): void {
  ws.durable(() => {
    if (groupOf(ws, groupId).state !== 'dismissed') settle(ws, groupId, 'dismissed', userId);
  });
}

/** Back into the list. Throws NoGap. */
export function restoreGroup(ws: Workspace, groupId: number): void {
  ws.durable(() => {
    if (groupOf(ws, groupId).state === 'dismissed') settle(ws, groupId, 'open', null);
  });
}
