/** What goes out next in a conversation, looked at once more before it does. */
import type { Workspace } from '../workspace.ts';
import { conversationFor } from './conversation.ts';
import { changed, markFailed } from './mark-delivery.ts';
import type { OpenChannel } from './open-channel.ts';
import { waitForTurn } from './pace.ts';
import { timeWindow, windowClosed } from './time-window.ts';
import { isAboutRights } from './rights/take-right.ts';
import { wantPerson } from './want-person.ts';

/** What a bot said this long ago isn't sent any more: the moment has passed, a person decides. */
const BOT_WORDS_STALE_MS = 24 * 3600_000;

/** A part that is to be sent. */
export interface Waiting {
  id: number;
  messageId: number;
  reference: string;
  attempts: number;
  queuedAt: number;
  text: string;
  /** JSON of a FilledTemplate; null for what is written freely. */
  template: string | null;
  /** JSON of choices. */
  choices: string | null;
  attachmentId: number | null;
  author: 'bot' | 'person';
  /** The message that it replies to, of the first part. */
  replyTo: number | null;
}

/**
 * The deliveries of a conversation that wait or go out, which stand in an index of their own. SQLite takes it only where
 * the index's condition is repeated word for word, and else reads all that was ever sent.
 */
export const UNDER_WAY = "conversation_id = (SELECT ?) AND state in ('queued', 'sending')";

/**
 * queued → sending, checked again: turn, erasure, age, and whether the channel still wants a pause, which something new to
 * say doesn't end. What may not go any more is cancelled here.
 */
export function takeNext(ws: Workspace, conversationId: number, channel: OpenChannel): Waiting | { pauseMs: number } | undefined {
  for (;;) {
    const next = ws
      .prepare(
        `SELECT id, message_id AS messageId, reference, attempts, queued_at AS queuedAt,
           coalesce((SELECT text FROM message_parts WHERE id = part_id), '') AS text,
           (SELECT detail ->> '$.template' FROM message_parts WHERE id = part_id) AS template,
           (SELECT detail ->> '$.choices' FROM message_parts WHERE id = part_id) AS choices,
           (SELECT attachment_id FROM message_parts WHERE id = part_id) AS attachmentId,
           (SELECT author FROM messages WHERE id = message_id) AS author,
           CASE (SELECT position FROM message_parts WHERE id = part_id) WHEN 0 THEN (SELECT reply_to FROM messages WHERE id = message_id) END AS replyTo
         FROM deliveries WHERE ${UNDER_WAY} AND state = 'queued' ORDER BY id LIMIT 1`,
      )
      .get(conversationId) as Waiting | undefined;
    if (!next) return undefined;
    const shut = next.template === null ? shutFor(ws, conversationId, next) : undefined;
    if (shut !== undefined) {
      markFailed(ws, conversationId, next, shut);
      continue;
    }
    const why = whyNotNow(ws, conversationId, next);
    if (why === undefined) {
      const asked = pauseOf(ws, conversationId);
      const pauseMs = asked > 0 ? asked : waitForTurn(ws, channel, conversationFor(ws, conversationId), next.id);
      if (pauseMs > 0) return { pauseMs };
      const sending = "UPDATE deliveries SET state = 'sending', sending_at = ?, attempts = attempts + 1 WHERE id = ?";
      ws.prepare(sending).run(ws.clock.now(), next.id);
      changed(ws, conversationId, next.messageId);
      return next;
    }
    ws.prepare("UPDATE deliveries SET state = 'cancelled', says = ? WHERE id = ?").run(why, next.id);
    changed(ws, conversationId, next.messageId);
  }
}

/** Why the channel takes no free words of the bot, or of a person, any more; undefined while it does. */
function shutFor(ws: Workspace, conversationId: number, { author }: Waiting): string | undefined {
  const window = timeWindow(ws, conversationFor(ws, conversationId));
  return window === null || window.open[author] ? undefined : windowClosed(window, author);
}

/** How long the channel still wants nothing more in this conversation, ms; 0 and less: no longer. */
function pauseOf(ws: Workspace, conversationId: number): number {
  const until = ws.prepare('SELECT no_send_before FROM conversations WHERE id = ?').pluck().get(conversationId) as number | null;
  return (until ?? 0) - ws.clock.now();
}

function whyNotNow(ws: Workspace, conversationId: number, next: Waiting): string | undefined {
  const conversation = conversationFor(ws, conversationId);
  if (conversation.silenced)
    return isAboutRights(ws, conversation.identityId, next.messageId) ? undefined : 'This contact gets no more messages.';
  if (next.author !== 'bot') return undefined;
  // A handoff's own sentence ("a person was called") is the bot's last word: it goes out while nobody has taken over.
  if (conversation.turn === 'person' && conversation.holderId !== null && !isOfBusiness(ws, next.messageId)) return 'A person took over.';
  if (ws.clock.now() - next.queuedAt > BOT_WORDS_STALE_MS) {
    wantPerson(ws, conversation, 'An answer of the bot could not be sent for a day, and is too old now.', { tellIfNobody: false });
    return 'Too old to send.';
  }
  return undefined;
}

/** Said by the business itself while a person has it, and no answer to anything: when somebody comes, how it was. */
function isOfBusiness(ws: Workspace, messageId: number): boolean {
  return ws.prepare('SELECT run_id IS NULL AND answers_through IS NULL FROM messages WHERE id = ?').pluck().get(messageId) === 1;
}
