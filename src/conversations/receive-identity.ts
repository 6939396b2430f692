import type { ChannelEvent } from '../channels/index.ts';
import { changeIdentity, takeBelongings } from '../contacts/index.ts';
import type { Workspace } from '../workspace.ts';
import { openConversation, touch } from './conversation.ts';
import type { Received } from './receive-events.ts';
import { markSeen } from './seen.ts';
import { storeEvent } from './store-message.ts';

type IdentityEvent = Extract<ChannelEvent, { type: 'identity' }>;

/** A customer's number or user id changed: the conversation goes on, with the same contact. It asks for no answer. */
export function receiveIdentity(ws: Workspace, channelId: number, event: IdentityEvent): Received {
  if (!markSeen(ws, ws.hash('identity', String(channelId), event.thread, event.externalId))) return { outcome: 'duplicate' };
  const changed = changeIdentity(ws, channelId, event.from, event.now);
  if (!changed) return { outcome: 'ignored' };
  const before = openConversation(ws, channelId, changed.identityId, event.thread);
  const { also } = changed;
  const after = also ? openConversation(ws, channelId, also.identityId, event.thread) : undefined;
  if (also) {
    joinContacts(ws, changed.contactId, also);
    if (before && after) resolve(ws, before.id);
    else if (before) ws.prepare('UPDATE conversations SET identity_id = ? WHERE id = ?').run(also.identityId, before.id);
  }
  const conversation = after ?? before;
  if (!conversation) return { outcome: 'settled' };
  storeEvent(ws, conversation.id, 'identity', 'The customer has a new number here.');
  return { outcome: 'settled', conversationId: conversation.id };
}

/** All that hangs on the newer contact hangs on the older one; when nobody is left in the newer one, it goes. */
export function joinContacts(ws: Workspace, stays: number, { identityId, contactId }: { identityId: number; contactId: number }): void {
  ws.prepare('UPDATE conversations SET contact_id = ? WHERE identity_id = ?').run(stays, identityId);
  const left = ws.prepare('SELECT count(*) FROM identities WHERE contact_id = ?').pluck().get(contactId) as number;
  if (left === 0) {
    for (const table of ['conversations', 'gaps', 'question_origins'])
      ws.prepare(`UPDATE ${table} SET contact_id = ? WHERE contact_id = ?`).run(stays, contactId);
    takeBelongings(ws, stays, contactId);
    ws.prepare('DELETE FROM contacts WHERE id = ?').run(contactId);
  }
  // Who wants people only has no bot in what they brought along, either.
  ws.prepare(
    `UPDATE conversations SET bot_id = NULL WHERE contact_id = ? AND status <> 'resolved'
       AND (SELECT people_only_at FROM contacts WHERE id = contact_id) IS NOT NULL`,
  ).run(stays);
}

/** What they wrote by the new number goes on; what they wrote by the old one can't be answered there any more. */
function resolve(ws: Workspace, conversationId: number): void {
  ws.prepare("UPDATE conversations SET status = 'resolved', resolved_at = ?, wanted_since = NULL, wanted_why = NULL WHERE id = ?").run(
    ws.clock.now(),
    conversationId,
  );
  storeEvent(ws, conversationId, 'resolved', 'The customer writes by a new number: it goes on there.');
  touch(ws, conversationId);
}
