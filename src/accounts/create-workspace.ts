import { memberships } from '../db/schema/control.ts';
import type { Installation } from '../installation.ts';
import type { NewWorkspace } from '../workspace-folder.ts';
import { auditIn } from './audit-in.ts';

/** Makes a workspace with this user as its owner; returns its id. The row and the membership come together or not at all. */
export function createWorkspace(installation: Installation, userId: number, business: NewWorkspace): string {
  const { control, workspaces, clock } = installation;
  const id = control.durable(() => {
    const made = workspaces.create(business);
    control.db.insert(memberships).values({ workspaceId: made, userId, role: 'owner', createdAt: clock.now() }).run();
    return made;
  });
  auditIn(installation, id, { actor: userId, action: 'workspace.created' });
  return id;
}
