/** The pages of insights: the dashboard, and unanswered questions: gathered, grouped, answered once for all. */
import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { NoSource } from '../knowledge/index.ts';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { idParam, longText, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { nothingHere } from '../web/problem.ts';
import { seeOther } from '../web/redirect.ts';
import { fragment, render } from '../web/render.ts';
import { wantsFragment } from '../web/wants.ts';
import type { Workspace } from '../workspace.ts';
import { addWording, approveAnswer, LONGEST, takeBackAnswer } from './approve-answer.ts';
import { dashboardRoutes } from './dashboard.routes.ts';
import { foundPart, gapList, gapPage, type Form } from './gap-page.ts';
import { NoGap } from './groups.ts';
import { holdsMask } from './mask.ts';
import { moveGap } from './move-gap.ts';
import { testOriginRoutes } from './tests.routes.ts';
import { dismissGroup, restoreGroup } from './settle-group.ts';

const address = z.object({
  tab: z.enum(['open', 'answered', 'dismissed']).catch('open'),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});
const part = (name: string, atMost: number) =>
  longText(name, atMost)
    .refine((text) => text !== '', { error: `${name} is missing.`, abort: true })
    .refine((text) => !holdsMask(text), { error: 'Something personal was taken out here. Write it so that it holds for everybody.' });
const id = z
  .string()
  .regex(/^[1-9]\d{0,14}$/)
  .transform(Number);
const approval = z.strictObject({
  question: part('The question', LONGEST.question),
  answer: part('The answer', LONGEST.answer),
  source: z.union([z.literal('new').transform(() => null), id]).default(null),
});
const move = z.strictObject({ to: z.union([z.literal('own').transform(() => null), id], { error: 'Choose a group.' }) });
const nothing = z.strictObject({});

export function insightRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.use(dashboardRoutes());
  router.use(testOriginRoutes());
  const edit = may('knowledge.edit');
  const group = '/w/:workspace/unanswered/:group';
  router.get('/w/:workspace/unanswered', may('conversation.read'), list);
  router.get(
    group,
    may('conversation.read'),
    guarded((req, res) => show(req, res)),
  );
  router.post(`${group}/answer`, edit, guarded(approve));
  router.post(
    `${group}/take-back`,
    edit,
    guarded(act((ws, groupId) => takeBackAnswer(ws, groupId), { says: 'The answer is out of the knowledge again.' })),
  );
  router.post(`${group}/dismiss`, edit, guarded(act(dismissGroup, { says: 'Dismissed.', undo: 'restore', toList: true })));
  router.post(`${group}/restore`, edit, guarded(act((ws, groupId) => restoreGroup(ws, groupId))));
  router.post(`${group}/questions/:question/move`, edit, guarded(moveOne));
  router.post(`${group}/questions/:question/add`, edit, guarded(addOne));
  return router;
}

function baseOf(res: Response): string {
  return `/w/${here(res).workspace.id}/unanswered`;
}

/** A handler whose group or question may be gone: then the page isn't there. */
function guarded(handler: (req: Request, res: Response) => void | Promise<void>): RequestHandler {
  return async (req, res) => {
    try {
      await handler(req, res);
    } catch (error) {
      throw error instanceof NoGap ? nothingHere() : error;
    }
  };
}

function list(req: Request, res: Response): void {
  const { tab, page } = address.parse(req.query);
  render(res, 'insights/list', gapList(here(res).workspace, baseOf(res), tab, page));
}

async function show(req: Request, res: Response, form: Form = {}): Promise<void> {
  const { workspace } = here(res);
  const groupId = idParam(req, 'group');
  if (wantsFragment(req) && req.method === 'GET') fragment(res, 'insights/_found', await foundPart(workspace, baseOf(res), groupId));
  else render(res, 'insights/group', await gapPage(workspace, baseOf(res), groupId, form));
}

async function approve(req: Request, res: Response): Promise<void> {
  const { workspace, user } = here(res);
  const groupId = idParam(req, 'group');
  const form = parseForm(req, approval);
  if (!form.ok) {
    await show(req, res.status(422), form);
    return;
  }
  const { source: sourceId, ...pair } = form.values;
  try {
    const { changed } = approveAnswer(workspace, { groupId, userId: user.id, pair, sourceId });
    if (changed) flash(res, 'The answer is changed, and is being read.');
    else flash(res, 'It is in the knowledge, and is being read.', { undo: `${baseOf(res)}/${groupId}/take-back` });
  } catch (error) {
    if (!(error instanceof NoSource)) throw error;
    await show(req, res.status(422), { typed: { ...pair }, errors: { source: 'This source is gone. Choose another.' } });
    return;
  }
  seeOther(req, res, `${baseOf(res)}/${groupId}`);
}

type Act = (ws: Workspace, groupId: number, userId: number) => void;

/** A handler of one verb without fields. `undo` names the verb that takes it back. */
function act(verb: Act, done?: { says: string; undo?: string; toList?: boolean }): (req: Request, res: Response) => void {
  return (req, res) => {
    const { workspace, user } = here(res);
    const groupId = idParam(req, 'group');
    parseForm(req, nothing);
    verb(workspace, groupId, user.id);
    if (done) flash(res, done.says, done.undo === undefined ? {} : { undo: `${baseOf(res)}/${groupId}/${done.undo}` });
    seeOther(req, res, done?.toList ? baseOf(res) : `${baseOf(res)}/${groupId}`);
  };
}

async function moveOne(req: Request, res: Response): Promise<void> {
  const { workspace } = here(res);
  const [groupId, gapId] = [idParam(req, 'group'), idParam(req, 'question')];
  const form = parseForm(req, move);
  if (!form.ok) {
    await show(req, res.status(422), { errors: { move: gapId } });
    return;
  }
  const to = moveGap(workspace, { groupId, gapId, to: form.values.to });
  flash(res, 'The question is moved. What is asked alike goes there too.');
  seeOther(req, res, `${baseOf(res)}/${to}`);
}

function addOne(req: Request, res: Response): void {
  const [groupId, gapId] = [idParam(req, 'group'), idParam(req, 'question')];
  parseForm(req, nothing);
  const added = addWording(here(res).workspace, { groupId, gapId });
  flash(res, added ? 'The wording is added, and is being read.' : 'There is no room for more words in the question. Edit it instead.');
  seeOther(req, res, `${baseOf(res)}/${groupId}#found`);
}
