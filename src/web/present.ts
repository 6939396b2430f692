import type { Response } from 'express';
import type { Installation } from '../installation.ts';
import type { Workspace } from '../workspace.ts';
import type { Role } from './permissions.ts';
import type { Session, User } from './sessions.ts';

/** Who and what a request is about, as far as the guard has found out. */
export interface Present {
  installation: Installation;
  session?: Session;
  user?: User;
  workspace?: Workspace;
  role?: Role;
}

/** Inside a workspace: what a handler behind `may('…')` of the matrix can rely on. */
export interface Here {
  installation: Installation;
  session: Session;
  user: User;
  workspace: Workspace;
  role: Role;
}

export interface SignedIn {
  installation: Installation;
  session: Session;
  user: User;
}

const present = new WeakMap<Response, Present>();

export function setPresent(res: Response, now: Present): void {
  present.set(res, now);
}

/** What is known so far: before a guard has run, the installation alone. */
export function presentOf(res: Response): Present {
  const now = present.get(res);
  if (!now) throw new Error('beginRequest() is not the first middleware');
  return now;
}

/** For handlers of workspace routes. Throws when the route isn't guarded by a workspace action. */
export function here(res: Response): Here {
  const now = presentOf(res);
  if (!now.session || !now.user || !now.workspace || !now.role) throw new Error('here() was called on a route outside a workspace');
  const { installation, session, user, workspace, role } = now;
  return { installation, session, user, workspace, role };
}

/** For handlers of `signed-in` routes. Throws when nobody is signed in. */
export function signedIn(res: Response): SignedIn {
  const now = presentOf(res);
  if (!now.session || !now.user) throw new Error('signedIn() was called on a public route');
  return { installation: now.installation, session: now.session, user: now.user };
}

export function loggedIds(res: Response): { user?: number; workspace?: string } {
  const now = presentOf(res);
  return { ...(now.user ? { user: now.user.id } : {}), ...(now.workspace ? { workspace: now.workspace.id } : {}) };
}
