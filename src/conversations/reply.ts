import { noteSent, type Choice, type FilledTemplate } from '../channels/index.ts';
import type { MessageSource } from '../db/schema/workspace.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { chooseLanguage, fill, textsIn } from '../lib/catalogue.ts';
import { publicId } from '../lib/ids.ts';
import { withoutCitations } from '../lib/citations.ts';
import type { Workspace } from '../workspace.ts';
import type { NamedFile } from './attachments/attachment.ts';
import { conversationFor, touch, type Conversation } from './conversation.ts';
import { channelFor, type OpenChannel } from './open-channel.ts';
import { textOf } from './text-of.ts';
import { partsOf } from './parts-of-saying.ts';
import { storeMessage, type StoredMessage } from './store-message.ts';

/** Wording of the AI notice; raised when the text changes, so that the record says who saw which. */
export const AI_NOTICE_VERSION = '1';

export interface BotReply {
  conversationId: number;
  /** Null when there was no run to speak of. */
  runId: number | null;
  /** The newest customer message it answers. */
  answersThrough: number;
  /** As it is stored and shown to the team: with [1] where a source is cited. */
  text: string;
  sources: MessageSource[];
  /** In which language a notice before the first answer is said. */
  language: string;
  /** After too many new messages an answer stands for what it read; the rest is a turn of its own. */
  stands?: boolean;
}

export type Replied =
  { said: true; messageId: number } | { said: false; why: 'newer message' | 'person' | 'closed' | 'silenced' | 'answered' };

/**
 * What the bot says enters here, inside the transaction that ends its job. It is checked against what came meanwhile:
 * nothing newer, still the bot's turn, nobody erased or restricted, not answered yet.
 */
export function replyAsBot(ws: Workspace, reply: BotReply): Replied {
  const conversation = conversationFor(ws, reply.conversationId);
  const why = whyNot(ws, conversation, reply);
  if (why) return { said: false, why };
  const channel = channelFor(ws, conversation.channelId);
  const stored = say(ws, conversation, channel, {
    author: 'bot',
    text: reply.text,
    runId: reply.runId,
    answersThrough: reply.answersThrough,
    sources: reply.sources,
    notice: noticeFor(ws, conversation, channel, reply.language),
  });
  return { said: true, messageId: stored.messageId };
}

function whyNot(ws: Workspace, conversation: Conversation, reply: BotReply): Exclude<Replied, { said: true }>['why'] | undefined {
  if (conversation.status !== 'open') return 'closed';
  if (conversation.turn !== 'bot') return 'person';
  if (conversation.silenced) return 'silenced';
  if (conversation.lastCustomerMessageId !== reply.answersThrough && !reply.stands) return 'newer message';
  return conversation.answeredThrough >= reply.answersThrough ? 'answered' : undefined;
}

/**
 * What the bot says unasked, once what it had begun for the customer is settled: inside a transaction, and only while it still has the
 * conversation and nobody waits for an answer.
 */
export function goOnAsBot(
  ws: Workspace,
  { conversationId, runId, text }: { conversationId: number; runId: number; text: string },
): Replied {
  const conversation = conversationFor(ws, conversationId);
  if (conversation.status !== 'open') return { said: false, why: 'closed' };
  if (conversation.turn !== 'bot') return { said: false, why: 'person' };
  if (conversation.silenced) return { said: false, why: 'silenced' };
  if ((conversation.lastCustomerMessageId ?? 0) > conversation.answeredThrough) return { said: false, why: 'newer message' };
  return { said: true, messageId: say(ws, conversation, channelFor(ws, conversation.channelId), { author: 'bot', text, runId }).messageId };
}

/**
 * What a visitor had been shown of an answer that was dropped: never unsaid, marked as cut off. A draft in a chat app isn't
 * kept like that: the app shows it as being written and takes it back within half a minute, so the customer's own thread
 * doesn't hold it, and ours would claim that it was said. The run keeps it, for whoever asks what was seen.
 */
