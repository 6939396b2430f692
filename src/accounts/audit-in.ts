import type { Installation } from '../installation.ts';
import { audit, type AuditEvent } from '../web/audit.ts';
import { workspacesOf } from './accounts.queries.ts';

/** Writes down what was done to a workspace that is not at hand. */
export function auditIn({ workspaces }: Installation, workspaceId: string, event: AuditEvent): void {
  const { workspace, release } = workspaces.hold(workspaceId);
  try {
    audit(workspace, event);
  } finally {
    release();
  }
}

/** Writes down, in every workspace of a user, what they did to the way they sign in. */
export function auditWhereMember(installation: Installation, userId: number, action: string): void {
  for (const { id } of workspacesOf(installation, userId)) auditIn(installation, id, { actor: userId, action, subject: `user ${userId}` });
}
