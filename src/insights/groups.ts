/** What the acts on groups share. Each runs inside its caller's transaction. */
import type { Workspace } from '../workspace.ts';

/** There is no such group, or no such question in it. Routes answer it with 404. */
export class NoGap extends Error {}

export interface Group {
  id: number;
  state: 'open' | 'answered' | 'dismissed';
  questionId: number | null;
  answeredAt: number | null;
  settledBy: number | null;
  reopenedAt: number | null;
}

const GROUP = `
  SELECT id, state, question_id AS questionId, answered_at AS answeredAt, settled_by AS settledBy, reopened_at AS reopenedAt FROM gap_groups WHERE id = ?`;

/** Throws NoGap. */
export function groupOf(ws: Workspace, id: number): Group {
  const group = ws.prepare(GROUP).get(id) as Group | undefined;
  if (!group) throw new NoGap(`group ${id}`);
  return group;
}

export function newGroup(ws: Workspace): number {
  const now = ws.clock.now();
  return Number(ws.prepare("INSERT INTO gap_groups (state, created_at, updated_at) VALUES ('open', ?, ?)").run(now, now).lastInsertRowid);
}

export interface Gap {
  id: number;
  groupId: number;
  contactId: number;
  messageId: number;
  text: string;
}

/** Throws NoGap. */
export function gapIn(ws: Workspace, groupId: number, gapId: number): Gap {
  const gap = ws
    .prepare(
      'SELECT id, group_id AS groupId, contact_id AS contactId, message_id AS messageId, text FROM gaps WHERE id = ? AND group_id = ?',
    )
    .get(gapId, groupId) as Gap | undefined;
  if (!gap) throw new NoGap(`question ${gapId}`);
  return gap;
}

/** The question behind a reply is no gap any more. */
export function dropGap(ws: Workspace, replyId: number): void {
  const group = ws.prepare('DELETE FROM gaps WHERE reply_id = ? RETURNING group_id').pluck().get(replyId) as number | undefined;
  if (group !== undefined) dropIfEmpty(ws, group);
}

/** A group without questions is nothing. What was learned from it stays in the knowledge. */
export function dropIfEmpty(ws: Workspace, groupId: number): void {
  ws.prepare('DELETE FROM gap_groups WHERE id = ? AND NOT EXISTS (SELECT 1 FROM gaps WHERE group_id = gap_groups.id)').run(groupId);
}

export function settle(ws: Workspace, groupId: number, state: Group['state'], userId: number | null): void {
  ws.prepare('UPDATE gap_groups SET state = ?, settled_by = ?, reopened_at = NULL, updated_at = ? WHERE id = ?').run(
    state,
    userId,
    ws.clock.now(),
    groupId,
  );
}
