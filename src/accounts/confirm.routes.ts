import { Router, type Response } from 'express';
import type { Installation } from '../installation.ts';
import { may } from '../web/guard.ts';
import { limit } from '../web/limits.ts';
import { parseForm } from '../web/parse.ts';
import { signedIn } from '../web/present.ts';
import { localPath, seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { stepUp } from '../web/sessions.ts';
import { checkPassword } from './check-password.ts';
import { confirmByCodeForm, confirmForm } from './forms.ts';
import { passkeysOf } from './passkeys/passkeys.ts';
import { refuse } from './refuse-password.ts';
import { authenticatorSince } from './second-step/authenticator.ts';
import { checkCode } from './second-step/check-code.ts';

interface Shown {
  typed: object;
  errors: Record<string, string>;
  says?: string;
}

export function confirmPage(res: Response, shown: Shown): void {
  const { installation, user } = signedIn(res);
  render(res, 'accounts/confirm', {
    ...shown,
    hasApp: authenticatorSince(installation, user.id) !== null,
    hasPasskey: passkeysOf(installation, user.id).length > 0,
  });
}

/** The password, or a code of the app, asked again before what is dangerous; then back to where one was. */
export function confirmRoutes(installation: Installation): Router {
  const router = Router();
  const slow = limit({ points: 30, seconds: 60 });

  router.get('/account/confirm', may('signed-in'), (req, res) => {
    confirmPage(res, { typed: { next: localPath(req.query['next'], '/') }, errors: {} });
  });

  router.post('/account/confirm', may('signed-in'), slow, async (req, res) => {
    const { user, session } = signedIn(res);
    const form = parseForm(req, confirmForm, ['password']);
    if (!form.ok) {
      res.status(422);
      confirmPage(res, form);
      return;
    }
    const next = localPath(form.values.next, '/');
    const check = await checkPassword(installation, user.email, form.values.password, req.ip);
    if (check.outcome !== 'right') {
      const says = refuse(res, check, 'This isn’t your password. Capitals count.');
      confirmPage(res, { typed: { next }, errors: { password: says } });
      return;
    }
    stepUp(installation, res, session);
    seeOther(req, res, next);
  });

  router.post('/account/confirm/code', may('signed-in'), slow, (req, res) => {
    const { user, session } = signedIn(res);
    const form = parseForm(req, confirmByCodeForm, ['code']);
    if (!form.ok) {
      confirmPage(res.status(422), form);
      return;
    }
    const next = localPath(form.values.next, '/');
    const check = checkCode(installation, user.id, form.values.code, req.ip);
    if (check.outcome !== 'right') {
      confirmPage(res, {
        typed: { next },
        errors: { code: refuse(res, check, 'This code isn’t right, or it was used before. Wait for the next one.') },
      });
      return;
    }
    stepUp(installation, res, session);
    seeOther(req, res, next);
  });

  return router;
}
