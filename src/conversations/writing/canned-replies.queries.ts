import type { Workspace } from '../../workspace.ts';

export interface CannedReply {
  id: number;
  shortcut: string;
  text: string;
}

/** All of them, by shortcut. */
export function cannedReplies(ws: Workspace): CannedReply[] {
  return ws.prepare('SELECT id, shortcut, text FROM canned_replies ORDER BY shortcut').all() as CannedReply[];
}

/** One of them; undefined when there is none. */
export function cannedReply(ws: Workspace, id: number): CannedReply | undefined {
  return ws.prepare('SELECT id, shortcut, text FROM canned_replies WHERE id = ?').get(id) as CannedReply | undefined;
}
