import { audit } from '../../web/audit.ts';
import type { Workspace } from '../../workspace.ts';
import { ledgerRef, type LedgerEntry } from '../ledger.ts';
import { askErasure } from './ask-erasure.ts';
import { deleteRows } from './purge-contact.ts';
import { openRequestOf } from './requests.ts';
import { cancelRequest } from './undo-erasure.ts';

/**
 * After a restore: whom the ledger says is erased goes once more, with all their rows; whose deletion was asked for or
 * taken back since is asked for or left alone. How many were erased in this workspace. Rows of files are left to the night, as in a purge.
 */
export async function eraseAgain(
  ws: Workspace,
  entries: readonly LedgerEntry[],
  forgetWords: (ws: Workspace, contactId: number) => void,
): Promise<number> {
  const last = new Map<string, LedgerEntry>();
  for (const entry of entries) if (entry.workspace === ws.id && last.get(entry.ref)?.kind !== 'erased') last.set(entry.ref, entry);
  if (last.size === 0) return 0;
  let erased = 0;
  const contacts = ws.prepare('SELECT id, created_at AS createdAt FROM contacts').all() as { id: number; createdAt: number }[];
  for (const contact of contacts) {
    const entry = last.get(ledgerRef(ws, contact));
    if (entry?.kind === 'erased') {
      await eraseOne(ws, contact.id, forgetWords);
      erased += 1;
    } else if (entry) askAgain(ws, contact.id, entry);
  }
  return erased;
}

/** What was asked since is asked; what was taken back since is taken back. Who asked isn't in the ledger: the shorter time counts. */
function askAgain(ws: Workspace, contactId: number, { kind, at }: LedgerEntry): void {
  const open = openRequestOf(ws, contactId);
  if (kind === 'asked' && !open) askErasure(ws, { contactId, askedBy: 'contact', userId: null, receivedAt: at });
  if (kind === 'undone' && open) ws.durable(() => cancelRequest(ws, open));
}

async function eraseOne(ws: Workspace, id: number, forgetWords: (ws: Workspace, contactId: number) => void): Promise<void> {
  ws.durable(() => forgetWords(ws, id));
  await deleteRows(ws, id, new AbortController().signal);
  ws.durable(() => {
    const now = ws.clock.now();
    ws.prepare('DELETE FROM contacts WHERE id = ?').run(id);
    ws.prepare(
      "UPDATE privacy_requests SET state = 'purged', contact_id = NULL, purged_at = ?, ended_at = ? WHERE contact_id = ? AND state IN ('grace', 'purging')",
    ).run(now, now, id);
    audit(ws, { actor: 'system', action: 'erasure.repeated' });
  });
}
