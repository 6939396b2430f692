import { Router, type Request, type RequestHandler, type Response } from 'express';
import type { Installation } from '../installation.ts';
import { Problem } from '../web/errors.ts';
import { may } from '../web/guard.ts';
import { limit } from '../web/limits.ts';
import { parseForm } from '../web/parse.ts';
import { presentOf } from '../web/present.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { startSession } from '../web/sessions.ts';
import { countries, currencies, languages, timezones } from './choices.ts';
import { createOwner } from './create-owner.ts';
import { setupForm } from './forms.ts';
import { weakness } from './passwords.ts';
import { homeOf } from './home.ts';
import { isSetUp, setupTokenHolds } from './setup-link.ts';

const NOT_THIS_LINK = 'This set-up link has ended: each start of the server prints a new one. Open the last one that stands in its output.';

/** What a browser lets on about where somebody is; every field can be changed. */
function guess(req: Request): { language: string; timezone: string; currency: string; country: string } {
  const [wanted] = req.acceptsLanguages();
  const locale = wanted === undefined || wanted === '*' ? undefined : new Intl.Locale(wanted);
  const language = languages().find(({ value }) => value === locale?.language)?.value ?? 'en';
  const country = countries().find(({ value }) => value === locale?.region)?.value ?? '';
  return {
    language,
    country,
    timezone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    currency: country === 'US' ? 'USD' : country === 'GB' ? 'GBP' : 'EUR',
  };
}

function page(res: Response, token: string, typed: object, errors: Record<string, string> = {}): void {
  render(res, 'accounts/setup', {
    token,
    typed,
    errors,
    languages: languages(),
    timezones: timezones(),
    currencies: currencies(),
    countries: countries(),
  });
}

function setUp(installation: Installation): RequestHandler {
  return async (req, res) => {
    const form = parseForm(req, setupForm, ['password', 'token']);
    const token: unknown = (req.body as Record<string, unknown>)['token'];
    if (typeof token !== 'string' || !setupTokenHolds(installation, token))
      throw new Problem(410, isSetUp(installation) ? 'This Deskbell is set up already. Sign in instead.' : NOT_THIS_LINK);
    const problem = form.ok
      ? weakness(form.values.password, [form.values.email, form.values.firstName, form.values.lastName, form.values.businessName])
      : undefined;
    if (!form.ok || problem !== undefined) {
      res.status(422);
      page(res, token, form.ok ? withoutPassword(form.values) : form.typed, form.ok ? { password: problem ?? '' } : form.errors);
      return;
    }
    const { token: _token, age: _age, businessName, language, timezone, currency, ...person } = form.values;
    const made = await createOwner(installation, person, { name: businessName, language, timezone, currency }, token);
    if (made.outcome === 'already') throw new Problem(410, 'This Deskbell was set up a moment ago. Sign in instead.');
    startSession(installation, req, res, made.userId);
    seeOther(req, res, `/w/${made.workspaceId}/setup`);
  };
}

export function setupRoutes(installation: Installation): Router {
  const router = Router();
  const slow = limit({ points: 20, seconds: 60 });

  router.get('/', may('public'), (_req, res) => {
    const { user } = presentOf(res);
    if (user) res.redirect(303, homeOf(installation, user));
    else if (isSetUp(installation)) res.redirect(303, '/sign-in');
    else render(res, 'accounts/not-set-up');
  });

  router.get('/setup', may('public'), slow, (req, res) => {
    if (isSetUp(installation)) {
      res.redirect(303, '/');
      return;
    }
    const { token } = req.query;
    if (typeof token !== 'string' || !setupTokenHolds(installation, token)) throw new Problem(410, NOT_THIS_LINK);
    page(res, token, guess(req));
  });

  router.post('/setup', may('public'), slow, setUp(installation));

  return router;
}

function withoutPassword<T extends { password: string }>({ password: _password, ...rest }: T): Omit<T, 'password'> {
  return rest;
}
