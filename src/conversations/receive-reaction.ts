import type { ChannelEvent } from '../channels/index.ts';
import { findIdentity } from '../contacts/index.ts';
import type { Workspace } from '../workspace.ts';
import { touch } from './conversation.ts';
import type { Received } from './receive-events.ts';

type Reaction = Extract<ChannelEvent, { type: 'reaction' }>;

/** Longer than any emoji; what a stranger sends instead isn't kept. */
const EMOJI_AT_MOST = 64;

/** A customer reacted to something that we said. It stands at that message and wakes nobody; at their own words stands ours. */
export function receiveReaction(ws: Workspace, channelId: number, event: Reaction): Received {
  const who = findIdentity(ws, channelId, event.sender);
  const to = who && saidAs(ws, { channelId, identityId: who.identityId, externalId: event.to });
  if (!to) return { outcome: 'ignored' };
  const emoji = event.emoji === null || event.emoji === '' ? null : event.emoji.slice(0, EMOJI_AT_MOST).toWellFormed();
  const put = "UPDATE messages SET reaction = ?, revision = ? WHERE id = ? AND author <> 'customer'";
  if (ws.prepare(put).run(emoji, ws.nextRevision(), to.messageId).changes === 0) return { outcome: 'ignored' };
  touch(ws, to.conversationId);
  return { outcome: 'settled', ...to };
}

export interface Said {
  messageId: number;
  conversationId: number;
}

/** The message, of either side, that a channel's id means in the conversations of one person; undefined when it isn't here. */
export function saidAs(ws: Workspace, of: { channelId: number; identityId: number; externalId: string }): Said | undefined {
  const theirs = ws
    .prepare(
      'SELECT id AS messageId, conversation_id AS conversationId FROM messages WHERE identity_id = ? AND external_id = ? ORDER BY id DESC LIMIT 1',
    )
    .get(of.identityId, of.externalId) as Said | undefined;
  if (theirs) return theirs;
  return ws
    .prepare(
      `SELECT message_id AS messageId, conversation_id AS conversationId FROM deliveries
       WHERE channel_id = ? AND external_id = ? AND external_id IS NOT NULL
         AND (SELECT c.identity_id FROM conversations c WHERE c.id = conversation_id) = ?`,
    )
    .get(of.channelId, of.externalId, of.identityId) as Said | undefined;
}
