import { conversationById, markChanged, wantPerson } from '../../conversations/index.ts';
import { TryLater, type Job } from '../../jobs/job.ts';
import {
  actionById,
  callTool,
  closeToolCall,
  fillsOf,
  moveAction,
  parametersOf,
  readInput,
  toolById,
  type Action,
  type Outcome,
  type Tool,
} from '../../tools/index.ts';
import type { Workspace } from '../../workspace.ts';
import { noLongerAsked } from './ask-for-action.ts';
import { isRestricted } from './is-restricted.ts';
import { tellOutcome } from './tell-outcome.ts';

/**
 * The job 'run-action': carries out what a person approved, once, and tells the customer what came of it. Before it goes out the row
 * says 'executing', flushed: after a kill or a power cut nobody can tell whether it happened, so it becomes 'uncertain' and is
 * never repeated by itself.
 */
export async function runAction(ws: Workspace, job: Job, signal: AbortSignal): Promise<void> {
  const action = actionById(ws, Number(job.key));
  if (!action || action.toldAt !== null) {
    job.finishQuietly();
    return;
  }
  await settle(ws, action, signal);
  const settled = actionById(ws, action.id);
  if (settled) await tellOutcome(ws, job, settled, signal);
  else job.finishQuietly();
}

async function settle(ws: Workspace, action: Action, signal: AbortSignal): Promise<void> {
  if (action.state === 'waiting') expire(ws, action);
  else if (action.state === 'executing') close(ws, action, { ...STOPPED, sent: null, status: null });
  else if (action.state === 'approved') await carryOut(ws, action, signal);
}

const STOPPED: Pick<Outcome, 'state' | 'says' | 'result'> = {
  state: 'uncertain',
  says: 'The server stopped while this was being done. It may have happened.',
  result: 'It isn’t known whether it was done.',
};

/** Throws TryLater while there is time. */
function expire(ws: Workspace, action: Action): void {
  const left = action.expiresAt - ws.clock.now();
  if (left > 0) throw new TryLater(left, 'it waits for a person', { counts: false });
  ws.durable(() => {
    if (!moveAction(ws, action.id, 'waiting', 'expired', 'Nobody decided within a day.')) return;
    markChanged(ws, action.conversationId, action.messageId);
    noLongerAsked(ws, action);
  });
}

async function carryOut(ws: Workspace, action: Action, signal: AbortSignal): Promise<void> {
  const tool = toolById(ws, action.toolId);
  const read = tool && readInput(action.input, parametersOf(tool));
  const says = whyNot(ws, action, tool);
  if (!tool || !read?.values || says !== null) {
    const failed = { state: 'failed' as const, result: 'It could not be done.', sent: null, status: null };
    close(ws, action, { ...failed, says: says ?? 'The tool was changed meanwhile, and doesn’t take this any more.' }, 'approved');
    return;
  }
  const mine = ws.durable(() => {
    const moved = moveAction(ws, action.id, 'approved', 'executing');
    if (moved) markChanged(ws, action.conversationId, action.messageId);
    return moved;
  });
  if (mine) close(ws, action, await callTool(ws, tool, read.values, fillsOf(ws, action.conversationId), signal));
}

/** What was approved is what was asked, and nobody's whose data rests. */
function whyNot(ws: Workspace, { conversationId, startedAt }: Action, tool: Tool | undefined): string | null {
  if (!tool) return 'The tool was removed meanwhile.';
  if (tool.updatedAt > startedAt) return 'The tool was changed after it was asked for: what was approved isn’t what it does now.';
  return isRestricted(ws, conversationId) ? 'The contact was restricted meanwhile: nothing is done with their data.' : null;
}

function close(ws: Workspace, action: Action, outcome: Outcome, from: 'executing' | 'approved' = 'executing'): void {
  const { id, conversationId, messageId, title } = action;
  ws.durable(() => {
    const state = outcome.state === 'refused' ? 'failed' : outcome.state;
    if (!moveAction(ws, id, from, state)) return;
    closeToolCall(ws, id, { ...outcome, state });
    if (state === 'uncertain' && conversationById(ws, conversationId))
      wantPerson(ws, { id: conversationId }, `Look whether this happened: ${title}. It may have, and nobody knows.`, {
        tellIfNobody: false,
      });
    markChanged(ws, conversationId, messageId);
  });
}

/** The third death, or failing again and again: a person sees to it. */
export function actionParked(ws: Workspace, { key }: { key: string }): void {
  const action = actionById(ws, Number(key));
  if (action) wantPerson(ws, { id: action.conversationId }, `The customer wasn’t told what came of this: ${action.title}.`);
}
