/**
 * What changes something and waits for a person, as a row that goes from one state to the next and never back: waiting → approved →
 * executing → done, failed or uncertain; or declined, or expired.
 */
import type { Workspace } from '../workspace.ts';
import type { CallState } from './tool-calls.ts';

export interface Action {
  id: number;
  runId: number;
  conversationId: number;
  toolId: number;
  name: string;
  title: string;
  input: string;
  state: CallState;
  result: string | null;
  expiresAt: number;
  messageId: number;
  toldAt: number | null;
  startedAt: number;
}

const READ = `
  SELECT id, run_id AS runId, conversation_id AS conversationId, tool_id AS toolId, name, title, input, state, result, expires_at AS expiresAt,
    message_id AS messageId, told_at AS toldAt, started_at AS startedAt
  FROM tool_calls`;

/** Undefined for a call that nobody was asked for. */
export function actionById(ws: Workspace, id: number): Action | undefined {
  return ws.prepare(`${READ} WHERE id = ? AND message_id IS NOT NULL`).get(id) as Action | undefined;
}

/** What was asked for in a conversation and is decided, the newest first. */
export function decidedActions(ws: Workspace, conversationId: number, since: number): Action[] {
  const decided = `${READ} WHERE conversation_id = ? AND expires_at IS NOT NULL AND state NOT IN ('waiting', 'approved', 'executing') AND started_at > ? ORDER BY id DESC LIMIT 5`;
  return ws.prepare(decided).all(conversationId, since) as Action[];
}

/** What was asked for first in a conversation and can still be decided. */
export function waitingAction(ws: Workspace, conversationId: number): Action | undefined {
  const waiting = `${READ} WHERE conversation_id = ? AND state = 'waiting' AND expires_at > ? ORDER BY id LIMIT 1`;
  return ws.prepare(waiting).get(conversationId, ws.clock.now()) as Action | undefined;
}

/** From now on it waits, until `expiresAt`; `messageId` is where in the thread it is asked. Inside a transaction. */
export function beginWaiting(ws: Workspace, id: number, messageId: number, expiresAt: number): void {
  const wait = "UPDATE tool_calls SET expires_at = ?, message_id = ?, ended_at = NULL WHERE id = ? AND state = 'waiting'";
  ws.prepare(wait).run(expiresAt, messageId, id);
}

/** False when it was decided already, or is too late. Inside a transaction. */
export function decide(ws: Workspace, id: number, state: 'approved' | 'declined', userId: number): boolean {
  const now = ws.clock.now();
  const settle = "UPDATE tool_calls SET state = ?, decided_by = ?, decided_at = ? WHERE id = ? AND state = 'waiting' AND expires_at > ?";
  return ws.prepare(settle).run(state, userId, now, id, now).changes > 0;
}

/** False when it wasn't in the state it leaves. Inside a transaction. */
export function moveAction(ws: Workspace, id: number, from: CallState, to: CallState, says: string | null = null): boolean {
  return (
    ws.prepare('UPDATE tool_calls SET state = ?, says = coalesce(?, says) WHERE id = ? AND state = ?').run(to, says, id, from).changes > 0
  );
}

/** The customer knows, or nobody has to tell them. Inside a transaction. */
export function markTold(ws: Workspace, id: number): void {
  ws.prepare('UPDATE tool_calls SET told_at = ? WHERE id = ?').run(ws.clock.now(), id);
}

const WORDS = 1000;

/** What a model wants, for people: "order 17, reason it came broken". */
export function inputInWords(input: string): string {
  try {
    const values: unknown = JSON.parse(input);
    if (typeof values !== 'object' || values === null) return '';
    const words = Object.entries(values)
      .map(([name, value]) => `${name.replaceAll(/[_-]+/g, ' ')}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join(', ');
    return (words.length > WORDS ? `${words.slice(0, WORDS - 1)}…` : words).toWellFormed();
  } catch {
    return '';
  }
}
