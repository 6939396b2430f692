import type { Workspace } from '../../workspace.ts';
import { conversationFor, touch } from '../conversation.ts';
import { storeEvent } from '../store-message.ts';
import { waitsForAnswer } from '../hand-back.ts';

/** The newest message that an answer covers, or that a member said needs none and didn't take that back. */
const COVERED = `
  SELECT max(CASE author WHEN 'bot' THEN answers_through ELSE id END) FROM messages m
  WHERE conversation_id = ? AND (author = 'person' OR (author = 'bot' AND NOT cut_off) OR (event = 'no-answer' AND coalesce(
    (SELECT n.event FROM messages n WHERE n.conversation_id = m.conversation_id AND n.id > m.id AND n.event IN ('no-answer', 'answer-needed') ORDER BY n.id LIMIT 1), '') <> 'answer-needed'))`;

/** Who has a conversation says that the customer's last words ("Thanks") need no answer. Throws NoConversation. */
export function needsNoAnswer(ws: Workspace, conversationId: number, userId: number): void {
  ws.durable(() => {
    const conversation = conversationFor(ws, conversationId);
    if (conversation.holderId === null || conversation.status !== 'open' || !waitsForAnswer(ws, conversationId)) return;
    storeEvent(ws, conversationId, 'no-answer', 'said that no answer is needed.', userId);
    ws.prepare(
      'UPDATE conversations SET answered_through = last_customer_message_id, wanted_since = NULL, wanted_why = NULL WHERE id = ?',
    ).run(conversationId);
    touch(ws, conversationId);
  });
}

/** Takes that back: the customer waits as before. Throws NoConversation. */
export function needsAnswer(ws: Workspace, conversationId: number, userId: number): void {
  ws.durable(() => {
    conversationFor(ws, conversationId);
    const last = ws
      .prepare("SELECT event FROM messages WHERE conversation_id = ? AND event IN ('no-answer', 'answer-needed') ORDER BY id DESC LIMIT 1")
      .pluck()
      .get(conversationId);
    if (last !== 'no-answer') return;
    storeEvent(ws, conversationId, 'answer-needed', 'took back that no answer is needed.', userId);
    const covered = ws.prepare(COVERED).pluck().get(conversationId) as number | null;
    ws.prepare('UPDATE conversations SET answered_through = ? WHERE id = ?').run(covered ?? 0, conversationId);
    touch(ws, conversationId);
  });
}
