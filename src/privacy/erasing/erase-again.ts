import { audit } from '../../web/audit.ts';
import type { Workspace } from '../../workspace.ts';
import { ledgerRef, type LedgerEntry } from '../ledger.ts';
import { deleteRows } from './purge-contact.ts';

/**
 * After a restore: whom the ledger says is erased goes once more, with all their rows. How many there were in this
 * workspace. Rows of files are left to the night, as in a purge.
 */
export async function eraseAgain(
  ws: Workspace,
  entries: readonly LedgerEntry[],
  forgetWords: (ws: Workspace, contactId: number) => void,
): Promise<number> {
  const erased = new Set(entries.filter(({ kind, workspace }) => kind === 'erased' && workspace === ws.id).map(({ ref }) => ref));
  if (erased.size === 0) return 0;
  const contacts = ws.prepare('SELECT id, created_at AS createdAt FROM contacts').all() as { id: number; createdAt: number }[];
  const back = contacts.filter((contact) => erased.has(ledgerRef(ws, contact)));
  for (const { id } of back) await eraseOne(ws, id, forgetWords);
  return back.length;
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
