import { and, desc, eq, gt, isNull } from '../db/drizzle.ts';
import { invitations, memberships, users, workspaces } from '../db/schema/control.ts';
import type { Installation } from '../installation.ts';
import { randomToken, tokenHash } from '../lib/ids.ts';
import { audit } from '../web/audit.ts';
import { Problem } from '../web/errors.ts';
import { roleIn } from '../web/guard.ts';
import type { Role } from '../web/permissions.ts';
import type { Workspace } from '../workspace.ts';
import { auditIn } from './audit-in.ts';
import type { Actor } from './change-members.ts';
import { mayManage } from './rank.ts';

export const INVITATION_DAYS = 7;
const DAY_MS = 24 * 3_600_000;

export interface OpenInvitation {
  id: number;
  workspaceId: string;
  workspaceName: string;
  invitedBy: string;
  email: string | null;
  role: Role;
  createdBy: number;
}

/** Invites somebody. The token is in the returned link alone: it is shown once, and only its hash is kept. */
export function inviteMember(ws: Workspace, actor: Actor, invited: { role: Role; email: string | null }): string {
  if (!mayManage(actor.role, invited.role)) throw new Problem(403, 'An admin can invite agents and viewers. Ask an owner for the rest.');
  const { control, clock, settings } = ws.installation;
  const token = randomToken();
  const now = clock.now();
  const id = control.durable(
    () =>
      control.db
        .insert(invitations)
        .values({
          workspaceId: ws.id,
          tokenHash: tokenHash(token),
          ...invited,
          createdBy: actor.userId,
          createdAt: now,
          expiresAt: now + INVITATION_DAYS * DAY_MS,
        })
        .returning({ id: invitations.id })
        .get().id,
  );
  audit(ws, { actor: actor.userId, action: 'member.invited', subject: `invitation ${id}`, detail: { role: invited.role } });
  return `${settings.baseUrl}/invitation/${token}`;
}

/** Takes back an invitation that nobody used yet. */
export function revokeInvitation(ws: Workspace, actor: Actor, id: number): void {
  const { control, clock } = ws.installation;
  const open = and(eq(invitations.id, id), eq(invitations.workspaceId, ws.id), isNull(invitations.usedAt), isNull(invitations.revokedAt));
  control.durable(() => {
    const row = control.db.select({ role: invitations.role }).from(invitations).where(open).get();
    if (!row) throw new Problem(404, 'This invitation was used or taken back already.');
    if (!mayManage(actor.role, row.role)) throw new Problem(403, 'Only an owner can take back this invitation.');
    control.db.update(invitations).set({ revokedAt: clock.now() }).where(open).run();
  });
  audit(ws, { actor: actor.userId, action: 'invitation.revoked', subject: `invitation ${id}` });
}

/** The invitation a link leads to. Throws 410 when it was used, taken back or is too old; one answer for all of them. */
export function openInvitation({ control, clock }: Installation, token: string): OpenInvitation {
  const found = control.db
    .select()
    .from(invitations)
    .innerJoin(workspaces, eq(workspaces.id, invitations.workspaceId))
    .innerJoin(users, eq(users.id, invitations.createdBy))
    .where(
      and(
        eq(invitations.tokenHash, tokenHash(token)),
        isNull(invitations.usedAt),
        isNull(invitations.revokedAt),
        gt(invitations.expiresAt, clock.now()),
        isNull(workspaces.closedAt),
      ),
    )
    .get();
  if (!found) throw new Problem(410, 'This invitation was used, taken back, or is older than a week. Ask for a new one.');
  const { id, workspaceId, email, role, createdBy } = found.invitations;
  return {
    id,
    workspaceId,
    workspaceName: found.workspaces.name,
    invitedBy: `${found.users.firstName} ${found.users.lastName}`,
    email,
    role,
    createdBy,
  };
}

/**
 * Makes a user a member by an invitation, once: of two posts one wins, the other gets 410. Who is a member already keeps
 * the role they have. Runs in one transaction with `before` (making the user), which returns whom to let in.
 */
export function acceptInvitation(
  installation: Installation,
  token: string,
  whom: () => { userId: number; email: string },
): { userId: number; workspaceId: string } {
  const { control, clock } = installation;
  const { invitation, userId } = control.durable(() => {
    const open = openInvitation(installation, token);
    const user = whom();
    if (open.email !== null && open.email !== user.email) {
      throw new Problem(403, `This invitation is for ${open.email}. Sign in with that address, or ask for an invitation of your own.`);
    }
    const now = clock.now();
    control.db.update(invitations).set({ usedAt: now, usedBy: user.userId }).where(eq(invitations.id, open.id)).run();
    control.db
      .insert(memberships)
      .values({ workspaceId: open.workspaceId, userId: user.userId, role: open.role, createdAt: now })
      .onConflictDoNothing()
      .run();
    return { invitation: open, userId: user.userId };
  });
  auditIn(installation, invitation.workspaceId, {
    actor: userId,
    action: 'member.joined',
    subject: `user ${userId}`,
    detail: { role: roleIn(installation, invitation.workspaceId, userId) ?? null },
  });
  return { userId, workspaceId: invitation.workspaceId };
}

export interface ListedInvitation {
  id: number;
  email: string | null;
  role: Role;
  createdAt: number;
  expiresAt: number;
}

/** Invitations that can still be used, the newest first. */
export function openInvitations(ws: Workspace): ListedInvitation[] {
  const { control, clock } = ws.installation;
  return control.db
    .select({
      id: invitations.id,
      email: invitations.email,
      role: invitations.role,
      createdAt: invitations.createdAt,
      expiresAt: invitations.expiresAt,
    })
    .from(invitations)
    .where(
      and(
        eq(invitations.workspaceId, ws.id),
        isNull(invitations.usedAt),
        isNull(invitations.revokedAt),
        gt(invitations.expiresAt, clock.now()),
      ),
    )
    .orderBy(desc(invitations.createdAt), desc(invitations.id))
    .all();
}
