import type { Workspace } from '../../workspace.ts';

const READ =
  'SELECT (SELECT coalesce(p.restricted_at, p.erased_at) FROM contacts p WHERE p.id = c.contact_id) FROM conversations c WHERE c.id = ?';

/** Nothing may be done with the data of the conversation's contact: who is blocked, or wants no messages, can still have asked for something. */
export function isRestricted(ws: Workspace, conversationId: number): boolean {
  return typeof ws.prepare(READ).pluck().get(conversationId) === 'number';
}
