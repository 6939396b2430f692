import { cancelJob } from '../../jobs/enqueue.ts';
import { audit } from '../../web/audit.ts';
import type { Workspace } from '../../workspace.ts';
import { PURGE_CONTACT } from './ask-erasure.ts';
import { requestById } from './requests.ts';

/** Takes a deletion back while it waits: the contact is as before. `userId`: null where the contact did it themselves. False when it has begun, or was taken back. */
export function undoErasure(ws: Workspace, id: number, userId: number | null): boolean {
  return ws.durable(() => {
    const request = requestById(ws, id);
    if (request?.state !== 'grace') return false;
    ws.prepare("UPDATE privacy_requests SET state = 'cancelled', ended_at = ?, held_until = NULL WHERE id = ?").run(ws.clock.now(), id);
    if (!request.restrictedBefore) ws.prepare('UPDATE contacts SET restricted_at = NULL WHERE id = ?').run(request.contactId);
    cancelJob(ws, PURGE_CONTACT, String(id));
    audit(ws, { actor: userId ?? 'system', action: 'erasure.undone', subject: `request ${id}` });
    return true;
  });
}
