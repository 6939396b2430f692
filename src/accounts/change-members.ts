import { and, eq, inArray, isNull, ne } from '../db/drizzle.ts';
import { invitations, memberships } from '../db/schema/control.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { audit } from '../web/audit.ts';
import { Problem } from '../web/errors.ts';
import { roleIn } from '../web/guard.ts';
import { roles, type Role } from '../web/permissions.ts';
import type { Workspace } from '../workspace.ts';
import { mayManage } from './rank.ts';

export interface Actor {
  userId: number;
  role: Role;
}

const NOT_YOURS = 'Only an owner can do this to an owner or admin.';
const LAST_OWNER = 'A workspace needs an owner. Make somebody else an owner first.';

function otherOwners(ws: Workspace, userId: number): boolean {
  const other = and(eq(memberships.workspaceId, ws.id), eq(memberships.role, 'owner'), ne(memberships.userId, userId));
  return ws.installation.control.db.select({ id: memberships.userId }).from(memberships).where(other).get() !== undefined;
}

function roleOf(ws: Workspace, userId: number): Role {
  const role = roleIn(ws.installation, ws.id, userId);
  if (!role) throw new Problem(404, 'This person is no member any more.');
  return role;
}

/** Gives a member another role. Throws Problem: not theirs to give, or the last owner would be gone. */
export function changeRole(ws: Workspace, actor: Actor, userId: number, role: Role): void {
  const { control } = ws.installation;
  const before = control.durable(() => {
    const now = roleOf(ws, userId);
    if (!mayManage(actor.role, now) || !mayManage(actor.role, role)) throw new Problem(403, NOT_YOURS);
    if (now === 'owner' && role !== 'owner' && !otherOwners(ws, userId)) throw new Problem(409, LAST_OWNER);
    control.db
      .update(memberships)
      .set({ role })
      .where(and(eq(memberships.workspaceId, ws.id), eq(memberships.userId, userId)))
      .run();
    // An owner's link to ownership must not outlast their own.
    endInvitations(
      ws,
      userId,
      roles.filter((invited) => !mayManage(role, invited)),
    );
    return now;
  });
  if (before === role) return;
  ws.durable(() => {
    audit(ws, { actor: actor.userId, action: 'member.role-changed', subject: `user ${userId}`, detail: { from: before, to: role } });
    letGo(ws, userId);
  });
}

/** Takes a member out, with the invitations they made; their account stays. Anybody may take out themselves. */
export function removeMember(ws: Workspace, actor: Actor, userId: number): void {
  const { control } = ws.installation;
  const role = control.durable(() => {
    const now = roleOf(ws, userId);
    if (userId !== actor.userId && !mayManage(actor.role, now)) throw new Problem(403, NOT_YOURS);
    if (now === 'owner' && !otherOwners(ws, userId)) throw new Problem(409, LAST_OWNER);
    control.db
      .delete(memberships)
      .where(and(eq(memberships.workspaceId, ws.id), eq(memberships.userId, userId)))
      .run();
    endInvitations(ws, userId, roles);
    return now;
  });
  ws.durable(() => {
    audit(ws, {
      actor: actor.userId,
      action: userId === actor.userId ? 'member.left' : 'member.removed',
      subject: `user ${userId}`,
      detail: { role },
    });
    letGo(ws, userId);
  });
}

/**
 * What they had taken over is looked at by `conversations`, which knows whether they may still answer; what they keep for
 * themselves by `privacy`. A kill before this is found at the next boot (`privacy/forget-members`).
 */
function letGo(ws: Workspace, userId: number): void {
  enqueue(ws, { kind: 'release-held', key: String(userId) });
  enqueue(ws, { kind: 'forget-members', key: '' });
}

/** Takes back the invitations to these roles that a member made and nobody used. Inside the transaction of the change. */
function endInvitations(ws: Workspace, createdBy: number, to: readonly Role[]): void {
  const { control, clock } = ws.installation;
  const theirs = and(eq(invitations.workspaceId, ws.id), eq(invitations.createdBy, createdBy), inArray(invitations.role, [...to]));
  const open = and(isNull(invitations.usedAt), isNull(invitations.revokedAt));
  control.db.update(invitations).set({ revokedAt: clock.now() }).where(and(theirs, open)).run();
}
