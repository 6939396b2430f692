import type { Request, RequestHandler, Response } from 'express';
import type { Installation } from '../installation.ts';
import { hasBody, readForm } from './bodies.ts';
import { checkOrigin, checkToken, isUnsafe } from './csrf.ts';
import { nothingHere, Problem } from './problem.ts';
import { isWorkspaceAction, needsStepUp, roleMay, type Action, type Role } from './permissions.ts';
import { presentOf, setPresent, type Present } from './present.ts';
import { pageOf, seeOther } from './redirect.ts';
import { sessionHolds, sessionOf, steppedUp } from './sessions.ts';
import { wantsJson } from './wants.ts';

export interface Guard extends RequestHandler {
  permission: Action;
}

/** The first middleware of the app: from here on a response knows its installation. */
export function beginRequest(installation: Installation): RequestHandler {
  return (_req, res, next) => {
    setPresent(res, { installation });
    next();
  };
}

/**
 * The first handler of every route: says who may come in, and keeps out the rest before a byte of their body is read.
 * In order: where it came from, who it is, which workspace, which role, the body, the form's token, the password.
 */
export function may(action: Action): Guard {
  const guard: RequestHandler = async (req, res, next) => {
    if (action === 'visitor' || action === 'webhook') {
      next();
      return;
    }
    const { installation } = presentOf(res);
    // What a page shows belongs to who asked; assets, the only thing worth keeping, say otherwise themselves.
    res.setHeader('Cache-Control', 'no-store');
    checkOrigin(req, installation.settings.baseUrl);
    const known = sessionOf(installation, req);
    setPresent(res, { installation, ...known });
    if (action === 'public') {
      await readForm(req, res, 'stranger');
      next();
      return;
    }
    if (!known) {
      askToSignIn(req, res);
      return;
    }
    admit(action, req, res);
    await readMembersBody(req, res);
    checkToken(req, known.session, installation.settings.baseUrl);
    if (needsStepUp(action) && !steppedUp(installation, known.session)) {
      askPassword(req, res);
      return;
    }
    next();
  };
  return Object.assign(guard, { permission: action });
}

function admit(action: Action, req: Request, res: Response): void {
  const now = presentOf(res);
  if (isWorkspaceAction(action)) {
    const { workspace, role } = enter(now, req, res);
    setPresent(res, { ...now, workspace, role });
    if (!roleMay(role, action))
      throw new Problem(
        403,
        'Your role in this workspace doesn’t include this. An owner or admin can change that under Settings, Members.',
      );
  } else if (action === 'operator' && !now.user?.isOperator) {
    throw nothingHere();
  }
}

/** The workspace of the address, held open until the response has ended; 404 to whoever is no member of it. */
function enter({ installation, user }: Present, req: Request, res: Response): { workspace: NonNullable<Present['workspace']>; role: Role } {
  const { workspace: id } = req.params;
  const role = typeof id === 'string' && user ? roleIn(installation, id, user.id) : undefined;
  if (typeof id !== 'string' || !role) throw nothingHere();
  const held = installation.workspaces.hold(id);
  res.once('close', () => held.release());
  return { workspace: held.workspace, role };
}

/** `(SELECT ?)` as in sessions.ts. */
const ROLE = `
  SELECT m.role FROM memberships m JOIN workspaces w ON w.id = m.workspace_id
  WHERE m.workspace_id = (SELECT ?) AND m.user_id = (SELECT ?) AND w.closed_at IS NULL`;

/** A user's role in an open workspace. Read at each request: a role that was taken away is gone at once. */
export function roleIn(installation: Installation, workspaceId: string, userId: number): Role | undefined {
  const row = installation.control.prepare(ROLE).get(workspaceId, userId) as { role: Role } | undefined;
  return row?.role;
}

/** Whether who opened a stream may still listen: the session wasn't ended and the membership wasn't taken away. */
export function stillMay(res: Response): boolean {
  const now = presentOf(res);
  if (!now.session || !now.user) return true;
  if (!sessionHolds(now.installation, now.session.id)) return false;
  return !now.workspace || roleIn(now.installation, now.workspace.id, now.user.id) === now.role;
}

async function readMembersBody(req: Request, res: Response): Promise<void> {
  if (!isUnsafe(req) || !hasBody(req)) return;
  if (!req.is(['application/x-www-form-urlencoded', 'multipart/form-data'])) throw new Problem(415, 'Send this as a form.');
  await readForm(req, res, 'member');
}

function askToSignIn(req: Request, res: Response): void {
  if (wantsJson(req)) throw new Problem(401, 'Your session has ended. Sign in again.');
  seeOther(req, res, `/sign-in?next=${encodeURIComponent(pageOf(req, '/'))}`);
}

function askPassword(req: Request, res: Response): void {
  if (wantsJson(req)) throw new Problem(403, 'Your password is asked again for this. Reload the page.');
  seeOther(req, res, `/account/confirm?next=${encodeURIComponent(pageOf(req, '/'))}`);
}
