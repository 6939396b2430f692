import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { flash } from '../../web/flash.ts';
import { may } from '../../web/guard.ts';
import { parseForm } from '../../web/parse.ts';
import { here } from '../../web/present.ts';
import { seeOther } from '../../web/redirect.ts';
import { fragmentText, render } from '../../web/render.ts';
import { sse } from '../../web/sse.ts';
import { pathOf } from '../parts.routes.ts';
import { chooseModel, endMeaning, goOn, NoSuchModel, takeBackModel } from './choose-model.ts';
import { meaningOf, modelChoices } from './meaning.queries.ts';

/** Told at most so often how far it is. */
const TELL_MS = 250;
const noFields = z.strictObject({});
const CHOOSE = 'Choose a model.';
const modelForm = z.strictObject({
  model: z
    .string({ error: CHOOSE })
    .regex(/^[1-9]\d{0,14}\/./, { error: CHOOSE })
    .transform((value) => ({ keyId: Number.parseInt(value, 10), model: value.slice(value.indexOf('/') + 1) })),
});

/** The search by meaning: by which model, what it costs before it is spent, how far it is. */
export function meaningRoutes(): Router {
  const router = Router({ mergeParams: true });
  const edit = may('knowledge.edit');
  router.get('/w/:workspace/knowledge/meaning', edit, (_req, res) => page(res));
  router.get('/w/:workspace/knowledge/meaning/live', edit, live);
  router.post('/w/:workspace/knowledge/meaning', edit, choose);
  router.post('/w/:workspace/knowledge/meaning/go-on', edit, act(goOn, 'It goes on.'));
  router.post('/w/:workspace/knowledge/meaning/take-back', edit, act(takeBackModel, 'Nothing more is sent to that model.'));
  router.post('/w/:workspace/knowledge/meaning/end', edit, act(endMeaning, 'Questions are searched by their words.'));
  return router;
}

async function page(res: Response, error?: string): Promise<void> {
  const { workspace } = here(res);
  const meaning = meaningOf(workspace);
  render(res, 'knowledge/meaning', {
    ...meaning,
    ...(await modelChoices(workspace, meaning)),
    error,
    base: pathOf(res),
    here: pathOf(res, 'meaning'),
  });
}

async function choose(req: Request, res: Response): Promise<void> {
  const { workspace, user } = here(res);
  const form = parseForm(req, modelForm);
  try {
    if (!form.ok) throw new NoSuchModel();
    chooseModel(workspace, { ...form.values.model, by: user.id });
  } catch (error) {
    if (!(error instanceof NoSuchModel)) throw error;
    res.status(422);
    await page(res, CHOOSE);
    return;
  }
  flash(res, 'Your knowledge is being read.');
  seeOther(req, res, pathOf(res, 'meaning'));
}

function act(does: (ws: ReturnType<typeof here>['workspace'], by: number) => void, says: string): (req: Request, res: Response) => void {
  return (req, res) => {
    const { workspace, user } = here(res);
    parseForm(req, noFields);
    does(workspace, user.id);
    flash(res, says);
    seeOther(req, res, pathOf(res, 'meaning'));
  };
}

function live(req: Request, res: Response): void {
  const { workspace } = here(res);
  const stream = sse(req, res);
  const tell = (): void =>
    void stream.send({ data: fragmentText(res, 'knowledge/_meaning-changed', { ...meaningOf(workspace), here: pathOf(res, 'meaning') }) });
  let timer: NodeJS.Timeout | undefined;
  const stop = workspace.bus.subscribe('all', ({ type }) => {
    if (type === 'vectors')
      timer ??= setTimeout(() => {
        timer = undefined;
        tell();
      }, TELL_MS);
  });
  stream.onClose(() => {
    stop();
    clearTimeout(timer);
  });
  // What happened between the page and its stream.
  tell();
}
