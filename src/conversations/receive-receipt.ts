import type { ChannelEvent } from '../channels/index.ts';
import type { Workspace } from '../workspace.ts';
import { touch } from './conversation.ts';
import type { Received } from './receive-events.ts';
import { wantPerson } from './want-person.ts';

type Receipt = Extract<ChannelEvent, { type: 'receipt' }>;
type Through = Extract<ChannelEvent, { type: 'receipt-through' }>;
type State = 'sent' | 'delivered' | 'read' | 'failed';

/** Receipts only move forward; 'uncertain' is settled by any of them. */
const RANK = { queued: 0, sending: 1, uncertain: 2, sent: 3, delivered: 4, read: 5 } as const;
/** Of these the ones before are known to have been read already. */
const NEWEST = 200;
const TIME = { sent: 'sent_at', delivered: 'delivered_at', read: 'read_at' } as const;

/** A channel tells what became of a delivery. One that matches nothing yet waits for the send's own response. */
export function receiveReceipt(ws: Workspace, channelId: number, event: Receipt): Received {
  const found = find(ws, channelId, event);
  if (!found) {
    if (event.externalId === undefined) return { outcome: 'ignored' };
    ws.prepare('INSERT INTO waiting_receipts (channel_id, external_id, state, says, at) VALUES (?, ?, ?, ?, ?)').run(
      channelId,
      event.externalId,
      event.state,
      event.says ?? null,
      event.at,
    );
    return { outcome: 'kept' };
  }
  // Known by our reference: from now on also by the channel's id, for what customers react and reply to.
  if (event.externalId !== undefined)
    ws.prepare('UPDATE deliveries SET external_id = ? WHERE id = ? AND external_id IS NULL').run(event.externalId, found.id);
  moveDelivery(ws, found.id, event.state, event.at, event.says);
  if (event.andBefore) moveBefore(ws, found, event);
  return { outcome: 'settled', conversationId: found.conversationId, messageId: found.messageId };
}

/** What went out before it in its conversation has come as far. What is uncertain stays so. */
function moveBefore(ws: Workspace, { id, conversationId }: { id: number; conversationId: number }, { state, at }: Receipt): void {
  const before = ws
    .prepare(
      `SELECT id FROM deliveries WHERE id < ? AND state IN ('sent', 'delivered')
         AND message_id IN (SELECT id FROM messages WHERE conversation_id = ? ORDER BY id DESC LIMIT ${NEWEST}) ORDER BY id`,
    )
    .pluck()
    .all(id, conversationId) as number[];
  for (const each of before) moveDelivery(ws, each, state, at);
}

/**
 * A channel tells up to which moment the customer has everything. What is uncertain stays so: that it was sent before then
 * doesn't show that it ever came. The moment that counts is when it left here: the far side's own answer came later.
 */
export function receiveThrough(ws: Workspace, channelId: number, event: Through): Received {
  const { sender, thread, state, through } = event;
  const before = state === 'read' ? "'sent', 'delivered'" : "'sent'";
  const moved = ws
    .prepare(
      `SELECT id, conversation_id AS conversationId FROM deliveries
       WHERE state IN (${before}) AND coalesce(sending_at, sent_at) <= ? AND message_id IN (
         SELECT id FROM messages WHERE conversation_id IN (
           SELECT id FROM conversations WHERE thread = ? AND identity_id = (SELECT id FROM identities WHERE channel_id = ? AND external_id = ?))
         ORDER BY id DESC LIMIT ${NEWEST})
       ORDER BY id`,
    )
    .all(through, thread, channelId, sender.externalId) as { id: number; conversationId: number }[];
  for (const { id } of moved) moveDelivery(ws, id, state, through);
  const last = moved.at(-1);
  return last ? { outcome: 'settled', conversationId: last.conversationId } : { outcome: 'ignored' };
}

/** Moves a delivery forward, never back. A failure counts only while nothing better is known. */
export function moveDelivery(ws: Workspace, deliveryId: number, state: State, at: number, says?: string): void {
  const now = ws
    .prepare('SELECT state, conversation_id AS conversationId, message_id AS messageId FROM deliveries WHERE id = ?')
    .get(deliveryId) as {
    state: string;
    conversationId: number;
    messageId: number;
  };
  const rank = now.state in RANK ? RANK[now.state as keyof typeof RANK] : RANK.uncertain;
  if (state === 'failed') {
    if (rank > RANK.sent) return;
    ws.prepare("UPDATE deliveries SET state = 'failed', says = ? WHERE id = ?").run(says ?? null, deliveryId);
    wantPerson(ws, { id: now.conversationId }, 'A message could not be delivered.', { tellIfNobody: false });
  } else {
    if (rank >= RANK[state]) return;
    ws.prepare(`UPDATE deliveries SET state = ?, ${TIME[state]} = ?, says = NULL WHERE id = ?`).run(state, at, deliveryId);
  }
  ws.prepare('UPDATE messages SET revision = ? WHERE id = ?').run(ws.nextRevision(), now.messageId);
  touch(ws, now.conversationId);
}

/** What came before the send's response did, now that the channel's id is known. */
export function takeWaitingReceipts(ws: Workspace, channelId: number, externalId: string, deliveryId: number): void {
  const waiting = ws
    .prepare('DELETE FROM waiting_receipts WHERE channel_id = ? AND external_id = ? RETURNING state, says, at')
    .all(channelId, externalId) as {
    state: State;
    says: string | null;
    at: number;
  }[];
  for (const receipt of waiting) moveDelivery(ws, deliveryId, receipt.state, receipt.at, receipt.says ?? undefined);
}

function find(
  ws: Workspace,
  channelId: number,
  event: { reference?: string; externalId?: string },
): { id: number; conversationId: number; messageId: number } | undefined {
  const columns = 'SELECT id, conversation_id AS conversationId, message_id AS messageId FROM deliveries WHERE channel_id = ?';
  const byReference =
    event.reference === undefined ? undefined : ws.prepare(`${columns} AND reference = ?`).get(channelId, event.reference);
  const found =
    byReference ??
    (event.externalId === undefined ? undefined : ws.prepare(`${columns} AND external_id = ?`).get(channelId, event.externalId));
  return found as { id: number; conversationId: number; messageId: number } | undefined;
}

/** Whether something that left the account is ours, by our reference or by the channel's id. */
export function ownDelivery(ws: Workspace, channelId: number, event: { reference?: string; externalId?: string }): number | undefined {
  return find(ws, channelId, event)?.id;
}
