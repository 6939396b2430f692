import { enqueue } from '../jobs/enqueue.ts';
import { publicId } from '../lib/ids.ts';
import type { Workspace } from '../workspace.ts';
import { touch } from './conversation.ts';

export type Settled = 'settled' | 'not-there' | 'settled-before';

/**
 * A person says what became of an uncertain or failed delivery: it arrived, or it is to be sent again (as a new delivery
 * with a reference of its own, so that a late receipt of the first can't be taken for the second).
 */
export function settleDelivery(ws: Workspace, deliveryId: number, how: 'arrived' | 'again', userId: number): Settled {
  return ws.durable(() => {
    const delivery = ws
      .prepare(
        'SELECT state, conversation_id AS conversationId, message_id AS messageId, part_id AS partId, channel_id AS channelId FROM deliveries WHERE id = ?',
      )
      .get(deliveryId) as { state: string; conversationId: number; messageId: number; partId: number; channelId: number } | undefined;
    if (!delivery) return 'not-there';
    if (delivery.state !== 'uncertain' && delivery.state !== 'failed') return 'settled-before';
    const now = ws.clock.now();
    if (how === 'arrived') {
      ws.prepare("UPDATE deliveries SET state = 'delivered', delivered_at = ?, settled_by = ?, says = NULL WHERE id = ?").run(
        now,
        userId,
        deliveryId,
      );
    } else {
      ws.prepare("UPDATE deliveries SET state = 'cancelled', settled_by = ?, says = 'Sent again.' WHERE id = ?").run(userId, deliveryId);
      // What waited behind a failed part goes out after it again.
      const parts = ws
        .prepare(
          "SELECT part_id AS partId FROM deliveries WHERE message_id = ? AND state = 'cancelled' AND says = 'The part before it failed.'",
        )
        .all(delivery.messageId) as { partId: number }[];
      ws.prepare("DELETE FROM deliveries WHERE message_id = ? AND state = 'cancelled' AND says = 'The part before it failed.'").run(
        delivery.messageId,
      );
      for (const partId of [delivery.partId, ...parts.map((part) => part.partId)]) {
        ws.prepare(
          "INSERT INTO deliveries (conversation_id, message_id, part_id, channel_id, state, reference, queued_at) VALUES (?, ?, ?, ?, 'queued', ?, ?)",
        ).run(delivery.conversationId, delivery.messageId, partId, delivery.channelId, publicId('dl'), now);
      }
      enqueue(ws, { kind: 'deliver', key: String(delivery.conversationId) });
    }
    ws.prepare('UPDATE messages SET revision = ? WHERE id = ?').run(ws.nextRevision(), delivery.messageId);
    touch(ws, delivery.conversationId);
    return 'settled';
  });
}
