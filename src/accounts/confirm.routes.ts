import { Router } from 'express';
import type { Installation } from '../installation.ts';
import { may } from '../web/guard.ts';
import { limit } from '../web/limits.ts';
import { parseForm } from '../web/parse.ts';
import { signedIn } from '../web/present.ts';
import { localPath, seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { stepUp } from '../web/sessions.ts';
import { checkPassword } from './check-password.ts';
import { confirmForm } from './forms.ts';
import { refuse } from './refuse-password.ts';

/** The password asked again before what is dangerous; then back to where one was. */
export function confirmRoutes(installation: Installation): Router {
  const router = Router();

  router.get('/account/confirm', may('signed-in'), (req, res) => {
    render(res, 'accounts/confirm', { typed: { next: localPath(req.query['next'], '/') }, errors: {} });
  });

  router.post('/account/confirm', may('signed-in'), limit({ points: 30, seconds: 60 }), async (req, res) => {
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
