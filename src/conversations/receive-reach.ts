import type { ChannelEvent } from '../channels/index.ts';
import { findIdentity } from '../contacts/index.ts';
import type { Workspace } from '../workspace.ts';
import { openConversation } from './conversation.ts';
import type { Received } from './receive-events.ts';
import { markSeen } from './seen.ts';
import { storeEvent } from './store-message.ts';

type Reach = Extract<ChannelEvent, { type: 'reach' }>;

/**
 * A customer shut the account out, or let it in again. It stands in their open conversation, so that whoever answers there
 * knows why nothing arrives. Where there is none nobody is about to write to them, and the next send would say it.
 */
export function receiveReach(ws: Workspace, channelId: number, { thread, sender, open, at }: Reach): Received {
  const who = findIdentity(ws, channelId, sender);
  const conversation = who && openConversation(ws, channelId, who.identityId, thread);
  if (!conversation) return { outcome: 'ignored' };
  if (!markSeen(ws, ws.hash('reach', String(channelId), thread, String(at), String(open)))) return { outcome: 'duplicate' };
  if (open) storeEvent(ws, conversation.id, 'reachable', 'The customer can be reached here again.');
  else storeEvent(ws, conversation.id, 'unreachable', 'The customer has blocked this account: nothing reaches them until they unblock it.');
  return { outcome: 'settled', conversationId: conversation.id };
}
