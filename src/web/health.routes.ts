import { Router } from 'express';
import type { Installation } from '../installation.ts';
import { may } from './guard.ts';

/** `/livez`: the process answers. `/readyz`: it can reach its data and has room to store more. Both say nothing else to strangers. */
export function healthRoutes(installation: Installation): Router {
  const router = Router();
  router.get('/livez', may('public'), (_req, res) => {
    res.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });
  router.get('/readyz', may('public'), (_req, res) => {
    const ready = installation.control.works() && installation.space.room !== 'none';
    res
      .status(ready ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ status: ready ? 'ok' : 'not ready' });
  });
  return router;
}
