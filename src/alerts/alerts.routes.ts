/** How a member is told that a customer waits, and which other programs are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { deviceOf } from '../accounts/index.ts';
import { once } from '../lib/once.ts';
import { nothingHere, Problem } from '../web/errors.ts';
import { flash } from '../web/flash.ts';
import { publicFolder } from '../web/folders.ts';
import { may } from '../web/guard.ts';
import { idParam, line, parseForm, ticked } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { alertsPage } from './alerts-page.ts';
import { chatRoutes } from './chats.routes.ts';
import { queueHookCalls } from './hook-calls.ts';
import { addHook, hooksOf, removeHook } from './hooks.ts';
import { setMail } from './people.ts';
import { addDevice, removeDevice, subscription } from './push-devices.ts';

const mailForm = z.strictObject({ byMail: ticked() });
const hookForm = z.strictObject({ name: line('The name', 80), url: line('The address', 1000) });
const nothing = z.strictObject({});

export function alertRoutes(): Router {
  const router = Router({ mergeParams: true });
  const own = may('conversation.answer');
  const shared = may('hook.edit');
  router.get('/service-worker.js', may('public'), serveWorker);
  router.get('/w/:workspace/alerts', own, async (_req, res) => {
    const { workspace, user } = here(res);
    render(res, 'alerts/alerts', await alertsPage(workspace, user));
  });
  router.post('/w/:workspace/alerts/mail', own, chooseMail);
  router.post('/w/:workspace/alerts/devices', own, joinDevice);
  router.post('/w/:workspace/alerts/devices/:id/remove', own, leaveDevice);
  router.use(chatRoutes());
  router.get('/w/:workspace/settings/hooks', may('settings.edit'), (_req, res) => hooksPage(res, {}));
  router.post('/w/:workspace/settings/hooks', shared, saveHook);
  router.post('/w/:workspace/settings/hooks/:id/test', may('settings.edit'), testHook);
  router.post('/w/:workspace/settings/hooks/:id/remove', shared, forgetHook);
  return router;
}

const worker = once(() => readFileSync(join(publicFolder, 'service-worker.js')));

/** At the root, since it sees to no more than the folder it comes from; asked for anew at each look, or it could never be mended. */
function serveWorker(_req: Request, res: Response): void {
  res.setHeader('Cache-Control', 'no-cache');
  res.setHeader('Content-Type', 'text/javascript; charset=utf-8');
  res.end(worker());
}

function chooseMail(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const form = parseForm(req, mailForm);
  if (!form.ok) throw new Problem(400, 'Reload the page and choose again.');
  setMail(workspace, user.id, form.values.byMail);
  flash(res, form.values.byMail ? 'You are told by mail.' : 'You are not told by mail any more.');
  seeOther(req, res, `/w/${workspace.id}/alerts`);
}

function joinDevice(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const form = parseForm(req, subscription);
  if (!form.ok) throw new Problem(422, 'Your browser gave no whole address to be told at. Reload the page and try again.');
  addDevice(workspace, user.id, { ...form.values, name: deviceOf(req.get('user-agent') ?? null) });
  flash(res, 'You are told in this browser.');
  seeOther(req, res, `/w/${workspace.id}/alerts`);
}

function leaveDevice(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  parseForm(req, nothing);
  if (!removeDevice(workspace, user.id, idParam(req, 'id'))) throw nothingHere();
  flash(res, 'You are not told in that browser any more.');
  seeOther(req, res, `/w/${workspace.id}/alerts`);
}

interface HookPage {
  typed?: object;
  errors?: Record<string, string>;
  secret?: string;
}

function hooksPage(res: Response, { typed = {}, errors = {}, secret }: HookPage): void {
  const hooks = hooksOf(here(res).workspace);
  const ill = hooks.filter(({ says }) => says !== null).length;
  const told =
    hooks.length === 1 ? 'One program is told when a customer waits.' : `${hooks.length} programs are told when a customer waits.`;
  const line = hooks.length === 0 ? 'No other program is told anything.' : ill > 0 ? 'Not every program takes what it is told.' : told;
  render(res, 'alerts/hooks', { hooks, line, typed, errors, secret });
}

function saveHook(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const form = parseForm(req, hookForm);
  if (!form.ok) {
    res.status(422);
    hooksPage(res, form);
    return;
  }
  try {
    hooksPage(res, { secret: addHook(workspace, { ...form.values, userId: user.id }) });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    res.status(422);
    hooksPage(res, { typed: form.values, errors: { url: error.says } });
  }
}

function testHook(req: Request, res: Response): void {
  const { workspace } = here(res);
  parseForm(req, nothing);
  const id = idParam(req, 'id');
  const hook = hooksOf(workspace).find((each) => each.id === id);
  if (!hook) throw nothingHere();
  workspace.durable(() => queueHookCalls(workspace, 'test', {}, id));
  flash(res, `A test is on its way to ${hook.host}.`);
  seeOther(req, res, `/w/${workspace.id}/settings/hooks`);
}

function forgetHook(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  parseForm(req, nothing);
  if (!removeHook(workspace, idParam(req, 'id'), user.id)) throw nothingHere();
  flash(res, 'It is told nothing any more.');
  seeOther(req, res, `/w/${workspace.id}/settings/hooks`);
}
