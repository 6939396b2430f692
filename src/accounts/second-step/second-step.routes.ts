import { Router, type Response } from 'express';
import type { Installation } from '../../installation.ts';
import { qrSvg } from '../../lib/qr.ts';
import { flash } from '../../web/flash.ts';
import { may } from '../../web/guard.ts';
import { limit } from '../../web/limits.ts';
import { parseForm } from '../../web/parse.ts';
import { setPresent, signedIn } from '../../web/present.ts';
import { Problem } from '../../web/problem.ts';
import { seeOther } from '../../web/redirect.ts';
import { render } from '../../web/render.ts';
import { revokeOtherSessions, stepUp } from '../../web/sessions.ts';
import { auditWhereMember } from '../audit-in.ts';
import { codeForm, emptyForm } from '../forms.ts';
import {
  authenticatorSince,
  beginAuthenticator,
  confirmAuthenticator,
  removeAuthenticator,
  waitingAuthenticator,
} from './authenticator.ts';
import { newRecoveryCodes, recoveryCodesLeft } from './recovery-codes.ts';

const PAGE = '/account/second-step';
const WRONG =
  'This isn’t the code that belongs to the picture. Type the one your app shows now; if it stays wrong, look at the clock of your phone.';

function page(res: Response, { codes, errors = {} }: { codes?: string[]; errors?: Record<string, string> } = {}): void {
  const { installation, user } = signedIn(res);
  const waiting = waitingAuthenticator(installation, user);
  render(res, 'accounts/authenticator', {
    onSince: authenticatorSince(installation, user.id),
    left: recoveryCodesLeft(installation, user.id),
    waiting: waiting && { ...waiting, svg: qrSvg(waiting.address) },
    codes,
    codesText: codes?.join('\n'),
    file:
      codes && `data:text/plain;charset=utf-8,${encodeURIComponent(`Deskbell, recovery codes of ${user.email}\n\n${codes.join('\n')}\n`)}`,
    errors,
  });
}

/** The second step of one's own sign-in. All of it asks for the password again: who finds an open desk changes nothing here. */
export function secondStepRoutes(installation: Installation): Router {
  const router = Router();

  router.get(PAGE, may('stepped-up'), (_req, res) => page(res));

  router.post(`${PAGE}/app`, may('stepped-up'), (req, res) => {
    parseForm(req, emptyForm);
    beginAuthenticator(installation, signedIn(res).user.id);
    seeOther(req, res, PAGE);
  });

  router.post(`${PAGE}/app/confirm`, may('stepped-up'), limit({ points: 20, seconds: 60 }), (req, res) => {
    const { user, session } = signedIn(res);
    const form = parseForm(req, codeForm, ['code']);
    const codes = form.ok ? confirmAuthenticator(installation, user.id, form.values.code) : undefined;
    if (!codes) {
      page(res.status(422), { errors: form.ok ? { code: WRONG } : form.errors });
      return;
    }
    auditWhereMember(installation, user.id, 'second-step.turned-on');
    // Sessions that were begun with the password alone may be somebody else's.
    revokeOtherSessions(installation, user.id, session.id);
    showCodes(installation, res, codes);
  });

  router.post(`${PAGE}/codes`, may('stepped-up'), (req, res) => {
    parseForm(req, emptyForm);
    const { user } = signedIn(res);
    if (authenticatorSince(installation, user.id) === null) throw new Problem(409, 'The second step is off. Set it up first.');
    const codes = installation.control.durable(() => newRecoveryCodes(installation, user.id));
    auditWhereMember(installation, user.id, 'recovery-codes.made');
    showCodes(installation, res, codes);
  });

  router.post(`${PAGE}/app/off`, may('stepped-up'), (req, res) => {
    parseForm(req, emptyForm);
    const { user, session } = signedIn(res);
    removeAuthenticator(installation, user.id);
    auditWhereMember(installation, user.id, 'second-step.turned-off');
    stepUp(installation, res, session);
    flash(res, 'The second step is off. Your password alone signs you in.');
    seeOther(req, res, '/account');
  });

  return router;
}

/** No redirect: the codes are in this answer alone. The session goes on under another token, which the page's forms need to know. */
function showCodes(installation: Installation, res: Response, codes: string[]): void {
  const { session, user } = signedIn(res);
  const token = stepUp(installation, res, session);
  setPresent(res, { installation, user, session: { ...session, token } });
  page(res.status(201), { codes });
}
