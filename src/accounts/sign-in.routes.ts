import { Router, type Request, type RequestHandler, type Response } from 'express';
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
import { emptyForm, secondStepForm, signInForm } from './forms.ts';
import { passkeysOf } from './passkeys/passkeys.ts';
import { siteOf } from './passkeys/site.ts';
import { authenticatorSince } from './second-step/authenticator.ts';
import { checkCode } from './second-step/check-code.ts';
import { asksSecondStep } from './second-step/second-step.ts';
import { awaitSecondStep, endSecondSteps, whoseSecondStep } from './second-step/waiting-sign-ins.ts';

const WRONG = 'This address and this password don’t belong together. Check both; capitals count in the password.';

const TOO_LATE = 'More than ten minutes went by since your password. Give it again, then the code.';
const WRONG_CODE =
  'This code isn’t right, or it was used before. Wait for the next one in your app; if it stays wrong, look at the clock of your phone.';

export function signInPage(installation: Installation, res: Response, shown: object): void {
  render(res, 'accounts/sign-in', { ...shown, site: siteOf(installation) });
}

function signIn(installation: Installation): RequestHandler {
  return async (req, res) => {
    const form = parseForm(req, signInForm, ['password']);
    if (!form.ok) {
      res.status(422);
      signInPage(installation, res, form);
      return;
    }
    const { email, password } = form.values;
    const next = localPath(form.values.next, '/');
    const check = await checkPassword(installation, email, password, req.ip);
    if (check.outcome !== 'right') {
      const says = refuse(res, check, WRONG);
      signInPage(installation, res, { typed: { email, next }, errors: {}, says });
      return;
    }
    if (asksSecondStep(installation, check.userId)) {
      codePage(installation, res, check.userId, { step: awaitSecondStep(installation, check.userId), next, errors: {} });
      return;
    }
    enter(installation, req, res, check.userId, next);
  };
}

/** Begins the session, and goes on where one was. */
export function enter(installation: Installation, req: Request, res: Response, userId: number, next: string): void {
  startSession(installation, req, res, userId);
  seeOther(req, res, `/sign-in/done?next=${encodeURIComponent(next)}`);
}

function codePage(installation: Installation, res: Response, userId: number, shown: object): void {
  const hasApp = authenticatorSince(installation, userId) !== null;
  render(res, 'accounts/second-step', { ...shown, hasApp, hasPasskey: passkeysOf(installation, userId).length > 0 });
}

function giveCode(installation: Installation): RequestHandler {
  return (req, res) => {
    const form = parseForm(req, secondStepForm, ['code']);
    const { step, next: wanted } = form.ok ? form.values : form.typed;
    const next = localPath(wanted, '/');
    const userId = typeof step === 'string' ? whoseSecondStep(installation, step) : undefined;
    if (userId === undefined) {
      res.status(422);
      signInPage(installation, res, { typed: { next }, errors: {}, says: TOO_LATE });
      return;
    }
    const check = form.ok ? checkCode(installation, userId, form.values.code, req.ip) : undefined;
    if (check?.outcome === 'right') {
      endSecondSteps(installation, userId);
      enter(installation, req, res, userId, next);
      return;
    }
    if (!check) res.status(422);
    const says = check ? refuse(res, check, WRONG_CODE) : 'The code is missing.';
    codePage(installation, res, userId, { step, next, errors: { code: says } });
  };
}

export function signInRoutes(installation: Installation): Router {
  const router = Router();
  const slow = limit({ points: 30, seconds: 60 });

  router.get('/sign-in', may('public'), (req, res) => {
    const next = localPath(req.query['next'], '/');
    if (presentOf(res).session) res.redirect(303, next);
    else signInPage(installation, res, { typed: { next }, errors: {} });
  });

  router.post('/sign-in', may('public'), slow, signIn(installation));

  router.post('/sign-in/code', may('public'), slow, giveCode(installation));

  router.get('/sign-in/code', may('public'), (_req, res) => res.redirect(303, '/sign-in'));

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
