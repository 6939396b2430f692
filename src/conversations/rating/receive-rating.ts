import type { InPart } from '../../channels/index.ts';
import { languages, textsIn } from '../../lib/catalogue.ts';
import type { Workspace } from '../../workspace.ts';
import { touch } from '../conversation.ts';
import { sayAsBusiness } from '../reply.ts';
import { storeEvent } from '../store-message.ts';
import { SCALES, type Scale } from './ask-rating.ts';

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
 * and opens nothing. They are thanked the first time.
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
  // Where the conversation was opened again and something else waits, that still waits.
  ws.prepare(
    `UPDATE conversations SET answered_through = max(answered_through, ?), unread = max(0, unread - 1)
     WHERE id = ? AND NOT EXISTS (
       SELECT 1 FROM messages m WHERE m.conversation_id = conversations.id AND m.id > answered_through AND m.id < ? AND m.author = 'customer')`,
  ).run(messageId, conversationId, messageId);
  storeEvent(ws, conversationId, 'rated', `The customer rated this conversation: ${ratingInWords(before.scale, value)}.`);
  // In the language in which they were asked.
  const language = languages.find((each) => [textsIn(each).rateThumbs, textsIn(each).rateStars].includes(before.asked));
  if (before.value === null && language) sayAsBusiness(ws, conversationId, textsIn(language).rateThanks);
  touch(ws, conversationId);
}

/** "👍", "4 of 5". */
export function ratingInWords(scale: Scale, value: number): string {
  return scale === 'thumbs' ? (SCALES.thumbs.find((each) => each.value === value)?.title ?? '') : `${value} of 5`;
}
