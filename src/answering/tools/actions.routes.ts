/** A person says yes or no to what a bot wants to do. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { nothingHere } from '../../web/errors.ts';
import { flash } from '../../web/flash.ts';
import { may } from '../../web/guard.ts';
import { idParam, parseForm } from '../../web/parse.ts';
import { here } from '../../web/present.ts';
import { seeOther } from '../../web/redirect.ts';
import { fragment } from '../../web/render.ts';
import { wantsFragment } from '../../web/wants.ts';
import { decideAction } from './ask-for-action.ts';

const nothing = z.strictObject({});

export function actionRoutes(): Router {
  const router = Router({ mergeParams: true });
  const answer = may('conversation.answer');
  router.post('/w/:workspace/conversations/:id/actions/:action/approve', answer, (req, res) => settle(req, res, true));
  router.post('/w/:workspace/conversations/:id/actions/:action/decline', answer, (req, res) => settle(req, res, false));
  return router;
}

/** The page's own stream shows what becomes of it; without a script the page is shown again. */
function settle(req: Request, res: Response, approve: boolean): void {
  parseForm(req, nothing);
  const { workspace, user } = here(res);
  const conversationId = idParam(req, 'id');
  const decided = decideAction(workspace, { callId: idParam(req, 'action'), conversationId, approve, userId: user.id });
  if (!decided) throw nothingHere();
  if (wantsFragment(req)) {
    if (decided.ok) res.status(204).end();
    else fragment(res, 'inbox/_toast', { says: decided.says });
    return;
  }
  if (!decided.ok) flash(res, decided.says);
  seeOther(req, res, `/w/${workspace.id}/conversations/${conversationId}`);
}
