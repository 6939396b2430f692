import type { Request, Response } from 'express';
import { idParam } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { Problem } from '../web/problem.ts';
import { editedBot, type EditedBot } from './bots.queries.ts';

/** The bot of an address; 404 when there is none, or it was archived. */
export function botOf(req: Request, res: Response): EditedBot {
  const bot = editedBot(here(res).workspace, idParam(req, 'bot'));
  if (!bot) throw new Problem(404, 'There is no such bot here. It may have been archived.');
  return bot;
}
