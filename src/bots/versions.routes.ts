import { Router, type Request, type Response } from 'express';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { idParam } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { Problem } from '../web/problem.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { botOf } from './bot-of.routes.ts';
import { versionNumbered, type BotVersion } from './bot-versions.ts';
import { differencesBetween } from './bots.queries.ts';
import { rollBack } from './roll-back.ts';
import { runIds, trialOf } from './trials.queries.ts';
import { historyOf, lineOfHistory, lineOfVersion } from './versions.queries.ts';

function versionOf(req: Request, res: Response): BotVersion {
  const version = versionNumbered(here(res).workspace, botOf(req, res).id, idParam(req, 'number'));
  if (!version) throw new Problem(404, 'There is no such version of this bot.');
  return version;
}

function showVersion(req: Request, res: Response, trouble?: string): void {
  const bot = botOf(req, res);
  const version = versionOf(req, res);
  const differences = bot.live ? differencesBetween(here(res).workspace, version, bot.live) : [];
  const line = lineOfVersion(bot, version.number, differences.length);
  render(res, 'bots/version', { bot, version, differences, line, trouble, isLive: version.number === bot.live?.number });
}

function goBack(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const { id, live } = botOf(req, res);
  const { number } = versionOf(req, res);
  const { version, problems } = rollBack(workspace, { botId: id, number, userId: user.id });
  if (problems) {
    res.status(422);
    showVersion(req, res, Object.values(problems)[0]);
    return;
  }
  const versions = `/w/${workspace.id}/bots/${id}/versions`;
  if (version.number === live?.number) flash(res, `What version ${number} holds is live already.`);
  else
    flash(
      res,
      `Version ${version.number} is live. It holds what version ${number} held.`,
      live ? { undo: `${versions}/${live.number}/live` } : {},
    );
  seeOther(req, res, versions);
}

/** A bot's history, the way back to an earlier version, and its draft beside what is live. */
export function versionRoutes(): Router {
  const router = Router({ mergeParams: true });

  router.get('/w/:workspace/bots/:bot/versions', may('bot.edit'), (req, res) => {
    const bot = botOf(req, res);
    const before = Number(req.query['before']);
    const history = historyOf(here(res).workspace, bot, Number.isSafeInteger(before) && before > 0 ? before : undefined);
    render(res, 'bots/history', { bot, ...history, line: lineOfHistory(bot) });
  });

  router.get('/w/:workspace/bots/:bot/versions/:number', may('bot.edit'), (req, res) => showVersion(req, res));

  router.post('/w/:workspace/bots/:bot/versions/:number/live', may('bot.edit'), goBack);

  router.get('/w/:workspace/bots/:bot/compare', may('bot.edit'), (req, res) => {
    const bot = botOf(req, res);
    const runs = runIds(req.query['runs']);
    const trial = trialOf(here(res).workspace, bot.id, runs);
    render(res, 'bots/compare', { bot, trial, last: trial.at(-1), runs: runs.join(',') });
  });

  return router;
}
