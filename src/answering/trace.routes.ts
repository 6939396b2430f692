/** A message's trace: its whole way, from the customer's hand to the receipt of the answer. */
import { Router } from 'express';
import { nothingHere } from '../web/errors.ts';
import { around } from '../web/frame.ts';
import { may } from '../web/guard.ts';
import { idParam } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { render } from '../web/render.ts';
import { tracePage } from './trace-page.ts';
import { traceOf } from './trace.queries.ts';

export function traceRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get('/w/:workspace/messages/:id/trace', may('conversation.read'), (req, res) => {
    const { workspace } = here(res);
    const trace = traceOf(workspace, idParam(req, 'id'));
    if (!trace) throw nothingHere();
    const { answersThrough, author } = trace.message;
    // An answer's way is that of the question, told once.
    if (author === 'bot' && answersThrough !== null) res.redirect(303, `/w/${workspace.id}/messages/${answersThrough}/trace`);
    else render(res, 'answering/trace', { ...tracePage(workspace, trace, around(res).zone) });
  });
  return router;
}
