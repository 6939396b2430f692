import type { Installation } from '../installation.ts';
import { audit, type AuditEvent } from '../web/audit.ts';

/** Writes down what was done to a workspace that is not at hand. */
export function auditIn({ workspaces }: Installation, workspaceId: string, event: AuditEvent): void {
  const { workspace, release } = workspaces.hold(workspaceId);
  try {
    audit(workspace, event);
  } finally {
    release();
  }
}
