/** An action that changes something is asked for in the thread, and carried out once a person says yes. */
import { markChanged, noLongerWanted, storeEvent, wantPerson } from '../../conversations/index.ts';
import { enqueue } from '../../jobs/enqueue.ts';
import { actionById, beginWaiting, decide, inputInWords, type Action } from '../../tools/index.ts';
import { audit } from '../../web/audit.ts';
import type { Workspace } from '../../workspace.ts';

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

export type Decided = { ok: true } | { ok: false; says: string };

/** A member says yes or no. Undefined when nothing of that id waits in the conversation. */
export function decideAction(
  ws: Workspace,
  { callId, conversationId, approve, userId }: { callId: number; conversationId: number; approve: boolean; userId: number },
): Decided | undefined {
  return ws.durable(() => {
    const action = actionById(ws, callId);
    if (action?.conversationId !== conversationId) return undefined;
    if (!decide(ws, callId, approve ? 'approved' : 'declined', userId))
      return { ok: false, says: 'This was decided already, or waited too long.' };
    audit(ws, { actor: userId, action: approve ? 'action.approved' : 'action.declined', subject: `tool call ${callId}` });
    markChanged(ws, conversationId, action.messageId);
    noLongerWanted(ws, conversationId, whyOf(action));
    enqueue(ws, { kind: 'run-action', key: String(callId) });
    return { ok: true };
  });
}
