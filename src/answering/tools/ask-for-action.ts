/** An action that changes something is asked for in the thread, and carried out once a person says yes. */
import { markChanged, noLongerWanted, storeEvent, wantPerson } from '../../conversations/index.ts';
import { enqueue } from '../../jobs/enqueue.ts';
import { actionById, beginWaiting, decide, inputInWords, waitingAction, type Action } from '../../tools/index.ts';
import { audit } from '../../web/audit.ts';
import type { Workspace } from '../../workspace.ts';
import { isRestricted } from './is-restricted.ts';

/** Nobody decides about something so old by what it was. */
const WAITS_MS = 24 * 3600_000;

/** Inside the transaction that makes the answer stand which wants it. */
export function askForAction(ws: Workspace, conversation: { id: number }, callId: number): void {
  const call = ws.prepare('SELECT title, input FROM tool_calls WHERE id = ?').get(callId) as Pick<Action, 'title' | 'input'>;
  const words = inputInWords(call.input);
  const messageId = storeEvent(ws, conversation.id, 'asks', `The bot wants to: ${call.title}${words === '' ? '' : ` (${words})`}`);
  const expiresAt = ws.clock.now() + WAITS_MS;
  beginWaiting(ws, callId, messageId, expiresAt);
  enqueue(ws, { kind: 'run-action', key: String(callId), dueAt: expiresAt });
  wantPerson(ws, conversation, whyOf(call));
}

function whyOf({ title }: Pick<Action, 'title'>): string {
  return `The bot waits for your word: ${title}`;
}

/** It doesn't wait any more: a person is called for the next that does. Inside a transaction. */
export function noLongerAsked(ws: Workspace, action: Action): void {
  const { conversationId } = action;
  noLongerWanted(ws, conversationId, whyOf(action));
  const next = waitingAction(ws, conversationId);
  if (next) wantPerson(ws, { id: conversationId }, whyOf(next));
}

export type Decided = { ok: true } | { ok: false; says: string };

/** A member says yes or no. Undefined when nothing of that id waits in the conversation. */
export function decideAction(
  ws: Workspace,
  { callId, conversationId, approve, userId }: { callId: number; conversationId: number; approve: boolean; userId: number },
): Decided | undefined {
  return ws.durable(() => {
    const action = actionById(ws, callId);
    if (action?.conversationId !== conversationId) return undefined;
    if (approve && isRestricted(ws, conversationId))
      return { ok: false, says: 'This contact is restricted: nothing is done with their data. Decline it, or lift the restriction first.' };
    if (!decide(ws, callId, approve ? 'approved' : 'declined', userId))
      return { ok: false, says: 'This was decided already, or waited too long.' };
    audit(ws, { actor: userId, action: approve ? 'action.approved' : 'action.declined', subject: `tool call ${callId}` });
    markChanged(ws, conversationId, action.messageId);
    noLongerAsked(ws, action);
    enqueue(ws, { kind: 'run-action', key: String(callId) });
    return { ok: true };
  });
}
