import { Router, type Response } from 'express';
import type { Installation } from '../installation.ts';
import { may } from '../web/guard.ts';
import { limit } from '../web/limits.ts';
import { parseForm } from '../web/parse.ts';
import { presentOf, signedIn } from '../web/present.ts';
import { localPath, seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { cookieName, endSession, startSession, stepUp } from '../web/sessions.ts';
import { checkPassword, type PasswordCheck } from './check-password.ts';
import { confirmForm, emptyForm, signInForm } from './forms.ts';

const WRONG = 'This address and this password don’t belong together. Check both; capitals count in the password.';

/** Says why it didn't work, with the status and Retry-After that programs understand. */
function refuse(res: Response, check: Exclude<PasswordCheck, { outcome: 'right' }>, wrong: string): string {
  if (check.outcome === 'wrong') {
    res.status(422);
    return wrong;
  }
  res.status(429).setHeader('Retry-After', String(Math.ceil(check.seconds)));
  return check.says;
}

export function signInRoutes(installation: Installation): Router {
  const router = Router();
  const slow = limit({ points: 30, seconds: 60 });

  router.get('/sign-in', may('public'), (req, res) => {
    const next = localPath(req.query['next'], '/');
    if (presentOf(res).session) res.redirect(303, next);
    else render(res, 'accounts/sign-in', { typed: { next }, errors: {} });
  });

  router.post('/sign-in', may('public'), slow, async (req, res) => {
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
  });

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

  router.get('/account/confirm', may('signed-in'), (req, res) => {
    render(res, 'accounts/confirm', { typed: { next: localPath(req.query['next'], '/') }, errors: {} });
  });

  router.post('/account/confirm', may('signed-in'), slow, async (req, res) => {
    const { user, session } = signedIn(res);
    const form = parseForm(req, confirmForm, ['password']);
    if (!form.ok) {
      res.status(422);
      render(res, 'accounts/confirm', form);
      return;
    }
    const next = localPath(form.values.next, '/');
    const check = await checkPassword(installation, user.email, form.values.password, req.ip);
    if (check.outcome !== 'right') {
      const says = refuse(res, check, 'This isn’t your password. Capitals count.');
      render(res, 'accounts/confirm', { typed: { next }, errors: { password: says } });
      return;
    }
    stepUp(installation, res, session);
    seeOther(req, res, next);
  });

  return router;
}
