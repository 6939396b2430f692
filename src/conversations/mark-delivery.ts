/** What becomes of a delivery, where a person has to know. Inside the transaction in which it is found out. */
import type { Workspace } from '../workspace.ts';
import { touch } from './conversation.ts';
import { wantPerson } from './want-person.ts';

export function markUncertain(ws: Workspace, conversationId: number, deliveryId: number, says: string): void {
  const { messageId } = ws
    .prepare("UPDATE deliveries SET state = 'uncertain', says = ? WHERE id = ? RETURNING message_id AS messageId")
    .get(says, deliveryId) as { messageId: number };
  wantPerson(ws, { id: conversationId }, 'A message may not have arrived.', { tellIfNobody: false });
  changed(ws, conversationId, messageId);
}

export function markFailed(ws: Workspace, conversationId: number, next: { id: number; messageId: number }, says: string): void {
  ws.prepare("UPDATE deliveries SET state = 'failed', says = ? WHERE id = ?").run(says, next.id);
  ws.prepare(
    "UPDATE deliveries SET state = 'cancelled', says = 'The part before it failed.' WHERE message_id = ? AND state = 'queued'",
  ).run(next.messageId);
  wantPerson(ws, { id: conversationId }, 'A message could not be delivered.', { tellIfNobody: false });
  changed(ws, conversationId, next.messageId);
}

/** Tells who looks at the message. */
export function changed(ws: Workspace, conversationId: number, messageId: number): void {
  ws.prepare('UPDATE messages SET revision = ? WHERE id = ?').run(ws.nextRevision(), messageId);
  touch(ws, conversationId);
}
