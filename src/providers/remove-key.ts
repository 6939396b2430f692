import { and, eq, isNull } from '../db/drizzle.ts';
import { providerKeys } from '../db/schema/workspace.ts';
import { audit } from '../web/audit.ts';
import type { Workspace } from '../workspace.ts';

/**
 * Takes a key away at once: its sealed value and its fingerprint are gone, no call is made with it any more. The row stays,
 * since runs and their costs point at it. Returns false when there was no such key.
 */
export function removeKey(workspace: Workspace, keyId: number, userId: number): boolean {
  return workspace.durable(() => {
    const live = and(eq(providerKeys.id, keyId), isNull(providerKeys.removedAt));
    const gone = { removedAt: workspace.clock.now(), keySealed: null, fingerprint: null };
    const { changes } = workspace.db.update(providerKeys).set(gone).where(live).run();
    if (changes > 0) audit(workspace, { actor: userId, action: 'key.removed', subject: `provider key ${keyId}` });
    return changes > 0;
  });
}
