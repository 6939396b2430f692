/** Who waits for an answer, computed from what was said: nothing that may have failed is asked. */
import type { Workspace } from '../../workspace.ts';

/** A customer who has no answer, or whose answer has not left. */
export interface Silence {
  conversationId: number;
  holderId: number | null;
  turn: 'bot' | 'person';
  /** When they wrote what isn't answered; of an answer that has not left: since when it waits. */
  since: number;
  /** Since when whoever has it now has it; 0 where that didn't change since they wrote. */
  turnedAt: number;
  /** The newest message of this silence: told of once. */
  through: number;
  /** An answer is there, and has not left. */
  stuck: number;
}

/** More than these are told of a minute later, and counted as "100". */
export const SILENCES_AT_MOST = 100;

const CONTACT_IS_SERVED =
  '(SELECT coalesce(p.blocked_at, p.restricted_at, p.erased_at, p.stopped_at) FROM contacts p WHERE p.id = c.contact_id) IS NULL';

/** The index's condition stands here word for word. What a customer took back needs no answer, what a member put off none yet. */
const UNANSWERED = `
  SELECT c.id AS conversationId, c.holder_id AS holderId, c.turn, c.silence_told AS told, 0 AS stuck, c.last_customer_message_id AS through,
    (SELECT m.id FROM messages m WHERE m.conversation_id = c.id AND m.id > c.answered_through AND m.author = 'customer' AND m.revoked_at IS NULL ORDER BY m.id LIMIT 1) AS first,
    coalesce((SELECT e.created_at FROM messages e WHERE e.conversation_id = c.id AND e.id > c.answered_through AND e.event IN ('took-over', 'handed-back') ORDER BY e.id DESC LIMIT 1), 0) AS turnedAt
  FROM conversations c
  WHERE status <> 'resolved' AND last_customer_message_id > answered_through AND c.snoozed_until IS NULL AND ${CONTACT_IS_SERVED}`;

/** What waits to be sent, the oldest of each conversation; a pause or a broken channel holds it. */
const STUCK = `
  SELECT c.id AS conversationId, c.holder_id AS holderId, c.turn, c.silence_told AS told, 1 AS stuck,
    (SELECT d.message_id FROM deliveries d WHERE d.id = w.first) AS through,
    (SELECT d.message_id FROM deliveries d WHERE d.id = w.first) AS first,
    0 AS turnedAt, (SELECT d.queued_at FROM deliveries d WHERE d.id = w.first) AS since
  FROM (SELECT conversation_id, min(id) AS first FROM deliveries WHERE state in ('queued', 'sending') GROUP BY conversation_id) w
  CROSS JOIN conversations c ON c.id = w.conversation_id
  WHERE c.status <> 'resolved' AND ${CONTACT_IS_SERVED}`;

const COLUMNS = 'conversationId, holderId, turn, since, turnedAt, through, stuck, told, first';
const all = (unanswered: string): string => `
  SELECT ${COLUMNS} FROM (SELECT *, (SELECT created_at FROM messages WHERE id = first) AS since FROM (${unanswered})) WHERE since IS NOT NULL
  UNION ALL SELECT ${COLUMNS} FROM (${STUCK})`;

const UNTOLD = `SELECT * FROM (${all(`${UNANSWERED} AND silence_told < last_customer_message_id`)}) WHERE told < first
  ORDER BY max(since, turnedAt) LIMIT ${SILENCES_AT_MOST}`;
const LONGEST = `SELECT conversationId FROM (${all(UNANSWERED)}) WHERE since <= ? GROUP BY conversationId ORDER BY min(since) LIMIT ${SILENCES_AT_MOST}`;
const COUNTED = `SELECT count(*) FROM (SELECT DISTINCT conversationId FROM (${all(UNANSWERED)}) WHERE since <= ? LIMIT ${SILENCES_AT_MOST})`;

const ANYBODY = `
  SELECT EXISTS (SELECT 1 FROM conversations WHERE status <> 'resolved' AND last_customer_message_id > answered_through)
    OR EXISTS (SELECT 1 FROM deliveries WHERE state in ('queued', 'sending'))`;

/** False for the many workspaces where nothing is to be done. */
export function anybodyWaits(ws: Workspace): boolean {
  return ws.prepare(ANYBODY).pluck().get() === 1;
}

/**
 * Those that the team wasn't told of yet, whoever waits longest first; also those whose time has not come. A "thank you" that
 * nobody answers is told of once, and is passed over from then on without a look at its messages.
 */
export function untoldSilences(ws: Workspace): Silence[] {
  return ws.prepare(UNTOLD).all() as Silence[];
}

/** Conversations whose customer has waited for `ms` or longer, told or not; whoever waits longest first. */
export function silentConversations(ws: Workspace, ms: number): number[] {
  return ws
    .prepare(LONGEST)
    .pluck()
    .all(ws.clock.now() - ms) as number[];
}

/** How many they are, up to a hundred. */
export function countSilent(ws: Workspace, ms: number): number {
  return ws
    .prepare(COUNTED)
    .pluck()
    .get(ws.clock.now() - ms) as number;
}
