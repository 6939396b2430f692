import type { InPart } from '../../channels/index.ts';
import { enqueue } from '../../jobs/enqueue.ts';
import { languages, textsIn } from '../../lib/catalogue.ts';
import type { Workspace } from '../../workspace.ts';
import { touch } from '../conversation.ts';
import { sayAsBusiness } from '../reply.ts';
import { storeEvent } from '../store-message.ts';
import { SCALES, type Scale } from './ask-rating.ts';
import { ratingInWords } from './rating-words.ts';

/** They were asked why; what they write later than this is about something else. */
const COMMENT_WITHIN_MS = 15 * 60_000;
const ASKS = /[?？؟՞]/u;
const CHOICE = /^rate-([1-9]\d{0,14})-([1-5])$/;

/** A choice that was offered with the question how it was, touched by whom it was offered to. */
export interface Rated {
  conversationId: number;
  publicId: string;
  value: number;
}

/** What these parts rate. The id comes from outside: it counts only for a conversation of that identity that was asked about. */
export function ratedBy(ws: Workspace, identityId: number, parts: readonly InPart[]): Rated | undefined {
  const choice = parts[0]?.detail?.['choice'];
  const [, conversation, value] = (typeof choice === 'string' && CHOICE.exec(choice)) || [];
  if (conversation === undefined) return undefined;
  const asked = ws
    .prepare(
      `SELECT c.public_id AS publicId, (SELECT r.scale FROM conversation_ratings r WHERE r.conversation_id = c.id) AS scale
       FROM conversations c WHERE c.id = ? AND c.identity_id = ?`,
    )
    .get(Number(conversation), identityId) as { publicId: string; scale: Scale | null } | undefined;
  if (!asked?.scale || !SCALES[asked.scale].some((each) => each.value === Number(value))) return undefined;
  return { conversationId: Number(conversation), publicId: asked.publicId, value: Number(value) };
}

/**
 * Keeps it; touched again, the last one counts. The touch stands in the thread as any message of theirs, but waits for no answer
 * and opens nothing. They are thanked the first time, and asked why.
 */
export function keepRating(ws: Workspace, { conversationId, value }: Rated, messageId: number): void {
  const before = ws
    .prepare(
      `SELECT scale, value, (SELECT text FROM messages WHERE id = message_id) AS asked FROM conversation_ratings WHERE conversation_id = ?`,
    )
    .get(conversationId) as { scale: Scale; value: number | null; asked: string };
  ws.prepare('UPDATE conversation_ratings SET value = ?, rated_at = ? WHERE conversation_id = ?').run(
    value,
    ws.clock.now(),
    conversationId,
  );
  asksNoAnswer(ws, conversationId, messageId);
  ws.prepare('UPDATE conversations SET unread = max(0, unread - 1) WHERE id = ?').run(conversationId);
  storeEvent(ws, conversationId, 'rated', `The customer rated this conversation: ${ratingInWords({ scale: before.scale, value })}.`);
  // In the language in which they were asked.
  const language = languages.find((each) => [textsIn(each).rateThumbs, textsIn(each).rateStars].includes(before.asked)) ?? 'en';
  if (before.value === null) sayAsBusiness(ws, conversationId, textsIn(language).rateThanks);
  touch(ws, conversationId);
}

/** Where something else waits for its answer, that still waits. */
export function asksNoAnswer(ws: Workspace, conversationId: number, messageId: number): void {
  ws.prepare(
    `UPDATE conversations SET answered_through = max(answered_through, ?) WHERE id = ? AND NOT EXISTS (
       SELECT 1 FROM messages m WHERE m.conversation_id = conversations.id AND m.id > answered_through AND m.id < ? AND m.author = 'customer')`,
  ).run(messageId, conversationId, messageId);
}

/** The conversation on whose rating these words say more; undefined where they begin something new, as a question always does. */
export function commentedOn(
  ws: Workspace,
  channelId: number,
  identityId: number,
  { thread, parts }: { thread: string; parts: readonly InPart[] },
): Pick<Rated, 'conversationId' | 'publicId'> | undefined {
  const [part, more] = parts;
  if (more || part?.kind !== 'text' || part.detail?.['choice'] !== undefined || ASKS.test(part.text ?? '')) return undefined;
  return ws
    .prepare(
      `SELECT c.id AS conversationId, c.public_id AS publicId FROM conversations c
       WHERE c.id = (SELECT max(l.id) FROM conversations l WHERE l.identity_id = ? AND l.channel_id = ? AND l.thread = ?)
         AND (SELECT r.rated_at FROM conversation_ratings r WHERE r.conversation_id = c.id AND r.comment_id IS NULL) > ?`,
    )
    .get(identityId, channelId, thread, ws.clock.now() - COMMENT_WITHIN_MS) as Pick<Rated, 'conversationId' | 'publicId'> | undefined;
}

/** Keeps the message as what they said to their rating. It stays unread; the job looks whether they ask for a person in it. */
export function keepComment(ws: Workspace, conversationId: number, messageId: number): void {
  ws.prepare('UPDATE conversation_ratings SET comment_id = ? WHERE conversation_id = ?').run(messageId, conversationId);
  asksNoAnswer(ws, conversationId, messageId);
  storeEvent(ws, conversationId, 'commented', 'This is kept with their rating.');
  enqueue(ws, { kind: 'take-comment', key: String(messageId) });
  touch(ws, conversationId);
}

/** A rating and what was said to it, by the message that says it; undefined where that is none. */
export function commentOf(ws: Workspace, messageId: number): { conversationId: number; text: string } | undefined {
  return ws
    .prepare(
      `SELECT m.conversation_id AS conversationId, m.text FROM messages m
       WHERE m.id = ? AND (SELECT r.comment_id FROM conversation_ratings r WHERE r.conversation_id = m.conversation_id) = m.id`,
    )
    .get(messageId) as { conversationId: number; text: string } | undefined;
}

/** It was no comment: it waits for an answer like any other message. Inside a transaction. */
export function dropComment(ws: Workspace, conversationId: number, messageId: number): void {
  ws.prepare('UPDATE conversation_ratings SET comment_id = NULL WHERE conversation_id = ?').run(conversationId);
  ws.prepare('UPDATE conversations SET answered_through = min(answered_through, ?) WHERE id = ?').run(messageId - 1, conversationId);
}
