import { enqueue } from '../../jobs/enqueue.ts';
import { publicId } from '../../lib/ids.ts';
import { audit } from '../../web/audit.ts';
import type { Workspace } from '../../workspace.ts';
import { appendEntry, ledgerRef } from '../ledger.ts';
import { purgeDue } from './due.ts';
import { openRequestOf, requestById, type PrivacyRequest } from './requests.ts';

export const PURGE_CONTACT = 'purge-contact';

export interface Asked {
  contactId: number;
  askedBy: 'member' | 'contact';
  /** The member who asks; null where the contact asked in their channel. */
  userId: number | null;
  /** Without grace: there is no way back. */
  atOnce?: boolean;
  /** When it was asked, UTC ms, where the ledger knows it already: after a restore. */
  receivedAt?: number;
}

/**
 * A contact is to be deleted. From this transaction on they are restricted: nothing of theirs is answered, delivered,
 * searched or counted. Asked again, it is the same request; at once, it is due now. Undefined when there is no such contact.
 */
export function askErasure(ws: Workspace, { contactId, askedBy, userId, atOnce = false, receivedAt }: Asked): PrivacyRequest | undefined {
  return ws.durable(() => {
    const contact = ws
      .prepare('SELECT id, created_at AS createdAt, restricted_at AS restrictedAt FROM contacts WHERE id = ? AND erased_at IS NULL')
      .get(contactId) as { id: number; createdAt: number; restrictedAt: number | null } | undefined;
    if (!contact) return undefined;
    const now = ws.clock.now();
    const received = receivedAt ?? now;
    const purgeAt = atOnce ? now : purgeDue(received, askedBy);
    const known = openRequestOf(ws, contactId);
    if (!known && receivedAt === undefined) appendEntry(ws.installation, ws, { kind: 'asked', ref: ledgerRef(ws, contact) });
    const id = known?.id ?? add(ws, { contactId, askedBy, userId, received, purgeAt, restrictedBefore: contact.restrictedAt !== null });
    if (known && (purgeAt >= known.purgeAt || known.state !== 'grace')) return known;
    if (known) ws.prepare('UPDATE privacy_requests SET purge_at = ?, held_until = NULL WHERE id = ?').run(purgeAt, id);
    ws.prepare('UPDATE contacts SET restricted_at = coalesce(restricted_at, ?) WHERE id = ?').run(now, contactId);
    enqueue(ws, { kind: PURGE_CONTACT, key: String(id), dueAt: purgeAt });
    audit(ws, { actor: userId ?? 'system', action: atOnce ? 'erasure.at-once' : 'erasure.asked', subject: `request ${id}` });
    return requestById(ws, id);
  });
}

interface New {
  contactId: number;
  askedBy: 'member' | 'contact';
  userId: number | null;
  received: number;
  purgeAt: number;
  restrictedBefore: boolean;
}

function add(ws: Workspace, { contactId, askedBy, userId, received, purgeAt, restrictedBefore }: New): number {
  return Number(
    ws
      .prepare(
        `INSERT INTO privacy_requests (public_id, kind, state, contact_id, asked_by, user_id, received_at, purge_at, restricted_before)
         VALUES (?, 'erase', 'grace', ?, ?, ?, ?, ?, ?)`,
      )
      .run(publicId('rq'), contactId, askedBy, userId, received, purgeAt, Number(restrictedBefore)).lastInsertRowid,
  );
}
