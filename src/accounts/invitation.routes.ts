import { Router, type Request, type RequestHandler, type Response } from 'express';
import type { Installation } from '../installation.ts';
import { Problem } from '../web/errors.ts';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { limit } from '../web/limits.ts';
import { parseForm } from '../web/parse.ts';
import { presentOf, signedIn } from '../web/present.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { startSession } from '../web/sessions.ts';
import { emailIsTaken, insertUser } from './create-user.ts';
import { emptyForm, joinForm } from './forms.ts';
import { acceptInvitation, openInvitation } from './invitations.ts';
import { hashPassword, weakness } from './passwords.ts';
import { roleMeanings, roleNames } from './rank.ts';

const TAKEN = 'There is an account with this address already. Sign in with it, then open the invitation again.';

function token(req: Request): string {
  const { token: value } = req.params;
  return typeof value === 'string' ? value : '';
}

function page(
  installation: Installation,
  req: Request,
  res: Response,
  typed: Record<string, unknown> = {},
  errors: Record<string, string> = {},
): void {
  const invitation = openInvitation(installation, token(req));
  const { user } = presentOf(res);
  render(res, 'accounts/invitation', {
    invitation,
    path: `/invitation/${token(req)}`,
    roleName: roleNames[invitation.role],
    roleMeaning: roleMeanings[invitation.role],
    me: user,
    meIsMeant: invitation.email === null || invitation.email === user?.email,
    typed: { ...typed, email: invitation.email ?? typed['email'] },
    errors,
  });
}

function joinAsNew(installation: Installation): RequestHandler {
  return async (req, res) => {
    const form = parseForm(req, joinForm, ['password']);
    openInvitation(installation, token(req));
    if (!form.ok) {
      res.status(422);
      page(installation, req, res, form.typed, form.errors);
      return;
    }
    const { age: _age, password, ...person } = form.values;
    const weak = weakness(password, [person.email, person.firstName, person.lastName]);
    const errors = {
      ...(weak === undefined ? {} : { password: weak }),
      ...(emailIsTaken(installation, person.email) ? { email: TAKEN } : {}),
    };
    if (Object.keys(errors).length > 0) {
      res.status(422);
      page(installation, req, res, person, errors);
      return;
    }
    const hash = await hashPassword(password);
    const joined = acceptInvitation(installation, token(req), () => {
      const userId = insertUser(installation, person, hash, false);
      if (userId === undefined) throw new Problem(409, TAKEN);
      return { userId, email: person.email };
    });
    startSession(installation, req, res, joined.userId);
    seeOther(req, res, `/w/${joined.workspaceId}/inbox`);
  };
}

/** Where an invitation's link leads: a new account, or the one that is signed in. */
export function invitationRoutes(installation: Installation): Router {
  const router = Router();
  const slow = limit({ points: 30, seconds: 60 });

  router.get('/invitation/:token', may('public'), slow, (req, res) => page(installation, req, res));

  router.post('/invitation/:token', may('public'), slow, joinAsNew(installation));

  router.post('/invitation/:token/join', may('signed-in'), slow, (req, res) => {
    parseForm(req, emptyForm);
    const { user } = signedIn(res);
    const { workspaceId } = acceptInvitation(installation, token(req), () => ({ userId: user.id, email: user.email }));
    flash(res, 'Welcome. This workspace is now among yours.');
    seeOther(req, res, `/w/${workspaceId}/inbox`);
  });

  return router;
}
