/** What people thought of an answer of the bot. What follows from it is gathered by the job 'gather-gap'. */
import { enqueue } from '../jobs/enqueue.ts';
import type { Workspace } from '../workspace.ts';
import { touch } from './conversation.ts';

export type Rating = 'good' | 'bad';

/** A whole answer out of a run. Fallback sentences, greetings of the business and what was cut off are none. */
const ANSWER = `
  SELECT m.id, m.conversation_id AS conversationId FROM messages m
  WHERE m.id = ? AND m.author = 'bot' AND NOT m.cut_off AND (SELECT r.state FROM runs r WHERE r.id = m.run_id) = 'answered'`;

interface Answer {
  id: number;
  conversationId: number;
}

/** Its customer rates an answer, or takes the rating back by null. False when it isn't an answer to them. */
export function rateAnswer(ws: Workspace, init: { identityId: number; messageId: number; rating: Rating | null }): boolean {
  return ws.durable(() => {
    const answer = ws
      .prepare(`${ANSWER} AND (SELECT c.identity_id FROM conversations c WHERE c.id = m.conversation_id) = ?`)
      .get(init.messageId, init.identityId) as Answer | undefined;
    if (!answer) return false;
    ws.prepare('UPDATE messages SET rating = ?, rated_at = ? WHERE id = ?').run(
      init.rating,
      init.rating === null ? null : ws.clock.now(),
      answer.id,
    );
    if (init.rating === 'bad') enqueue(ws, { kind: 'count-failures', key: String(answer.conversationId) });
    tell(ws, answer);
    return true;
  });
}

/** A member says that an answer was wrong, or takes that back. False when there is no such answer in the conversation. */
export function markWrong(ws: Workspace, init: { conversationId: number; messageId: number; userId: number; wrong: boolean }): boolean {
  return ws.durable(() => {
    const answer = ws.prepare(`${ANSWER} AND m.conversation_id = ?`).get(init.messageId, init.conversationId) as Answer | undefined;
    if (!answer) return false;
    ws.prepare('UPDATE messages SET wrong_by = ?, wrong_at = ? WHERE id = ?').run(
      init.wrong ? init.userId : null,
      init.wrong ? ws.clock.now() : null,
      answer.id,
    );
    tell(ws, answer);
    return true;
  });
}

function tell(ws: Workspace, { id, conversationId }: Answer): void {
  ws.prepare('UPDATE messages SET revision = ? WHERE id = ?').run(ws.nextRevision(), id);
  touch(ws, conversationId);
  enqueue(ws, { kind: 'gather-gap', key: String(id) });
}
