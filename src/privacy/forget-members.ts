/** What a member keeps for themselves in a workspace goes when they leave it. */
import { membersOf } from '../accounts/index.ts';
import { enqueue } from '../jobs/enqueue.ts';
import type { Job } from '../jobs/job.ts';
import { roleMay, type WorkspaceAction } from '../web/permissions.ts';
import type { Workspace } from '../workspace.ts';

/** Tables whose `user_id` says whose a row is. What somebody said or did under their name isn't theirs alone, and stays. */
export const MEMBERS_ROWS: Record<string, { needs?: WorkspaceAction }> = {
  saved_views: {},
  member_presence: {},
  reply_drafts: {},
  member_alerts: {},
  push_devices: { needs: 'conversation.answer' },
  member_chats: { needs: 'conversation.answer' },
  chat_links: { needs: 'conversation.answer' },
};

/** The job 'forget-members', enqueued in the workspace once somebody has left it, or has another role. */
export async function forgetMembers(ws: Workspace, job: Job): Promise<void> {
  await job.finish(() => forgetRows(ws));
}

/**
 * At boot: memberships stand in control.db, so a kill may have come before the workspace knew that somebody had left. Nothing is
 * written where all is as it should be.
 */
export function forgetMembersGone(ws: Workspace): void {
  // A workspace without anybody is one whose control.db was lost: then nothing is known of who has left.
  if (membersOf(ws).length === 0) return;
  const gone = goneFrom(ws);
  if (gone.length === 0 && !Object.keys(MEMBERS_ROWS).some((table) => left(ws, table))) return;
  ws.durable(() => {
    enqueue(ws, { kind: 'forget-members', key: '' });
    for (const userId of gone) enqueue(ws, { kind: 'release-held', key: String(userId) });
  });
}

/** Who has a conversation in hand, or is to see to one, and may not answer. */
function goneFrom(ws: Workspace): number[] {
  const held = "SELECT holder_id AS id FROM conversations WHERE status <> 'resolved' AND holder_id IS NOT NULL";
  const given = "SELECT assignee_id FROM conversations WHERE status <> 'resolved' AND assignee_id IS NOT NULL";
  const ids = ws.prepare(`${held} UNION ${given}`).pluck().all() as number[];
  const may = new Set(thoseWhoMay(ws, 'conversation.answer'));
  return ids.filter((id) => !may.has(id));
}

function thoseWhoMay(ws: Workspace, action: WorkspaceAction | undefined): number[] {
  return membersOf(ws)
    .filter(({ role }) => action === undefined || roleMay(role, action))
    .map(({ userId }) => userId);
}

const othersThan = (ws: Workspace, table: string): string => JSON.stringify(thoseWhoMay(ws, MEMBERS_ROWS[table]?.needs));

function left(ws: Workspace, table: string): boolean {
  const text = `SELECT 1 FROM ${table} WHERE user_id NOT IN (SELECT value FROM json_each(?)) LIMIT 1`;
  return ws.prepare(text).get(othersThan(ws, table)) !== undefined;
}

function forgetRows(ws: Workspace): void {
  keepShared(ws);
  for (const table of Object.keys(MEMBERS_ROWS))
    ws.prepare(`DELETE FROM ${table} WHERE user_id NOT IN (SELECT value FROM json_each(?))`).run(othersThan(ws, table));
}

/** A list that all look at doesn't go with who made it: it is an owner's from then on. */
function keepShared(ws: Workspace): void {
  const owner = membersOf(ws).find(({ role }) => role === 'owner');
  if (owner)
    ws.prepare(
      'UPDATE saved_views SET user_id = ? WHERE shared AND removed_at IS NULL AND user_id NOT IN (SELECT value FROM json_each(?))',
    ).run(owner.userId, othersThan(ws, 'saved_views'));
}
