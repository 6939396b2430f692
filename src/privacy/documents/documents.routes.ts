/** What anybody may read of how data is kept, and where it goes. */
import { Router } from 'express';
import { may } from '../../web/guard.ts';
import { here } from '../../web/present.ts';
import { render } from '../../web/render.ts';
import { cookiesPage } from '../cookies.ts';
import { recipientsPage } from './recipients-page.ts';
import { recipientsOf } from './state.ts';

export function documentRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get('/cookies', may('public'), (_req, res) => render(res, 'privacy/cookies', cookiesPage(), { layout: 'public' }));
  router.get('/w/:workspace/privacy/recipients', may('privacy.read'), (_req, res) =>
    render(res, 'privacy/recipients', recipientsPage(here(res).workspace)),
  );
  router.get('/w/:workspace/privacy/recipients.json', may('privacy.read'), (_req, res) => {
    res.json({ recipients: recipientsOf(here(res).workspace) });
  });
  return router;
}
