/** What anybody may read of how data is kept, and where it goes. */
import { Router } from 'express';
import { may } from '../../web/guard.ts';
import { render } from '../../web/render.ts';
import { cookiesPage } from '../cookies.ts';

export function documentRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get('/cookies', may('public'), (_req, res) => render(res, 'privacy/cookies', cookiesPage(), { layout: 'public' }));
  return router;
}
