import type { Role } from '../web/permissions.ts';

/** Who may give or take which role: an owner every one, an admin those of agents and viewers. */
export function mayManage(actor: Role, role: Role): boolean {
  return actor === 'owner' || (actor === 'admin' && (role === 'agent' || role === 'viewer'));
}

export function manageableRoles(actor: Role): Role[] {
  const all: Role[] = ['owner', 'admin', 'agent', 'viewer'];
  return all.filter((role) => mayManage(actor, role));
}

/** Roles as pages name them, with what they mean. */
export const roleNames: Record<Role, string> = { owner: 'Owner', admin: 'Admin', agent: 'Agent', viewer: 'Viewer' };

export const roleMeanings: Record<Role, string> = {
  owner: 'everything, members and money included',
  admin: 'bots, knowledge, keys and channels',
  agent: 'answers customers',
  viewer: 'reads along',
};
