import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { idParam, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { seeOther } from '../web/redirect.ts';
import { fragmentText, render } from '../web/render.ts';
import { sse } from '../web/sse.ts';
import { lineOfKnowledge, listSources, SOURCES_A_PAGE, standing } from './knowledge.queries.ts';
import { guarded, pageNumber, pathOf } from './parts.routes.ts';
import { removeSource } from './remove-source.ts';
import { rereadSource } from './reread-source.ts';
import { sourceOf } from './source.ts';
import { addingRoutes } from './adding.routes.ts';
import { importRoutes } from './import.routes.ts';
import { sourceRoutes } from './source.routes.ts';
import { switchSource } from './switch-source.ts';
import { tryRoutes } from './try.routes.ts';
import { meaningRoutes } from './vectors/meaning.routes.ts';

/** Told at most so often how the reading goes. */
const TELL_MS = 250;
const noFields = z.strictObject({});
const switchForm = z.strictObject({ enabled: z.enum(['yes', 'no'], { error: 'On or off.' }) });

/** The knowledge of a workspace: what there is, how it is read, what is found. */
export function knowledgeRoutes(): Router {
  const router = Router({ mergeParams: true });
  const edit = may('knowledge.edit');
  router.get('/w/:workspace/knowledge', may('knowledge.read'), list);
  router.get('/w/:workspace/knowledge/live', may('knowledge.read'), live);
  router.use(tryRoutes());
  router.use(meaningRoutes());
  router.use(addingRoutes());
  router.use(importRoutes());
  router.use(sourceRoutes());
  router.post('/w/:workspace/knowledge/:source/switch', edit, guarded(switchOne));
  router.post('/w/:workspace/knowledge/:source/reread', edit, guarded(reread));
  router.post('/w/:workspace/knowledge/:source/remove', edit, guarded(remove));
  return router;
}

function listData(res: Response, page: number): object {
  const { workspace } = here(res);
  const all = standing(workspace);
  return {
    ...lineOfKnowledge(all),
    sources: listSources(workspace, page),
    base: pathOf(res),
    page,
    before: page > 1 ? page - 1 : null,
    after: page * SOURCES_A_PAGE < all.sources ? page + 1 : null,
  };
}

function list(req: Request, res: Response): void {
  render(res, 'knowledge/list', listData(res, pageNumber(req)));
}

/** The list as it changes while something is read. */
function live(req: Request, res: Response): void {
  const { workspace } = here(res);
  const page = pageNumber(req);
  const stream = sse(req, res);
  const tell = (): void => void stream.send({ data: fragmentText(res, 'knowledge/_changed', listData(res, page)) });
  let timer: NodeJS.Timeout | undefined;
  const soon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      stream.guard(tell);
    }, TELL_MS);
  };
  const stop = workspace.bus.subscribe('all', ({ type }) => {
    if (type === 'source') soon();
  });
  stream.onClose(() => {
    stop();
    clearTimeout(timer);
  });
  // What happened between the page and its stream.
  tell();
}

function switchOne(req: Request, res: Response): void {
  const { workspace } = here(res);
  const id = idParam(req, 'source');
  const form = parseForm(req, switchForm);
  const enabled = form.ok && form.values.enabled === 'yes';
  switchSource(workspace, id, enabled);
  flash(res, enabled ? 'It is in use again.' : 'It is switched off: no bot looks things up in it.');
  seeOther(req, res, pathOf(res, id));
}

function reread(req: Request, res: Response): void {
  const id = idParam(req, 'source');
  parseForm(req, noFields);
  rereadSource(here(res).workspace, id);
  flash(res, 'It is being read again.');
  seeOther(req, res, pathOf(res));
}

function remove(req: Request, res: Response): void {
  const { workspace } = here(res);
  const id = idParam(req, 'source');
  parseForm(req, noFields);
  const { title } = sourceOf(workspace, id);
  removeSource(workspace, id);
  flash(res, `“${title}” is removed.`);
  seeOther(req, res, pathOf(res));
}
