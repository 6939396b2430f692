/** When the server or a channel was away, and what came of it. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { flash } from '../../web/flash.ts';
import { around } from '../../web/frame.ts';
import { may } from '../../web/guard.ts';
import { idParam, parseForm } from '../../web/parse.ts';
import { here } from '../../web/present.ts';
import { nothingHere } from '../../web/problem.ts';
import { seeOther } from '../../web/redirect.ts';
import { render } from '../../web/render.ts';
import { dismissOutage } from './dismiss-outage.ts';
import { outageList, outagePage, type Reading } from './outage-page.ts';
import { outageById } from './outages.queries.ts';

const nothing = z.strictObject({});

export function outageRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get('/w/:workspace/outages', may('conversation.read'), (_req, res) =>
    render(res, 'outages/list', outageList(here(res).workspace, readingOf(res))),
  );
  router.get('/w/:workspace/outages/:outage', may('conversation.read'), show);
  router.post('/w/:workspace/outages/:outage/dismiss', may('conversation.answer'), dismiss);
  return router;
}

function readingOf(res: Response): Reading {
  const { workspace } = here(res);
  return { base: `/w/${workspace.id}`, zone: around(res).zone, now: workspace.clock.now() };
}

function show(req: Request, res: Response): void {
  const { workspace } = here(res);
  const outage = outageById(workspace, idParam(req, 'outage'));
  if (!outage) throw nothingHere();
  render(res, 'outages/outage', outagePage(workspace, readingOf(res), outage));
}

function dismiss(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  parseForm(req, nothing);
  if (!dismissOutage(workspace, idParam(req, 'outage'), user.id)) throw nothingHere();
  flash(res, 'Dismissed. It stays under Settings, Waiting times.');
  seeOther(req, res, `/w/${workspace.id}/inbox`);
}
