import { enqueue } from '../jobs/enqueue.ts';
import type { Workspace } from '../workspace.ts';
import { touch, type Conversation } from './conversation.ts';
import { assignInTurn } from './list/assign.ts';
import { wantAway } from './hours/away.ts';
import { afterHours } from './hours/hours.ts';
import { storeEvent } from './store-message.ts';
import { waitingTimesOf } from './waiting/waiting-times.ts';
import { wantSummary } from './writing/summaries.ts';

/**
 * Rings for a person: the conversation stands first in the inbox until somebody takes it. `why` is for the team, in plain
 * words. Asked for again it changes nothing, so that nobody is called in a loop. When nobody comes the customer is told, unless
 * they wait for nothing (`tellIfNobody: false`): that a message did not arrive is for the team alone. `since` (UTC ms) is for who
 * had waited before anybody was called.
 */
export function wantPerson(
  ws: Workspace,
  conversation: Pick<Conversation, 'id'>,
  why: string,
  { tellIfNobody = true, since }: { tellIfNobody?: boolean; since?: number } = {},
): boolean {
  const now = ws.clock.now();
  const waitsSince = since ?? now;
  const changed = ws
    .prepare(
      "UPDATE conversations SET wanted_since = ?, wanted_why = ?, snoozed_until = NULL WHERE id = ? AND wanted_since IS NULL AND holder_id IS NULL AND status = 'open'",
    )
    .run(waitsSince, why, conversation.id).changes;
  if (changed === 0) return false;
  storeEvent(ws, conversation.id, 'wanted', why);
  assignInTurn(ws, conversation.id);
  touch(ws, conversation.id);
  enqueue(ws, { kind: 'tell-team', key: String(conversation.id) });
  wantSummary(ws, conversation.id);
  const { nobodyMs } = waitingTimesOf(ws);
  // A row, in the transaction that calls: whatever happens to the server, somebody's wait is not forgotten.
  if (nobodyMs !== null && tellIfNobody)
    enqueue(ws, {
      kind: 'nobody-came',
      key: String(conversation.id),
      payload: { since: waitsSince, calledAt: now },
      dueAt: afterHours(ws, now, nobodyMs),
    });
  if (tellIfNobody) wantAway(ws, conversation.id);
  return true;
}

/**
 * The customer asked for a person: the bot is silent from now on, and a person is called. Returns false when it was the
 * person's turn already, or the contact is silenced.
 */
export function handToPerson(ws: Workspace, conversation: Pick<Conversation, 'id'>, why: string): boolean {
  // Nobody could answer them, however often they press the button.
  const silenced = ws.prepare(
    'SELECT (SELECT coalesce(p.blocked_at, p.restricted_at, p.erased_at, p.stopped_at) FROM contacts p WHERE p.id = c.contact_id) FROM conversations c WHERE c.id = ?',
  );
  if (typeof silenced.pluck().get(conversation.id) === 'number') return false;
  const changed = ws.prepare("UPDATE conversations SET turn = 'person' WHERE id = ? AND turn = 'bot'").run(conversation.id).changes;
  const wanted = wantPerson(ws, conversation, why);
  if (changed > 0 && !wanted) touch(ws, conversation.id);
  return changed > 0;
}

/** What a person was called for is settled, and nothing else has called since. Inside the caller's transaction. */
export function noLongerWanted(ws: Workspace, conversationId: number, why: string): void {
  const { changes } = ws
    .prepare("UPDATE conversations SET wanted_since = NULL, wanted_why = NULL WHERE id = ? AND wanted_why = ? AND turn = 'bot'")
    .run(conversationId, why);
  if (changes > 0) touch(ws, conversationId);
}
