/** Chats in which a member is told that customers wait. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { leaveChat, listChannels, makeChatLink, setChatWords } from '../channels/index.ts';
import { nothingHere, Problem } from '../web/errors.ts';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { idParam, parseForm, ticked } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { alertsPage } from './alerts-page.ts';

const wordsForm = z.strictObject({ withWords: ticked() });
const linkForm = z.strictObject({ channel: z.coerce.number().int().positive() });
const nothing = z.strictObject({});

export function chatRoutes(): Router {
  const router = Router({ mergeParams: true });
  const own = may('conversation.answer');
  router.post('/w/:workspace/alerts/chats', own, makeLink);
  router.post('/w/:workspace/alerts/chats/:id', own, chooseWords);
  router.post('/w/:workspace/alerts/chats/:id/remove', own, leave);
  return router;
}

async function makeLink(req: Request, res: Response): Promise<void> {
  const { workspace, user } = here(res);
  const form = parseForm(req, linkForm);
  const channel = form.ok ? listChannels(workspace).find(({ id }) => id === form.values.channel) : undefined;
  const url = channel && makeChatLink(workspace, user.id, channel.id);
  if (!url) throw nothingHere();
  render(res, 'alerts/alerts', await alertsPage(workspace, user, { url, bot: channel.name }));
}

function chooseWords(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const form = parseForm(req, wordsForm);
  if (!form.ok) throw new Problem(400, 'Reload the page and choose again.');
  const { withWords } = form.values;
  if (!setChatWords(workspace, user.id, idParam(req, 'id'), withWords)) throw nothingHere();
  flash(res, withWords ? 'Names and last words are told there, too.' : 'No names and no words of customers are told there.');
  seeOther(req, res, `/w/${workspace.id}/alerts`);
}

function leave(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  parseForm(req, nothing);
  if (!leaveChat(workspace, user.id, idParam(req, 'id'))) throw nothingHere();
  flash(res, 'You are not told in that chat any more.');
  seeOther(req, res, `/w/${workspace.id}/alerts`);
}
