/** Puts conversations off. A row in `jobs` wakes them; a customer's message, or a call for a person, wakes them at once. */
import { businessOf } from '../../accounts/index.ts';
import { enqueue } from '../../jobs/enqueue.ts';
import type { Job } from '../../jobs/job.ts';
import { timeText } from '../../web/formats.ts';
import { zoneOf } from '../../web/zones.ts';
import type { Workspace } from '../../workspace.ts';
import { touch } from '../conversation.ts';
import { storeEvent } from '../store-message.ts';
import { wantPerson } from '../want-person.ts';

/**
 * Until `until` (UTC ms); whoever had called for a person is seen to, and calls again then. Returns whether that changed
 * anything. Runs inside a transaction.
 */
export function snooze(ws: Workspace, conversationId: number, until: number, by: number): boolean {
  const changed = ws
    .prepare(
      "UPDATE conversations SET snoozed_until = @until, wanted_since = NULL, wanted_why = NULL WHERE id = @id AND status = 'open' AND snoozed_until IS NOT @until",
    )
    .run({ until, id: conversationId }).changes;
  if (changed === 0) return false;
  const zone = zoneOf(businessOf(ws).timezone);
  storeEvent(ws, conversationId, 'snoozed', `put this off until ${timeText(zone, ws.clock.now(), until, 'moment')}.`, by);
  touch(ws, conversationId);
  enqueue(ws, { kind: 'wake-snoozed', key: String(conversationId), dueAt: until });
  return true;
}

/** A member brings it back before its time. Returns whether it had been put off. Runs inside a transaction. */
export function bringBack(ws: Workspace, conversationId: number, by: number): boolean {
  const woken = wake(ws, conversationId, 'This had been put off.');
  if (woken) storeEvent(ws, conversationId, 'woken', 'brought this back.', by);
  return woken;
}

/**
 * Where it was put off, it no longer is; and where a person was to answer and nobody had it, one is called again. On the path
 * of each message, so a statement of its own: in another one it would touch an index each time.
 */
export function wake(ws: Workspace, conversationId: number, why: string): boolean {
  const woken = ws
    .prepare(
      `UPDATE conversations SET snoozed_until = NULL WHERE id = ? AND snoozed_until IS NOT NULL
       RETURNING turn, holder_id AS holderId, (SELECT m.created_at FROM messages m WHERE m.id = last_customer_message_id) AS since`,
    )
    .get(conversationId) as { turn: string; holderId: number | null; since: number | null } | undefined;
  if (!woken) return false;
  touch(ws, conversationId);
  if (woken.turn === 'person' && woken.holderId === null)
    wantPerson(ws, { id: conversationId }, why, { tellIfNobody: false, ...(woken.since === null ? {} : { since: woken.since }) });
  return true;
}

/** The job 'wake-snoozed', by a conversation's id. Put off for longer meanwhile, it asks for itself again. */
export async function wakeSnoozed(ws: Workspace, job: Job): Promise<void> {
  const id = Number(job.key);
  await job.finish(() => {
    const until = ws.prepare('SELECT snoozed_until FROM conversations WHERE id = ?').pluck().get(id) as number | null | undefined;
    if (until === null || until === undefined) return;
    if (until > ws.clock.now()) {
      enqueue(ws, { kind: 'wake-snoozed', key: job.key, dueAt: until });
      return;
    }
    wake(ws, id, 'This was put off until now.');
    ws.prepare('UPDATE conversations SET unread = max(unread, 1) WHERE id = ?').run(id);
    storeEvent(ws, id, 'woken', 'The time has come that this was put off until.');
  });
}
