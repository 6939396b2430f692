import { enqueue } from '../jobs/enqueue.ts';
import { publicId } from '../lib/ids.ts';
import type { Workspace } from '../workspace.ts';
import { touch } from './conversation.ts';

export type Settled = 'settled' | 'not-there' | 'settled-before';

interface Delivery {
  id: number;
  state: string;
  conversationId: number;
  messageId: number;
  partId: number;
  channelId: number;
}

/**
 * A person says what became of an uncertain or failed delivery: it arrived, or it is to be sent again (as a new delivery
 * with a reference of its own, so that a late receipt of the first can't be taken for the second).
 */
export function settleDelivery(ws: Workspace, deliveryId: number, how: 'arrived' | 'again', userId: number): Settled {
  return ws.durable(() => {
    const delivery = ws
      .prepare(
        `SELECT id, state, conversation_id AS conversationId, message_id AS messageId, part_id AS partId, channel_id AS channelId
         FROM deliveries WHERE id = ?`,
      )
      .get(deliveryId) as Delivery | undefined;
    if (!delivery) return 'not-there';
    if (delivery.state !== 'uncertain' && delivery.state !== 'failed') return 'settled-before';
    if (how === 'arrived') arrived(ws, delivery, userId);
    else sendAgain(ws, delivery, userId);
    ws.prepare('UPDATE messages SET revision = ? WHERE id = ?').run(ws.nextRevision(), delivery.messageId);
    touch(ws, delivery.conversationId);
    return 'settled';
  });
}

function arrived(ws: Workspace, { id }: Delivery, userId: number): void {
  const settle = "UPDATE deliveries SET state = 'delivered', delivered_at = ?, settled_by = ?, says = NULL WHERE id = ?";
  ws.prepare(settle).run(ws.clock.now(), userId, id);
}

function sendAgain(ws: Workspace, { id, conversationId, messageId, partId, channelId }: Delivery, userId: number): void {
  ws.prepare("UPDATE deliveries SET state = 'cancelled', settled_by = ?, says = 'Sent again.' WHERE id = ?").run(userId, id);
  // What waited behind a failed part goes out after it again.
  const behind = ws
    .prepare(
      "DELETE FROM deliveries WHERE message_id = ? AND state = 'cancelled' AND says = 'The part before it failed.' RETURNING part_id",
    )
    .pluck()
    .all(messageId) as number[];
  const queue = ws.prepare(
    "INSERT INTO deliveries (conversation_id, message_id, part_id, channel_id, state, reference, queued_at) VALUES (?, ?, ?, ?, 'queued', ?, ?)",
  );
  // A message's parts have rising ids; what DELETE returns has no order.
  for (const part of [partId, ...behind.toSorted((a, b) => a - b)])
    queue.run(conversationId, messageId, part, channelId, publicId('dl'), ws.clock.now());
  enqueue(ws, { kind: 'deliver', key: String(conversationId) });
}
