/** How an answer in the inbox was made. It lies here since runs do; the conversation's page only links to it. */
import { Router } from 'express';
import { nothingHere } from '../web/errors.ts';
import { may } from '../web/guard.ts';
import { idParam } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { render } from '../web/render.ts';
import { runPage } from './run-page.ts';
import { runView } from './run.queries.ts';

export function runRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get('/w/:workspace/conversations/:id/runs/:run', may('conversation.read'), (req, res) => {
    const { workspace } = here(res);
    const conversationId = idParam(req, 'id');
    const run = runView(workspace, idParam(req, 'run'));
    if (run?.conversationId !== conversationId) throw nothingHere();
    render(res, 'answering/run', { ...runPage(run), backTo: 'Conversation', back: `/w/${workspace.id}/conversations/${conversationId}` });
  });
  // Of tests and their judges: asked in no conversation.
  router.get('/w/:workspace/bots/:bot/runs/:run', may('bot.edit'), (req, res) => {
    const { workspace } = here(res);
    const botId = idParam(req, 'bot');
    const run = runView(workspace, idParam(req, 'run'));
    if (!run || run.botId !== botId || run.conversationId !== null) throw nothingHere();
    render(res, 'answering/run', { ...runPage(run), backTo: `Tests of ${run.botName}`, back: `/w/${workspace.id}/bots/${botId}/tests` });
  });
  return router;
}
