/** What bots may call: actions over HTTP, described by a form, and tools of MCP servers. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { idParam, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { Problem } from '../web/problem.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { serverRoutes } from './mcp/servers.routes.ts';
import { importRoutes } from './openapi/import.routes.ts';
import { removeTool, saveTool } from './save-tool.ts';
import { toolForm } from './tool-form.ts';
import { toolForPage, toolsPage, tryPage } from './tool-page.ts';
import { httpToolById, type HttpTool } from './tools.queries.ts';
import { tryForm, tryTool, type Tried } from './try-tool.ts';

const nothing = z.strictObject({});

export function toolRoutes(): Router {
  const router = Router({ mergeParams: true });
  const edit = may('tool.edit');
  router.get('/w/:workspace/tools', may('tool.read'), (_req, res) => render(res, 'tools/list', toolsPage(here(res).workspace)));
  router.get('/w/:workspace/tools/new', edit, (_req, res) => page(res, null, {}));
  // Before those of one tool: `import` and `servers` are no ids.
  router.use(importRoutes());
  router.use(serverRoutes());
  router.post('/w/:workspace/tools', edit, (req, res) => keep(req, res, null));
  router.get('/w/:workspace/tools/:tool', edit, (req, res) => page(res, toolOf(req, res), {}));
  router.post('/w/:workspace/tools/:tool', edit, (req, res) => keep(req, res, toolOf(req, res)));
  router.post('/w/:workspace/tools/:tool/try', edit, attempt);
  router.post('/w/:workspace/tools/:tool/remove', edit, remove);
  return router;
}

function toolOf(req: Request, res: Response): HttpTool {
  const tool = httpToolById(here(res).workspace, idParam(req, 'tool'));
  if (!tool) throw new Problem(404, 'There is no such tool here. It may have been removed.');
  return tool;
}

interface Shown {
  typed?: Record<string, unknown>;
  errors?: Record<string, string>;
  values?: readonly string[];
  tried?: Tried | string;
}

function page(res: Response, tool: HttpTool | null, { typed, errors = {}, values = [], tried }: Shown): void {
  if (Object.keys(errors).length > 0 || typeof tried === 'string') res.status(422);
  render(res, 'tools/tool', { ...toolForPage(tool, typed ?? null, errors), ...(tool ? tryPage(tool, values, tried ?? null) : {}) });
}

function keep(req: Request, res: Response, tool: HttpTool | null): void {
  const { workspace, user } = here(res);
  const form = parseForm(req, toolForm, ['headerValue']);
  if (!form.ok) return page(res, tool, form);
  const saved = saveTool(workspace, { toolId: tool?.id ?? null, form: form.values, userId: user.id });
  if (!saved.ok) return page(res, tool, { typed: { ...form.values, headerValue: [] }, errors: saved.errors });
  flash(
    res,
    tool ? 'Kept. Bots that may call it do so from now on.' : 'The tool is there. Try it, then allow it to a bot on the bot’s page.',
  );
  seeOther(req, res, `/w/${workspace.id}/tools/${saved.toolId}`);
}

async function attempt(req: Request, res: Response): Promise<void> {
  const tool = toolOf(req, res);
  const form = parseForm(req, tryForm);
  if (!form.ok) throw new Problem(400, 'The form came without its values. Reload the page and try again.');
  const left = new AbortController();
  res.once('close', () => left.abort());
  const { value: values } = form.values;
  const tried = await tryTool(here(res).workspace, tool, values, left.signal);
  page(res, tool, { values, tried });
}

function remove(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  parseForm(req, nothing);
  if (!removeTool(workspace, idParam(req, 'tool'), user.id))
    throw new Problem(404, 'There is no such tool here. It may have been removed.');
  flash(res, 'The tool is removed, and its secrets are wiped.');
  seeOther(req, res, `/w/${workspace.id}/tools`);
}
