/** The register of requests, as rows. */
import type { Workspace } from '../../workspace.ts';

export type RequestState = 'grace' | 'purging' | 'purged' | 'cancelled';

export interface PrivacyRequest {
  id: number;
  publicId: string;
  state: RequestState;
  contactId: number | null;
  askedBy: 'member' | 'contact';
  userId: number | null;
  receivedAt: number;
  purgeAt: number;
  heldUntil: number | null;
  restrictedBefore: number;
  counts: string | null;
  ledgerN: number | null;
  purgedAt: number | null;
  endedAt: number | null;
  certificate: string | null;
}

const COLUMNS = `id, public_id AS publicId, state, contact_id AS contactId, asked_by AS askedBy, user_id AS userId, received_at AS receivedAt,
  purge_at AS purgeAt, held_until AS heldUntil, restricted_before AS restrictedBefore, counts, ledger_n AS ledgerN, purged_at AS purgedAt,
  ended_at AS endedAt, certificate`;

export function requestById(ws: Workspace, id: number): PrivacyRequest | undefined {
  return ws.prepare(`SELECT ${COLUMNS} FROM privacy_requests WHERE id = ?`).get(id) as PrivacyRequest | undefined;
}

export function requestByPublicId(ws: Workspace, publicId: string): PrivacyRequest | undefined {
  return ws.prepare(`SELECT ${COLUMNS} FROM privacy_requests WHERE public_id = ?`).get(publicId) as PrivacyRequest | undefined;
}

/** What waits or is at work for a contact. */
export function openRequestOf(ws: Workspace, contactId: number): PrivacyRequest | undefined {
  return ws
    .prepare(`SELECT ${COLUMNS} FROM privacy_requests WHERE contact_id IS NOT NULL AND contact_id = ? AND state IN ('grace', 'purging')`)
    .get(contactId) as PrivacyRequest | undefined;
}

/** What isn't done first, the soonest first; then what is, the newest first. */
export function listRequests(ws: Workspace, limit: number): PrivacyRequest[] {
  return ws
    .prepare(
      `SELECT ${COLUMNS} FROM privacy_requests
       ORDER BY state IN ('purged', 'cancelled'), CASE WHEN state IN ('purged', 'cancelled') THEN -ended_at ELSE purge_at END, id DESC LIMIT ?`,
    )
    .all(limit) as PrivacyRequest[];
}

export function waitingRequests(ws: Workspace): PrivacyRequest[] {
  return ws.prepare(`SELECT ${COLUMNS} FROM privacy_requests WHERE state IN ('grace', 'purging')`).all() as PrivacyRequest[];
}

/** Purged, and the file not written anew yet. */
export function requestsToProve(ws: Workspace): PrivacyRequest[] {
  return ws.prepare(`SELECT ${COLUMNS} FROM privacy_requests WHERE state = 'purged' AND certificate IS NULL`).all() as PrivacyRequest[];
}
