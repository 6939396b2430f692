import { Router, type RequestHandler } from 'express';
import type { Installation } from '../installation.ts';
import { may } from '../web/guard.ts';
import { limit } from '../web/limits.ts';
import { parseForm } from '../web/parse.ts';
import { presentOf, signedIn } from '../web/present.ts';
import { refuse } from './refuse-password.ts';
import { localPath, seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { cookieName, endSession, startSession } from '../web/sessions.ts';
import { checkPassword } from './check-password.ts';
import { emptyForm, signInForm } from './forms.ts';

const WRONG = 'This address and this password don’t belong together. Check both; capitals count in the password.';

function signIn(installation: Installation): RequestHandler {
  return async (req, res) => {
    const form = parseForm(req, signInForm, ['password']);
    if (!form.ok) {
      res.status(422);
      render(res, 'accounts/sign-in', form);
      return;
    }
    const { email, password } = form.values;
    const next = localPath(form.values.next, '/');
    const check = await checkPassword(installation, email, password, req.ip);
    if (check.outcome !== 'right') {
      const says = refuse(res, check, WRONG);
      render(res, 'accounts/sign-in', { typed: { email, next }, errors: {}, says });
      return;
    }
    startSession(installation, req, res, check.userId);
    seeOther(req, res, `/sign-in/done?next=${encodeURIComponent(next)}`);
  };
}

export function signInRoutes(installation: Installation): Router {
  const router = Router();
  const slow = limit({ points: 30, seconds: 60 });

  router.get('/sign-in', may('public'), (req, res) => {
    const next = localPath(req.query['next'], '/');
    if (presentOf(res).session) res.redirect(303, next);
    else render(res, 'accounts/sign-in', { typed: { next }, errors: {} });
  });

  router.post('/sign-in', may('public'), slow, signIn(installation));

  // A browser that keeps no cookie would come back to the sign-in page for ever, and nobody would know why.
  router.get('/sign-in/done', may('public'), (req, res) => {
    if (presentOf(res).session) res.redirect(303, localPath(req.query['next'], '/'));
    else
      render(res, 'accounts/no-cookie', {
        needsTls: cookieName(installation).startsWith('__Host-') && !req.secure,
        baseUrl: installation.settings.baseUrl,
      });
  });

  router.post('/sign-out', may('signed-in'), (req, res) => {
    parseForm(req, emptyForm);
    endSession(installation, res, signedIn(res).session);
    seeOther(req, res, '/sign-in');
  });

  return router;
}
