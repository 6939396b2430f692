import { and, eq, isNull } from '../db/drizzle.ts';
import { installation as table } from '../db/schema/control.ts';
import type { Installation } from '../installation.ts';
import { tokenHash } from '../lib/ids.ts';
import type { NewWorkspace } from '../workspace-folder.ts';
import { insertUser, type NewUser } from './create-user.ts';
import { createWorkspace } from './create-workspace.ts';
import { hashPassword } from './passwords.ts';

export type OwnerMade = { outcome: 'made'; userId: number; workspaceId: string } | { outcome: 'already' };

/**
 * Makes the first user, who owns the first workspace and runs the installation. Of two at the same instant one wins: the
 * claim on the installation's row is in the same transaction. With `token` the one-time link must still hold.
 */
export async function createOwner(
  installation: Installation,
  person: NewUser & { password: string },
  business: NewWorkspace,
  token?: string,
): Promise<OwnerMade> {
  const { control, clock } = installation;
  const { password, ...user } = person;
  const passwordHash = await hashPassword(password);
  return control.durable(() => {
    const free = and(eq(table.id, 1), isNull(table.setUpAt), token === undefined ? undefined : eq(table.setupTokenHash, tokenHash(token)));
    const claimed = control.db.update(table).set({ setUpAt: clock.now(), setupTokenHash: null }).where(free).run().changes === 1;
    const userId = claimed ? insertUser(installation, user, passwordHash, true) : undefined;
    if (userId === undefined) return { outcome: 'already' };
    return { outcome: 'made', userId, workspaceId: createWorkspace(installation, userId, business) };
  });
}
