/** Customers who wait for a person, as the team is told of them. */
import type { Workspace } from '../workspace.ts';

export interface WaitingCustomer {
  conversationId: number;
  /** Null where the channel gives no name. */
  name: string | null;
  channel: string;
  why: string;
  since: number;
}

const WAITING = `
  SELECT c.id AS conversationId, coalesce(p.name, i.display_name) AS name, h.name AS channel, c.wanted_why AS why, c.wanted_since AS since
  FROM conversations c JOIN identities i ON i.id = c.identity_id JOIN contacts p ON p.id = c.contact_id JOIN channels h ON h.id = c.channel_id
  WHERE c.wanted_since IS NOT NULL AND c.status = 'open'`;

/** The one who has waited longest first. */
export function waitingCustomers(ws: Workspace, limit: number): WaitingCustomer[] {
  return ws.prepare(`${WAITING} ORDER BY c.wanted_since LIMIT ?`).all(limit) as WaitingCustomer[];
}

/** Undefined when nobody waits there any more. */
export function waitingIn(ws: Workspace, conversationId: number): WaitingCustomer | undefined {
  return ws.prepare(`${WAITING} AND c.id = ?`).get(conversationId) as WaitingCustomer | undefined;
}

/** What the customer said last there; null where they took it back, or said it without words. */
export function lastWordsIn(ws: Workspace, conversationId: number): string | null {
  return ws
    .prepare(
      `SELECT nullif(substr(m.text, 1, 400), '') FROM messages m
       WHERE m.id = (SELECT c.last_customer_message_id FROM conversations c WHERE c.id = ?) AND m.revoked_at IS NULL`,
    )
    .pluck()
    .get(conversationId) as string | null;
}

export function waitingCount(ws: Workspace): number {
  return ws.prepare("SELECT count(*) FROM conversations WHERE wanted_since IS NOT NULL AND status = 'open'").pluck().get() as number;
}
