/** Why a customer has no answer, in words for the team, from the rows that show it. */
import type { Workspace } from '../../workspace.ts';
import type { Silence } from './silence.queries.ts';

export function silenceCause(ws: Workspace, silence: Silence): string {
  if (silence.stuck === 1) return stuckBecause(ws, silence.conversationId);
  if (silence.turn === 'person')
    return silence.holderId === null ? 'Nobody has taken this.' : 'It was taken over, and the customer has had no answer since.';
  return botSilentBecause(ws, silence.conversationId);
}

function stuckBecause(ws: Workspace, conversationId: number): string {
  const { status, name, says } = ws
    .prepare(
      `SELECT status, name, coalesce(says, (SELECT d.says FROM deliveries d WHERE d.conversation_id = @id AND d.state in ('queued', 'sending') ORDER BY d.id LIMIT 1)) AS says
       FROM channels WHERE id = (SELECT channel_id FROM conversations WHERE id = @id)`,
    )
    .get({ id: conversationId }) as { status: string; name: string; says: string | null };
  if (status === 'paused') return `An answer waits to be sent: ${name} is paused.`;
  if (status === 'disconnected') return `An answer can’t be sent: ${name} is no longer connected.`;
  return says === null ? `An answer waits to be sent on ${name}.` : `An answer waits to be sent on ${name}. ${says}`;
}

interface Botched {
  botId: number | null;
  published: number | null;
  parked: string | null;
  waits: number | null;
  leased: number | null;
  failed: string | null;
}

function botSilentBecause(ws: Workspace, conversationId: number): string {
  const found = ws
    .prepare(
      `SELECT c.bot_id AS botId, (SELECT b.published_version_id FROM bots b WHERE b.id = c.bot_id) AS published,
         j.says AS parked, j.id IS NOT NULL AND j.parked_at IS NULL AS waits, j.lease IS NOT NULL AS leased,
         (SELECT p.says FROM provider_calls p WHERE p.state = 'failed' AND p.run_id IN (SELECT r.id FROM runs r WHERE r.conversation_id = c.id AND r.answers_through > c.answered_through) ORDER BY p.id DESC LIMIT 1) AS failed
       FROM conversations c LEFT JOIN jobs j ON j.kind = 'answer' AND j.key = CAST(c.id AS TEXT) WHERE c.id = ?`,
    )
    .get(conversationId) as Botched;
  if (found.botId === null) return 'No bot answers here, and nobody has.';
  if (found.published === null) return 'The bot of this channel has never been published.';
  if (found.parked !== null) return `The bot failed again and again. ${found.parked}`;
  if (found.failed !== null) return `The bot gets no answer from its provider. ${found.failed}`;
  if (found.leased === 1) return 'The bot is still at its answer.';
  if (found.waits === 1) return 'The bot has not come to it: the server has more to do than it can.';
  return 'The bot did not answer.';
}
