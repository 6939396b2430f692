import { Router, type Response } from 'express';
import type { Installation } from '../installation.ts';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { limit } from '../web/limits.ts';
import { idParam, parseForm } from '../web/parse.ts';
import { signedIn } from '../web/present.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { openSessions, revokeOtherSessions, revokeSession, stepUp } from '../web/sessions.ts';
import { accountOf } from './accounts.queries.ts';
import { deviceOf } from './agents.ts';
import { checkPassword } from './check-password.ts';
import { countries } from './choices.ts';
import { changePassword, editAccount, setTheme } from './edit-account.ts';
import { accountForm, emptyForm, passwordForm, themeForm } from './forms.ts';
import { homeOf } from './home.ts';
import { weakness } from './passwords.ts';
import { recoveryCodesLeft } from './second-step/recovery-codes.ts';
import { asksSecondStep } from './second-step/second-step.ts';

interface Shown {
  typed?: object;
  errors?: Record<string, string>;
}

function page(res: Response, { typed, errors = {} }: Shown = {}): void {
  const { installation, user, session } = signedIn(res);
  const account = accountOf(installation, user.id);
  const sessions = openSessions(installation, user.id).map((row) => ({
    ...row,
    device: deviceOf(row.userAgent),
    isThis: row.id === session.id,
  }));
  render(res, 'accounts/account', {
    account,
    typed: typed ?? account,
    errors,
    countries: countries(),
    sessions,
    others: sessions.length - 1,
    asksSecondStep: asksSecondStep(installation, user.id),
    codesLeft: recoveryCodesLeft(installation, user.id),
    home: homeOf(installation, user),
    isOperator: user.isOperator,
    themes: [
      { value: 'system', label: 'As the device' },
      { value: 'light', label: 'Light' },
      { value: 'dark', label: 'Dark' },
    ],
  });
}

function wrong(res: Response, shown: Shown, status = 422): void {
  res.status(status);
  page(res, shown);
}

/** My account: who one is, how one signs in, and where one is signed in. */
export function accountPageRoutes(installation: Installation): Router {
  const router = Router();

  router.get('/account', may('signed-in'), (_req, res) => page(res));

  router.post('/account', may('signed-in'), (req, res) => {
    const form = parseForm(req, accountForm);
    if (!form.ok) return wrong(res, form);
    editAccount(installation, signedIn(res).user.id, form.values);
    flash(res, 'Your details are saved.');
    seeOther(req, res, '/account');
  });

  router.post('/account/theme', may('signed-in'), (req, res) => {
    const form = parseForm(req, themeForm);
    if (!form.ok) return wrong(res, { errors: form.errors });
    setTheme(installation, signedIn(res).user.id, form.values.theme);
    seeOther(req, res, '/account');
  });

  router.post('/account/password', may('signed-in'), limit({ points: 20, seconds: 60 }), async (req, res) => {
    const { user, session } = signedIn(res);
    const form = parseForm(req, passwordForm, ['current', 'password']);
    if (!form.ok) return wrong(res, { errors: form.errors });
    const weak = weakness(form.values.password, [user.email, user.firstName, user.lastName]);
    if (weak !== undefined) return wrong(res, { errors: { password: weak } });
    const check = await checkPassword(installation, user.email, form.values.current, req.ip);
    if (check.outcome === 'wrong') return wrong(res, { errors: { current: 'This isn’t your present password. Capitals count.' } });
    if (check.outcome === 'wait') return wrong(res, { errors: { current: check.says } }, 429);
    await changePassword(installation, user.id, form.values.password);
    const ended = revokeOtherSessions(installation, user.id, session.id);
    stepUp(installation, res, session);
    flash(res, ended > 0 ? 'Your password is changed, and you are signed out everywhere else.' : 'Your password is changed.');
    seeOther(req, res, '/account');
  });

  return router;
}

/** Ends sessions from the list on "My account". */
export function sessionRoutes(installation: Installation): Router {
  const router = Router();

  router.post('/account/sessions/:session/end', may('signed-in'), (req, res) => {
    parseForm(req, emptyForm);
    revokeSession(installation, signedIn(res).user.id, idParam(req, 'session'));
    flash(res, 'That device is signed out.');
    seeOther(req, res, '/account');
  });

  router.post('/account/sessions/end-others', may('signed-in'), (req, res) => {
    parseForm(req, emptyForm);
    const { user, session } = signedIn(res);
    revokeOtherSessions(installation, user.id, session.id);
    flash(res, 'You are signed out everywhere else.');
    seeOther(req, res, '/account');
  });

  return router;
}
