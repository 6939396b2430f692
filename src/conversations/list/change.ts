/** One act on one or many conversations of the list, and what takes it back. */
import type { Workspace } from '../../workspace.ts';
import { conversationById, touch, type Conversation } from '../conversation.ts';
import { markRead, reopenConversation, resolveConversation } from '../resolve.ts';
import { assign } from './assign.ts';
import { setLabel } from './labels.ts';
import { bringBack, snooze } from './snooze.ts';

export type Change =
  | { do: 'done' | 'reopen' | 'read' | 'unread' }
  /** Null: to nobody. */
  | { do: 'assign'; value: number | null }
  | { do: 'label' | 'unlabel'; value: number }
  /** UTC ms; null brings it back. */
  | { do: 'snooze'; value: number | null };

/** A change and the conversations it is for. */
export interface Step {
  change: Change;
  ids: number[];
}

export interface Changed {
  /** How many conversations it changed. */
  count: number;
  /** What makes them as they were. */
  undo: Step[];
}

/** Does it to each that is there, in one transaction: all or none. */
export function changeMany(ws: Workspace, ids: number[], change: Change, userId: number): Changed {
  return ws.durable(() => {
    const undone: { id: number; change: Change }[] = [];
    for (const id of new Set(ids)) {
      const conversation = conversationById(ws, id);
      const back = conversation && changeOne(ws, conversation, change, userId);
      if (back) undone.push({ id, change: back });
    }
    return { count: undone.length, undo: gathered(undone) };
  });
}

/** Returns what takes it back; undefined when nothing had to change. */
function changeOne(ws: Workspace, conversation: Conversation, change: Change, userId: number): Change | undefined {
  const { id, status } = conversation;
  switch (change.do) {
    case 'done':
      if (status === 'resolved') return undefined;
      resolveConversation(ws, id, userId);
      return { do: 'reopen' };
    case 'reopen':
      return status === 'resolved' && reopenConversation(ws, id, userId).ok ? { do: 'done' } : undefined;
    case 'read':
      return setRead(ws, id, true) ? { do: 'unread' } : undefined;
    case 'unread':
      return setRead(ws, id, false) ? { do: 'read' } : undefined;
    case 'assign':
      return assign(ws, id, change.value, userId) ? { do: 'assign', value: conversation.assigneeId } : undefined;
    case 'label':
    case 'unlabel':
      if (!setLabel(ws, id, change.value, change.do === 'label')) return undefined;
      return { do: change.do === 'label' ? 'unlabel' : 'label', value: change.value };
    case 'snooze':
      if (!(change.value === null ? bringBack(ws, id, userId) : snooze(ws, id, change.value, userId))) return undefined;
      return { do: 'snooze', value: conversation.snoozedUntil };
  }
}

function setRead(ws: Workspace, id: number, read: boolean): boolean {
  const unread = ws.prepare('SELECT unread FROM conversations WHERE id = ?').pluck().get(id) as number;
  if (read === (unread === 0)) return false;
  if (read) markRead(ws, id);
  else {
    ws.prepare('UPDATE conversations SET unread = 1 WHERE id = ?').run(id);
    touch(ws, id);
  }
  return true;
}

function gathered(undone: { id: number; change: Change }[]): Step[] {
  const steps = new Map<string, Step>();
  for (const { id, change } of undone) {
    const key = writeChange(change);
    const step = steps.get(key);
    if (step) step.ids.push(id);
    else steps.set(key, { change, ids: [id] });
  }
  return [...steps.values()];
}

/** A change as a button or an address holds it: `assign:5`, `assign:`, `done`. */
export function writeChange(change: Change): string {
  return 'value' in change ? `${change.do}:${change.value ?? ''}` : change.do;
}

/** Reads that again; undefined for what is none. */
export function readChange(text: string): Change | undefined {
  const [, verb, value = ''] = /^(done|reopen|read|unread|(?:assign|snooze|label|unlabel)(?=:)):?(\d{0,15})$/.exec(text) ?? [];
  const number = value === '' ? null : Number(value);
  switch (verb) {
    case 'done':
    case 'reopen':
    case 'read':
    case 'unread':
      return number === null ? { do: verb } : undefined;
    case 'assign':
    case 'snooze':
      return { do: verb, value: number };
    case 'label':
    case 'unlabel':
      return number === null ? undefined : { do: verb, value: number };
    default:
      return undefined;
  }
}
