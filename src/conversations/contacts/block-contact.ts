import { audit } from '../../web/audit.ts';
import type { Workspace } from '../../workspace.ts';
import { touch } from '../conversation.ts';
import { storeEvent } from '../store-message.ts';

/**
 * From now on what they write is kept and gets no answer, and nobody is called. Who waits for a person waits no longer; what
 * is still on its way to them is held back when its turn comes. False when it was so already.
 */
export function blockContact(ws: Workspace, contactId: number, userId: number): boolean {
  return ws.durable(() => {
    const block = 'UPDATE contacts SET blocked_at = ? WHERE id = ? AND blocked_at IS NULL AND erased_at IS NULL';
    if (ws.prepare(block).run(ws.clock.now(), contactId).changes === 0) return false;
    ws.prepare('UPDATE conversations SET wanted_since = NULL, wanted_why = NULL WHERE contact_id = ? AND wanted_since IS NOT NULL').run(
      contactId,
    );
    tell(ws, contactId, 'blocked', 'The contact was blocked: no answers from now on.');
    audit(ws, { actor: userId, action: 'contact.blocked', subject: `contact ${contactId}`, contactId });
    return true;
  });
}

/** What they write from now on is answered again. What came meanwhile is for a person to look at. */
export function unblockContact(ws: Workspace, contactId: number, userId: number): boolean {
  return ws.durable(() => {
    const unblock = ws.prepare('UPDATE contacts SET blocked_at = NULL WHERE id = ? AND blocked_at IS NOT NULL');
    if (unblock.run(contactId).changes === 0) return false;
    tell(ws, contactId, 'unblocked', 'The contact is no longer blocked.');
    audit(ws, { actor: userId, action: 'contact.unblocked', subject: `contact ${contactId}`, contactId });
    return true;
  });
}

function tell(ws: Workspace, contactId: number, event: string, says: string): void {
  const open = ws.prepare("SELECT id FROM conversations WHERE contact_id = ? AND status <> 'resolved'").pluck().all(contactId) as number[];
  for (const id of open) {
    storeEvent(ws, id, event, says);
    touch(ws, id);
  }
}
