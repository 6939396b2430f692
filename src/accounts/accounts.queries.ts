import { and, asc, eq, isNull } from '../db/drizzle.ts';
import { memberships, users, workspaces } from '../db/schema/control.ts';
import type { Installation } from '../installation.ts';
import type { Role } from '../web/permissions.ts';
import type { Workspace } from '../workspace.ts';

export interface Account {
  id: number;
  email: string;
  firstName: string;
  lastName: string;
  company: string | null;
  phone: string | null;
  country: string | null;
  theme: string;
  createdAt: number;
}

/** What "My account" shows of a user. */
export function accountOf({ control }: Installation, userId: number): Account {
  const row = control.db.select().from(users).where(eq(users.id, userId)).get();
  if (!row) throw new Error('a signed-in user has no row');
  const { id, email, firstName, lastName, company, phone, country, theme, createdAt } = row;
  return { id, email, firstName, lastName, company, phone, country, theme, createdAt };
}

export interface WorkspaceOfUser {
  id: string;
  name: string;
  role: Role;
}

/** The open workspaces a user is a member of, by name. */
export function workspacesOf({ control }: Installation, userId: number): WorkspaceOfUser[] {
  return control.db
    .select({ id: workspaces.id, name: workspaces.name, role: memberships.role })
    .from(memberships)
    .innerJoin(workspaces, eq(workspaces.id, memberships.workspaceId))
    .where(and(eq(memberships.userId, userId), isNull(workspaces.closedAt)))
    .orderBy(asc(workspaces.name), asc(workspaces.id))
    .all();
}

export interface Member {
  userId: number;
  firstName: string;
  lastName: string;
  email: string;
  role: Role;
  since: number;
}

/** `(SELECT ?)` as in web/sessions.ts. */
const MEMBERS = `
  SELECT u.id AS userId, u.first_name AS firstName, u.last_name AS lastName, u.email, m.role, m.created_at AS since
  FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.workspace_id = (SELECT ?) ORDER BY m.created_at, u.id`;

/** The members of a workspace, by when they came. The inbox asks at each request. */
export function membersOf(ws: Workspace): Member[] {
  return ws.installation.control.prepare(MEMBERS).all(ws.id) as Member[];
}
