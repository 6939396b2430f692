/** Who is to see to a conversation. Assigning isn't taking over: the bot answers on, and whoever comes may take it. */
import { membersOf } from '../../accounts/index.ts';
import { audit } from '../../web/audit.ts';
import { roleMay } from '../../web/permissions.ts';
import type { Workspace } from '../../workspace.ts';
import { touch } from '../conversation.ts';
import { storeEvent } from '../store-message.ts';
import { assignsInTurn } from './presence.ts';

/**
 * Gives a conversation to a member, or to nobody, and writes who did it into its history. Returns whether that changed
 * anything: a member who may not answer here can't be given one. Runs inside a transaction.
 */
export function assign(ws: Workspace, conversationId: number, to: number | null, by: number): boolean {
  const member = membersOf(ws).find(({ userId }) => userId === to);
  if (to !== null && (!member || !roleMay(member.role, 'conversation.answer'))) return false;
  const changed = ws
    .prepare('UPDATE conversations SET assignee_id = ? WHERE id = ? AND assignee_id IS NOT ?')
    .run(to, conversationId, to).changes;
  if (changed === 0) return false;
  storeEvent(
    ws,
    conversationId,
    'assigned',
    to === null ? 'left this to nobody.' : to === by ? 'took this on.' : `gave this to ${member?.firstName}.`,
    by,
  );
  touch(ws, conversationId);
  return true;
}

/**
 * A person is wanted and nobody is to see to it: it goes to whoever was given one longest ago, of those who may answer and
 * aren't away. Runs inside the transaction that calls.
 */
export function assignInTurn(ws: Workspace, conversationId: number): void {
  if (!assignsInTurn(ws)) return;
  const free = ws.prepare('SELECT 1 FROM conversations WHERE id = ? AND assignee_id IS NULL').get(conversationId) !== undefined;
  const next = free ? nextInTurn(ws) : undefined;
  if (!next) return;
  ws.prepare('UPDATE conversations SET assignee_id = ? WHERE id = ?').run(next.userId, conversationId);
  ws.prepare(
    `INSERT INTO member_presence (user_id, last_given_at) VALUES (?, ?)
     ON CONFLICT (user_id) DO UPDATE SET last_given_at = excluded.last_given_at`,
  ).run(next.userId, Math.max(ws.clock.now(), next.newest + 1));
  storeEvent(ws, conversationId, 'assigned', `It is ${next.firstName}’s turn.`);
}

/** `newest`: when anybody was given one last, so that two calls of one millisecond go to two members. */
function nextInTurn(ws: Workspace): { userId: number; firstName: string; newest: number } | undefined {
  const known = ws
    .prepare('SELECT user_id AS userId, away_since AS awaySince, last_given_at AS lastGivenAt FROM member_presence')
    .all() as {
    userId: number;
    awaySince: number | null;
    lastGivenAt: number | null;
  }[];
  const byUser = new Map(known.map((row) => [row.userId, row]));
  const given = (userId: number): number => byUser.get(userId)?.lastGivenAt ?? 0;
  // Members come by when they joined, and sorting keeps that order among equals.
  const [next] = membersOf(ws)
    .filter(({ userId, role }) => roleMay(role, 'conversation.answer') && (byUser.get(userId)?.awaySince ?? null) === null)
    .sort((a, b) => given(a.userId) - given(b.userId));
  return (
    next && { userId: next.userId, firstName: next.firstName, newest: Math.max(0, ...known.map(({ lastGivenAt }) => lastGivenAt ?? 0)) }
  );
}

export function setAssignsInTurn(ws: Workspace, userId: number, inTurn: boolean): void {
  ws.durable(() => {
    ws.prepare('UPDATE business SET assign_in_turn = ? WHERE id = 1').run(inTurn ? 1 : 0);
    audit(ws, { actor: userId, action: 'assigning.edited' });
  });
}
