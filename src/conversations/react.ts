/** A member reacts to what a customer said. It answers nothing, takes nothing over, and the customer sees it at their message. */
import { channelAccess, DeliveryError, quotedMessage, type Reaction } from '../channels/index.ts';
import type { Workspace } from '../workspace.ts';
import { conversationFor, NoConversation, touch, type Conversation } from './conversation.ts';
import { channelFor } from './open-channel.ts';
import { timeWindow, windowClosed } from './time-window.ts';

/** The member waits for it on the page. */
const PATIENCE_MS = 15_000;

/** The customer's messages, from `from` on, that can be reacted to just now. */
export function reactable(ws: Workspace, conversationId: number, from: number): ReadonlySet<number> {
  const conversation = conversationFor(ws, conversationId);
  const { kind } = channelFor(ws, conversation.channelId);
  if (!kind.reactsTo || whyNot(ws, conversation) !== null) return new Set();
  const rows = ws
    .prepare(
      `SELECT id, external_id AS externalId FROM messages
       WHERE conversation_id = ? AND id >= ? AND author = 'customer' AND revoked_at IS NULL AND external_id IS NOT NULL`,
    )
    .all(conversationId, from) as { id: number; externalId: string }[];
  return new Set(rows.filter(({ externalId }) => kind.reactsTo?.(conversation.thread, externalId)).map(({ id }) => id));
}

/**
 * Puts an emoji to a customer's message, or takes it back by null. Null when it is there; else why it isn't, in plain words.
 * Throws NoConversation where no such message is. The channel is asked first: what stands on the page the customer has seen.
 */
export async function reactTo(
  ws: Workspace,
  { conversationId, messageId, emoji }: { conversationId: number; messageId: number; emoji: Reaction['emoji'] },
): Promise<string | null> {
  const conversation = conversationFor(ws, conversationId);
  const theirs = ws
    .prepare("SELECT 1 FROM messages WHERE id = ? AND conversation_id = ? AND author = 'customer'")
    .get(messageId, conversationId);
  if (!theirs) throw new NoConversation(String(conversationId));
  const says = whyNot(ws, conversation) ?? (await atChannel(ws, conversation, messageId, emoji));
  if (says !== null) return says;
  ws.durable(() => {
    ws.prepare('UPDATE messages SET reaction = ?, revision = ? WHERE id = ?').run(emoji, ws.nextRevision(), messageId);
    touch(ws, conversationId);
  });
  return null;
}

async function atChannel(ws: Workspace, conversation: Conversation, messageId: number, emoji: Reaction['emoji']): Promise<string | null> {
  const { channelId, thread, recipient } = conversation;
  const { kind, access } = channelAccess(ws, channelId, AbortSignal.timeout(PATIENCE_MS));
  const to = quotedMessage(ws, messageId);
  if (!to || !kind.react || !kind.reactsTo?.(thread, to.id)) return 'This message can’t be reacted to.';
  try {
    await kind.react(access, { thread, recipient, to, emoji });
    return null;
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    ws.installation.log.warn({ err: error, workspace: ws.id, channel: channelId }, 'a channel did not take a reaction');
    return error.says;
  }
}

function whyNot(ws: Workspace, conversation: Conversation): string | null {
  if (conversation.silenced) return 'This contact is blocked or restricted and gets nothing from you.';
  const { status } = channelFor(ws, conversation.channelId);
  if (status !== 'connected') return 'This channel isn’t connected just now.';
  const window = timeWindow(ws, conversation);
  return window === null || window.open.person ? null : windowClosed(window, 'person');
}
