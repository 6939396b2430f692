/** Settings: whether customers are asked how it was, where, and on which scale. */
import { Router, type Response } from 'express';
import { z } from 'zod';
import { flash } from '../../web/flash.ts';
import { may } from '../../web/guard.ts';
import { parseForm } from '../../web/parse.ts';
import { here } from '../../web/present.ts';
import { seeOther } from '../../web/redirect.ts';
import { render } from '../../web/render.ts';
import { editRatingSettings, ratingSettingsOf } from './rating-settings.ts';

const CHOOSE = { error: 'Choose one of those offered.' };
const id = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, CHOOSE)
  .transform(Number);
const form = z.strictObject({
  scale: z.enum(['thumbs', 'stars'], CHOOSE),
  asks: z.union([z.array(id), id.transform((one) => [one])], CHOOSE).default([]),
});

const SCALES = [
  { value: 'thumbs', label: '👍 or 👎' },
  { value: 'stars', label: '1 to 5' },
];

export function ratingRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get('/w/:workspace/settings/rating', may('settings.edit'), (_req, res) => page(res));
  router.post('/w/:workspace/settings/rating', may('settings.edit'), (req, res) => {
    const { workspace, user } = here(res);
    const read = parseForm(req, form);
    if (!read.ok) {
      res.status(422);
      page(res, read.errors);
      return;
    }
    editRatingSettings(workspace, user.id, read.values);
    flash(res, 'Rating is saved.');
    seeOther(req, res, `/w/${workspace.id}/settings/rating`);
  });
  return router;
}

function page(res: Response, errors: Record<string, string> = {}): void {
  render(res, 'settings/rating', { ...ratingSettingsOf(here(res).workspace), scales: SCALES, errors });
}
