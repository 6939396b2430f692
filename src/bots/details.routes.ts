/** The tab of the details that a bot asks for. */
import { Router, type Request, type Response } from 'express';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { botOf } from './bot-of.routes.ts';
import { leadChoices, leadForm } from './lead-form.ts';
import { saveDraft } from './save-draft.ts';
import { runIds, trialOf, whos } from './trials.queries.ts';

const PATH = '/w/:workspace/bots/:bot/details';

export function detailRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get(PATH, may('bot.edit'), (req, res) => show(req, res));
  router.post(PATH, may('bot.edit'), save);
  return router;
}

function show(req: Request, res: Response, sent?: { typed: Record<string, unknown>; errors: Record<string, string> }): void {
  const { workspace } = here(res);
  const bot = botOf(req, res);
  const trial = trialOf(workspace, bot.id, runIds(req.query['runs']));
  const who = whos.find((each) => each === req.query['who']) ?? 'draft';
  const playground = { who, trial, last: trial.at(-1), runs: runIds(req.query['runs']).join(',') };
  const choices = leadChoices(workspace, bot.draft.settings.leads, sent?.typed);
  render(res, 'bots/details', { bot, part: 'details', errors: sent?.errors ?? {}, ...choices, ...playground });
}

function save(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const bot = botOf(req, res);
  const read = parseForm(req, leadForm(workspace));
  if (!read.ok) {
    res.status(422);
    show(req, res, read);
    return;
  }
  saveDraft(workspace, { botId: bot.id, changes: read.values, userId: user.id });
  flash(res, 'Saved in the draft. Customers are asked once it is published.');
  seeOther(req, res, `/w/${workspace.id}/bots/${bot.id}/details`);
}
