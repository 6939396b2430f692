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

export function waitingCount(ws: Workspace): number {
  return ws.prepare("SELECT count(*) FROM conversations WHERE wanted_since IS NOT NULL AND status = 'open'").pluck().get() as number;
}
