import { Router, type Request, type Response } from 'express';
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
import { deviceOf } from '../agents.ts';
import { auditWhereMember } from '../audit-in.ts';
import { codeForm, emptyForm } from '../forms.ts';
import { passkeysOf } from '../passkeys/passkeys.ts';
import { siteOf } from '../passkeys/site.ts';
import {
  authenticatorSince,
  beginAuthenticator,
  confirmAuthenticator,
  removeAuthenticator,
  waitingAuthenticator,
} from './authenticator.ts';
import { newRecoveryCodes, recoveryCodesLeft } from './recovery-codes.ts';
import { asksSecondStep } from './second-step.ts';

const PAGE = '/account/second-step';
const WRONG =
  'This isn’t the code that belongs to the picture. Type the one your app shows now; if it stays wrong, look at the clock of your phone.';

interface Shown {
  /** Recovery codes just made; shown this once. */
  codes?: string[];
  typed?: object;
  errors?: Record<string, string>;
}

/** All second steps of who is signed in: app, passkeys, recovery codes. */
export function secondStepPage(res: Response, { codes, typed, errors = {} }: Shown = {}): void {
  const { installation, user } = signedIn(res);
  const waiting = waitingAuthenticator(installation, user);
  render(res, 'accounts/authenticator', {
    onSince: authenticatorSince(installation, user.id),
    left: recoveryCodesLeft(installation, user.id),
    isOn: asksSecondStep(installation, user.id),
    waiting: waiting && { ...waiting, svg: qrSvg(waiting.address) },
    passkeys: passkeysOf(installation, user.id),
    site: siteOf(installation),
    typed: typed ?? { name: deviceOf(res.req.get('User-Agent') ?? null) },
    codes,
    codesText: codes?.join('\n'),
    file:
      codes && `data:text/plain;charset=utf-8,${encodeURIComponent(`Deskbell, recovery codes of ${user.email}\n\n${codes.join('\n')}\n`)}`,
    errors,
  });
}

/** No redirect: the codes are in this answer alone. The session goes on under another token, which the page's forms need to know. */
function showCodes(res: Response, codes: string[]): void {
  const { installation, session, user } = signedIn(res);
  const token = stepUp(installation, res, session);
  setPresent(res, { installation, user, session: { ...session, token } });
  secondStepPage(res.status(201), { codes });
}

/** A step was added: whoever signed in with the password alone may be somebody else. The first one comes with recovery codes. */
export function stepAdded(
  req: Request,
  res: Response,
  { action, codes, says }: { action: string; codes: string[] | undefined; says: string },
): void {
  const { installation, user, session } = signedIn(res);
  auditWhereMember(installation, user.id, action);
  revokeOtherSessions(installation, user.id, session.id);
  if (codes) {
    showCodes(res, codes);
    return;
  }
  stepUp(installation, res, session);
  flash(res, says);
  seeOther(req, res, PAGE);
}

/** The second step of one's own sign-in. All of it asks for the password again: who finds an open desk changes nothing here. */
export function secondStepRoutes(installation: Installation): Router {
  const router = Router();

  router.get(PAGE, may('stepped-up'), (_req, res) => secondStepPage(res));

  router.post(`${PAGE}/app`, may('stepped-up'), (req, res) => {
    parseForm(req, emptyForm);
    beginAuthenticator(installation, signedIn(res).user.id);
    seeOther(req, res, PAGE);
  });

  router.post(`${PAGE}/app/confirm`, may('stepped-up'), limit({ points: 20, seconds: 60 }), (req, res) => confirmApp(req, res));

  router.post(`${PAGE}/codes`, may('stepped-up'), (req, res) => {
    parseForm(req, emptyForm);
    const { user } = signedIn(res);
    if (!asksSecondStep(installation, user.id)) throw new Problem(409, 'The second step is off. Set it up first.');
    const codes = installation.control.durable(() => newRecoveryCodes(installation, user.id));
    auditWhereMember(installation, user.id, 'recovery-codes.made');
    showCodes(res, codes);
  });

  router.post(`${PAGE}/app/off`, may('stepped-up'), (req, res) => {
    parseForm(req, emptyForm);
    const { user, session } = signedIn(res);
    removeAuthenticator(installation, user.id);
    auditWhereMember(installation, user.id, 'second-step.turned-off');
    stepUp(installation, res, session);
    flash(res, 'The app is not asked any more.');
    seeOther(req, res, '/account');
  });

  return router;
}

function confirmApp(req: Request, res: Response): void {
  const { installation, user } = signedIn(res);
  const form = parseForm(req, codeForm, ['code']);
  const done = form.ok ? confirmAuthenticator(installation, user.id, form.values.code) : undefined;
  if (done?.outcome !== 'confirmed') {
    secondStepPage(res.status(422), { errors: form.ok ? { code: WRONG } : form.errors });
    return;
  }
  stepAdded(req, res, { action: 'second-step.turned-on', codes: done.codes, says: 'The app is asked at each sign-in from now on.' });
}