export function keepWhatWasShown(ws: Workspace, init: { conversationId: number; runId: number; text: string }): number | undefined {
  const text = init.text.trim();
  const conversation = conversationFor(ws, init.conversationId);
  if (text === '' || !channelFor(ws, conversation.channelId).kind.fromStore) return undefined;
  const { messageId, partIds } = storeMessage(ws, {
    conversationId: init.conversationId,
    author: 'bot',
    text,
    parts: [{ kind: 'text', text: withoutCitations(text) }],
    runId: init.runId,
    cutOff: true,
  });
  for (const partId of partIds) queueDelivery(ws, conversation, messageId, partId, 'sent');
  return messageId;
}

/**
 * A sentence of the business itself: a greeting, "a person was called". With `answersThrough` it is the answer to what the
 * customer said, with `choices` what they may answer by a touch. Runs inside the caller's transaction.
 */
export function sayAsBusiness(
  ws: Workspace,
  conversationId: number,
  text: string,
  more: { answersThrough?: number; choices?: Choice[] } = {},
): StoredMessage {
  const conversation = conversationFor(ws, conversationId);
  return say(ws, conversation, channelFor(ws, conversation.channelId), { author: 'bot', text, ...more });
}

export interface Saying {
  author: 'bot' | 'person';
  text: string;
  userId?: number;
  runId?: number | null;
  answersThrough?: number;
  sources?: MessageSource[];
  externalId?: string | null;
  /** The message that it replies to. */
  replyTo?: number | null;
  notice?: string | null;
  /** Approved by the channel; `text` is what it reads as. */
  template?: FilledTemplate;
  files?: NamedFile[];
  /** What the customer may answer by a touch; there are words then. */
  choices?: Choice[];
}

/** One entrance for everything that is said to a customer: message, parts as the channel takes them, a delivery for each. */
export function say(ws: Workspace, conversation: Conversation, channel: OpenChannel, saying: Saying): StoredMessage {
  const { notice, template, files = [], choices = [], ...message } = saying;
  const parts = partsOf(ws, channel, { ...saying, notice: notice ?? null, files, choices });
  if (message.text === '') message.text = textOf(parts);
  const stored = storeMessage(ws, { conversationId: conversation.id, ...message, parts });
  for (const partId of stored.partIds)
    queueDelivery(ws, conversation, stored.messageId, partId, channel.kind.fromStore ? 'sent' : 'queued');
  if (channel.kind.fromStore) noteSent(ws, channel.id);
  else enqueue(ws, { kind: 'deliver', key: String(conversation.id) });
  return stored;
}

function queueDelivery(ws: Workspace, conversation: Conversation, messageId: number, partId: number, state: 'queued' | 'sent'): void {
  const now = ws.clock.now();
  ws.prepare(
    'INSERT INTO deliveries (conversation_id, message_id, part_id, channel_id, state, reference, queued_at, sent_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  ).run(conversation.id, messageId, partId, conversation.channelId, state, publicId('dl'), now, state === 'sent' ? now : null);
}

/** European law asks that people are told before the first answer; the record says who saw which wording, when. */
function noticeFor(ws: Workspace, conversation: Conversation, channel: OpenChannel, language: string): string | null {
  const inserted = ws
    .prepare(
      "INSERT INTO notices_shown (identity_id, channel_id, kind, version, language, at) VALUES (?, ?, 'ai', ?, ?, ?) ON CONFLICT DO NOTHING",
    )
    .run(conversation.identityId, channel.id, AI_NOTICE_VERSION, chooseLanguage(language), ws.clock.now()).changes;
  // The widget shows it in its panel before the first word; the row alone is written here.
  if (inserted === 0 || channel.kind.fromStore) return null;
  return fill(textsIn(chooseLanguage(language)).chatNotice, {});
}

/** The customer's own page has everything up to here: what was sent is delivered. */
export function markFetched(ws: Workspace, conversationId: number, throughMessageId: number): void {
  ws.write(() => {
    const moved = ws
      .prepare(
        `UPDATE deliveries SET state = 'delivered', delivered_at = ? WHERE state = 'sent'
           AND message_id IN (SELECT id FROM messages WHERE conversation_id = ? AND id <= ?) RETURNING message_id AS messageId`,
      )
      .all(ws.clock.now(), conversationId, throughMessageId) as { messageId: number }[];
    if (moved.length === 0) return;
    for (const { messageId } of moved) ws.prepare('UPDATE messages SET revision = ? WHERE id = ?').run(ws.nextRevision(), messageId);
    touch(ws, conversationId);
  });
}
