/** Settings: when people are there, and what customers are told while they aren't. */
import { Router, type Response } from 'express';
import { flash } from '../../web/flash.ts';
import { may } from '../../web/guard.ts';
import { parseForm } from '../../web/parse.ts';
import { here } from '../../web/present.ts';
import { seeOther } from '../../web/redirect.ts';
import { render } from '../../web/render.ts';
import { zoneOf } from '../../web/zones.ts';
import { DAYS, hoursForm, typedHours } from './hours-form.ts';
import { awayNow, editHours, hoursOf } from './hours.ts';

export function hoursRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get('/w/:workspace/settings/hours', may('settings.edit'), (_req, res) => page(res, typedHours(hoursOf(here(res).workspace))));
  router.post('/w/:workspace/settings/hours', may('settings.edit'), (req, res) => {
    const { workspace, user } = here(res);
    const read = parseForm(req, hoursForm);
    if (!read.ok) {
      res.status(422);
      page(res, read.typed, read.errors);
      return;
    }
    editHours(workspace, user.id, read.values);
    flash(res, 'The opening hours are saved.');
    seeOther(req, res, `/w/${workspace.id}/settings/hours`);
  });
  return router;
}

function page(res: Response, typed: Record<string, unknown>, errors: Record<string, string> = {}): void {
  const { workspace } = here(res);
  const timezone = workspace.prepare('SELECT timezone FROM business WHERE id = 1').pluck().get() as string;
  const away = awayNow(workspace);
  const inUse = hoursOf(workspace).inUse;
  render(res, 'settings/hours', {
    typed,
    errors,
    timezone: timezone.replaceAll('_', ' '),
    days: DAYS.map((label, at) => ({ label, name: `day${at}`, value: typed[`day${at}`], error: errors[`day${at}`] })),
    now: !inUse
      ? null
      : !away
        ? 'Open now.'
        : away.until === null
          ? 'Closed now.'
          : `Closed now. Opens ${zoneOf(timezone).full(away.until)}.`,
  });
}
