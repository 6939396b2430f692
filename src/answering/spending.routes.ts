/** What answers cost and what they may: by bot and day, with a forecast, and as CSV. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { BOM, csvLine, CSV_TYPE } from '../lib/csv.ts';
import { budgetForm, EVERYTHING, setBudget, spentBetween, todayOf } from '../providers/index.ts';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { nothingHere, Problem } from '../web/problem.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { READING, spendingPage } from './spending-page.ts';
import { botNames } from './spending.queries.ts';

const form = budgetForm.extend({ bot: z.coerce.number().int().min(0) });
const day = z.iso.date().nullable().catch(null);

export function spendingRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get('/w/:workspace/spending', may('key.read'), (req, res) => {
    render(res, 'answering/spending', spendingPage(here(res).workspace, day.parse(req.query['day'] ?? null)));
  });
  router.get('/w/:workspace/spending.csv', may('key.read'), download);
  router.post('/w/:workspace/spending/budgets', may('bot.edit'), saveBudget);
  return router;
}

function saveBudget(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const parsed = parseForm(req, form);
  if (!parsed.ok) throw new Problem(400, 'Reload the page and set the budget again.');
  const { bot, ...typed } = parsed.values;
  if (bot !== EVERYTHING && !botNames(workspace).has(bot)) throw nothingHere();
  const done = setBudget(workspace, bot, typed, user.id);
  if (!done.ok) {
    res.status(422);
    render(res, 'answering/spending', spendingPage(workspace, null, { botId: bot, typed, errors: done.errors }));
    return;
  }
  flash(res, 'The budget counts from now on.');
  seeOther(req, res, `/w/${workspace.id}/spending`);
}

/** This year by day and bot, its numbers bare: money in whole units of the business's currency. */
function download(_req: Request, res: Response): void {
  const { workspace } = here(res);
  const { day: last, currency } = todayOf(workspace);
  const names = botNames(workspace);
  const lines = spentBetween(workspace, `${last.slice(0, 4)}-01-01`, last).map(({ day, botId, spent, calls, unpriced }) =>
    csvLine([
      day,
      botId === EVERYTHING ? `Everything, with ${READING.toLowerCase()}` : (names.get(botId)?.name ?? ''),
      spent / 1_000_000,
      calls,
      unpriced,
    ]),
  );
  res
    .attachment(`Spending ${last.slice(0, 4)}.csv`)
    .type(CSV_TYPE)
    .setHeader('Cache-Control', 'no-store');
  res.send(BOM + csvLine(['Day', 'Bot', `Spent, ${currency}`, 'Calls', 'Calls of unknown price']) + lines.join(''));
}
