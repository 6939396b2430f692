import { Router, type Response } from 'express';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { currencies, languages, timezones } from './choices.ts';
import { businessOf, editBusiness } from './edit-business.ts';
import { businessForm } from './forms.ts';

function page(res: Response, typed: object, errors: Record<string, string> = {}): void {
  render(res, 'settings/business', { typed, errors, languages: languages(), timezones: timezones(), currencies: currencies() });
}

/** Settings: the business as its customers and bots know it. */
export function settingsRoutes(): Router {
  const router = Router({ mergeParams: true });

  router.get('/w/:workspace/settings', may('settings.edit'), (_req, res) => page(res, businessOf(here(res).workspace)));

  router.post('/w/:workspace/settings', may('settings.edit'), (req, res) => {
    const { workspace, user } = here(res);
    const form = parseForm(req, businessForm);
    if (!form.ok) {
      res.status(422);
      page(res, form.typed, form.errors);
      return;
    }
    editBusiness(workspace, user.id, form.values);
    flash(res, 'The business is saved.');
    seeOther(req, res, `/w/${workspace.id}/settings`);
  });

  return router;
}
