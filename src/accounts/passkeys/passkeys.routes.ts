import { Router, type Request, type Response } from 'express';
import type { Installation } from '../../installation.ts';
import { flash } from '../../web/flash.ts';
import { may } from '../../web/guard.ts';
import { limit } from '../../web/limits.ts';
import { idParam, parseForm } from '../../web/parse.ts';
import { presentOf, signedIn } from '../../web/present.ts';
import { Problem } from '../../web/problem.ts';
import { localPath, seeOther } from '../../web/redirect.ts';
import { stepUp } from '../../web/sessions.ts';
import { auditWhereMember } from '../audit-in.ts';
import { confirmPage } from '../confirm.routes.ts';
import { emptyForm } from '../forms.ts';
import { secondStepPage, stepAdded } from '../second-step/second-step.routes.ts';
import { endSecondSteps } from '../second-step/waiting-sign-ins.ts';
import { enter, signInPage } from '../sign-in.routes.ts';
import { addForm, answerForm } from './answers.ts';
import type { Purpose } from './challenges.ts';
import { addPasskey, newPasskeyOptions, passkeyOptions, removePasskey, whoseAnswer } from './passkeys.ts';
import { siteOf, type Site } from './site.ts';

const PAGE = '/account/second-step';
const REFUSED = 'This passkey isn’t known here, or it was asked too long ago. Try it again, or use your password.';

/** Passkeys: added and removed in one's account, and used to sign in or to confirm that it is oneself. */
export function passkeyRoutes(installation: Installation): Router {
  const router = Router();
  const slow = limit({ points: 30, seconds: 60 });

  router.post('/sign-in/passkey/options', may('public'), slow, (req, res) => giveOptions(req, res, () => 'sign-in'));
  router.post('/sign-in/passkey', may('public'), slow, signIn);

  router.post('/account/confirm/passkey/options', may('signed-in'), slow, (req, res) =>
    giveOptions(req, res, () => `confirm ${signedIn(res).user.id}`),
  );
  router.post('/account/confirm/passkey', may('signed-in'), slow, confirm);

  router.post(`${PAGE}/passkeys/options`, may('stepped-up'), slow, async (req, res) => {
    parseForm(req, emptyForm);
    res.json(await newPasskeyOptions(installation, site(res), signedIn(res).user));
  });
  router.post(`${PAGE}/passkeys`, may('stepped-up'), slow, add);
  router.post(`${PAGE}/passkeys/:passkey/remove`, may('stepped-up'), remove);

  return router;
}

function site(res: Response): Site {
  const found = siteOf(presentOf(res).installation);
  if (!found) throw new Problem(409, 'Passkeys need this server to have a name and https. Sign in with your password.');
  return found;
}

async function giveOptions(req: Request, res: Response, purpose: () => Purpose): Promise<void> {
  parseForm(req, emptyForm);
  res.json(await passkeyOptions(presentOf(res).installation, site(res), purpose()));
}

async function signIn(req: Request, res: Response): Promise<void> {
  const { installation } = presentOf(res);
  const form = parseForm(req, answerForm, ['answer']);
  const next = localPath(form.ok ? form.values.next : form.typed['next'], '/');
  const userId = form.ok ? await whoseAnswer(installation, site(res), 'sign-in', form.values.answer) : undefined;
  if (userId === undefined) {
    res.status(422);
    signInPage(installation, res, { typed: { next }, errors: {}, says: REFUSED });
    return;
  }
  endSecondSteps(installation, userId);
  enter(installation, req, res, userId, next);
}

async function confirm(req: Request, res: Response): Promise<void> {
  const { installation, user, session } = signedIn(res);
  const form = parseForm(req, answerForm, ['answer']);
  const next = localPath(form.ok ? form.values.next : form.typed['next'], '/');
  const userId = form.ok ? await whoseAnswer(installation, site(res), `confirm ${user.id}`, form.values.answer) : undefined;
  if (userId !== user.id) {
    confirmPage(res.status(422), { typed: { next }, errors: {}, says: REFUSED });
    return;
  }
  stepUp(installation, res, session);
  seeOther(req, res, next);
}

async function add(req: Request, res: Response): Promise<void> {
  const { installation, user } = signedIn(res);
  const form = parseForm(req, addForm, ['answer']);
  if (!form.ok) {
    secondStepPage(res.status(422), { typed: form.typed, errors: { name: form.errors['name'] ?? form.errors['answer'] ?? '' } });
    return;
  }
  const added = await addPasskey(installation, site(res), user.id, form.values);
  if (added.outcome === 'refused')
    throw new Problem(422, 'This passkey couldn’t be taken. Go back and try it again.', { cause: added.cause });
  stepAdded(req, res, { action: 'passkey.added', codes: added.codes, says: 'The passkey is added.' });
}

function remove(req: Request, res: Response): void {
  const { installation, user, session } = signedIn(res);
  parseForm(req, emptyForm);
  if (!removePasskey(installation, user.id, idParam(req, 'passkey'))) throw new Problem(404, 'This passkey is gone already.');
  auditWhereMember(installation, user.id, 'passkey.removed');
  stepUp(installation, res, session);
  flash(res, 'The passkey is removed. Delete it on the device, too.');
  seeOther(req, res, PAGE);
}
