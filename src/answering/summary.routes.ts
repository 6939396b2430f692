/** A conversation summed up for the team, when a member asks for it. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { may } from '../web/guard.ts';
import { idParam, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { answerAside, asked } from './asked.routes.ts';
import { sumUp } from './sum-up.ts';

const nothing = z.strictObject({});

export function summaryRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.post('/w/:workspace/conversations/:id/summary', may('conversation.answer'), show);
  return router;
}

async function show(req: Request, res: Response): Promise<void> {
  parseForm(req, nothing);
  const told = await asked(res, (signal) => sumUp(here(res).workspace, idParam(req, 'id'), signal));
  if (told) answerAside(req, res, told.ok ? null : told.says);
}
