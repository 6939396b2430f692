import type { ChannelEvent } from '../channels/index.ts';
import type { Workspace } from '../workspace.ts';
import type { OpenChannel } from './open-channel.ts';
import type { Received } from './receive-events.ts';
import { conversationOf, textOf } from './receive-message.ts';
import { moveDelivery, ownDelivery } from './receive-receipt.ts';
import { markSeen } from './seen.ts';
import { storeMessage } from './store-message.ts';
import { silenceBot } from './take-over.ts';

type Echo = Extract<ChannelEvent, { type: 'echo' }>;

/**
 * Something left the account. What we sent ourselves is settled by it; anything else means that a person answered on the
 * owner's own phone: the bot is silent from now on.
 */
export function receiveEcho(ws: Workspace, channel: OpenChannel, event: Echo): Received {
  const own = ownDelivery(ws, channel.id, event);
  if (own !== undefined) {
    moveDelivery(ws, own, 'sent', event.saidAt);
    return { outcome: 'settled' };
  }
  const hash = ws.hash('echo', String(channel.id), event.thread, event.externalId);
  if (!markSeen(ws, hash)) return { outcome: 'duplicate' };
  const conversation = conversationOf(ws, channel, { thread: event.thread, sender: event.recipient });
  silenceBot(ws, conversation.id, null);
  const text = textOf(event.parts);
  const { messageId } = storeMessage(ws, {
    conversationId: conversation.id,
    author: 'person',
    text,
    parts: [{ kind: 'text', text }],
    externalId: event.externalId,
    saidAt: event.saidAt,
  });
  return { outcome: 'stored', conversationId: conversation.id, messageId };
}
