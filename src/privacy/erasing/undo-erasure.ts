import { cancelJob } from '../../jobs/enqueue.ts';
import { audit } from '../../web/audit.ts';
import type { Workspace } from '../../workspace.ts';
import { appendEntry, ledgerRef } from '../ledger.ts';
import { PURGE_CONTACT } from './ask-erasure.ts';
import { requestById, type PrivacyRequest } from './requests.ts';

/** Takes a deletion back while it waits: the contact is as before. `userId`: null where the contact did it themselves. False when it has begun, or was taken back. */
export function undoErasure(ws: Workspace, id: number, userId: number | null): boolean {
  return ws.durable(() => {
    const request = requestById(ws, id);
    if (request?.state !== 'grace') return false;
    const contact = ws.prepare('SELECT id, created_at AS createdAt FROM contacts WHERE id = ?').get(request.contactId) as
      { id: number; createdAt: number } | undefined;
    if (contact) appendEntry(ws.installation, ws, { kind: 'undone', ref: ledgerRef(ws, contact) });
    cancelRequest(ws, request);
    audit(ws, { actor: userId ?? 'system', action: 'erasure.undone', subject: `request ${id}` });
    return true;
  });
}

/** Inside the transaction that says why. */
export function cancelRequest(ws: Workspace, { id, contactId, restrictedBefore }: PrivacyRequest): void {
  ws.prepare("UPDATE privacy_requests SET state = 'cancelled', ended_at = ?, held_until = NULL WHERE id = ?").run(ws.clock.now(), id);
  if (!restrictedBefore) ws.prepare('UPDATE contacts SET restricted_at = NULL WHERE id = ?').run(contactId);
  cancelJob(ws, PURGE_CONTACT, String(id));
}
