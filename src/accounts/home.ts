import type { Installation } from '../installation.ts';
import type { User } from '../web/sessions.ts';
import { workspacesOf } from './accounts.queries.ts';

/** Where a user begins: the inbox of their only workspace, or the list. */
export function homeOf(installation: Installation, user: Pick<User, 'id' | 'isOperator'>): string {
  const [only, ...more] = workspacesOf(installation, user.id);
  if (!only) return user.isOperator ? '/workspaces/new' : '/workspaces';
  return more.length > 0 ? '/workspaces' : `/w/${only.id}/inbox`;
}
