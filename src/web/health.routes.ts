import { Router } from 'express';
import type { Installation } from '../installation.ts';
import { may } from './guard.ts';

/** `/livez`: the process answers. `/readyz`: it can reach its data. Both say nothing else to strangers. */
export function healthRoutes({ control }: Installation): Router {
  const router = Router();
  router.get('/livez', may('public'), (_req, res) => {
    res.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });
  router.get('/readyz', may('public'), (_req, res) => {
    const ready = control.sql.open && control.sql.prepare('SELECT 1').pluck().get() === 1;
    res
      .status(ready ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ status: ready ? 'ok' : 'not ready' });
  });
  return router;
}
