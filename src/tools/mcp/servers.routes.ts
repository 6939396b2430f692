/** MCP servers: reached first, then a person chooses which of their tools bots may be allowed. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { pluralText } from '../../web/formats.ts';
import { flash } from '../../web/flash.ts';
import { may } from '../../web/guard.ts';
import { idParam, line, parseForm } from '../../web/parse.ts';
import { here } from '../../web/present.ts';
import { Problem } from '../../web/problem.ts';
import { seeOther } from '../../web/redirect.ts';
import { render } from '../../web/render.ts';
import { most } from '../http-action.ts';
import { objectionTo } from '../save-tool.ts';
import { policyAddress } from '../tool-form.ts';
import { McpFault } from './mcp-fault.ts';
import { listOffered } from './read-offered.ts';
import { refreshServer } from './refresh-server.ts';
import { addServer, chooseTools, editServer, removeServer } from './save-server.ts';
import { serverPage } from './server-page.ts';
import { serverById, type ToolServer } from './servers.queries.ts';
import { withServer } from './with-server.ts';

const nothing = z.strictObject({});
const token = z
  .string()
  .trim()
  .max(most.header)
  .regex(/^[\x21-\x7e]*$/, { error: 'It holds characters that can’t be sent. Copy it again.' })
  .default('');
const editForm = z.strictObject({
  name: line('The name', most.title),
  service: line('Whose service it is', most.title),
  policyUrl: policyAddress,
  token,
});
const addForm = editForm.extend({
  url: z
    .string()
    .trim()
    .max(most.url)
    .refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), { error: 'Write the address out, from https:// on.' }),
});
const marks = z.preprocess((value) => (value === undefined ? [] : [value].flat()), z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(200));
const chooseForm = z.strictObject({ use: marks, changes: marks });

export function serverRoutes(): Router {
  const router = Router({ mergeParams: true });
  const edit = may('tool.edit');
  const at = '/w/:workspace/tools/servers';
  router.get(`${at}/new`, edit, (_req, res) => render(res, 'tools/server-new', { form: {}, errors: {} }));
  router.post(at, edit, add);
  router.get(`${at}/:server`, edit, (req, res) => page(res, serverOf(req, res), null, {}));
  router.post(`${at}/:server`, edit, keep);
  router.post(`${at}/:server/tools`, edit, choose);
  router.post(`${at}/:server/refresh`, edit, refresh);
  router.post(`${at}/:server/remove`, edit, remove);
  return router;
}

function serverOf(req: Request, res: Response): ToolServer {
  const server = serverById(here(res).workspace, idParam(req, 'server'));
  if (!server) throw new Problem(404, 'There is no such server here. It may have been removed.');
  return server;
}

function page(res: Response, server: ToolServer, typed: Record<string, unknown> | null, errors: Record<string, string>): void {
  if (Object.keys(errors).length > 0) res.status(422);
  render(res, 'tools/server', serverPage(here(res).workspace, server, typed, errors));
}

/** Goes when whoever waits for the page goes. */
function leaving(res: Response): AbortSignal {
  const left = new AbortController();
  res.once('close', () => left.abort());
  return left.signal;
}

/** Nothing is kept of one that can't be reached. */
async function add(req: Request, res: Response): Promise<void> {
  const { workspace, user } = here(res);
  const form = parseForm(req, addForm, ['token']);
  const again = (typed: object, errors: Record<string, string>) => {
    res.status(422);
    render(res, 'tools/server-new', { form: typed, errors });
  };
  if (!form.ok) return again(form.typed, form.errors);
  const { url, token } = form.values;
  const typed = { ...form.values, token: '' };
  const refused = objectionTo(workspace, url);
  if (refused !== undefined) return again(typed, { url: refused });
  try {
    const place = { url, token: token === '' ? null : token };
    const offered = await withServer(workspace, place, listOffered, { signal: leaving(res) });
    const id = addServer(workspace, form.values, offered, user.id);
    flash(res, 'The server is there. Choose which of its tools bots may be allowed.');
    seeOther(req, res, `/w/${workspace.id}/tools/servers/${id}`);
  } catch (error) {
    if (!(error instanceof McpFault)) throw error;
    again(typed, { url: error.says });
  }
}

function keep(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const server = serverOf(req, res);
  const form = parseForm(req, editForm, ['token']);
  if (!form.ok) return page(res, server, form.typed, form.errors);
  editServer(workspace, server, form.values, user.id);
  flash(res, 'Kept.');
  back(req, res, server);
}

function choose(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const server = serverOf(req, res);
  const form = parseForm(req, chooseForm);
  if (!form.ok) throw new Problem(400, 'The form came without its values. Reload the page and try again.');
  const kept = chooseTools(workspace, server, form.values, user.id);
  const n = form.values.use.length;
  flash(
    res,
    kept
      ? `Kept: ${pluralText(n, 'tool')}. Allow them to a bot on the bot’s page.`
      : 'The server changed its tools meanwhile. Look at them again.',
  );
  back(req, res, server);
}

async function refresh(req: Request, res: Response): Promise<void> {
  const server = serverOf(req, res);
  parseForm(req, nothing);
  const trouble = await refreshServer(here(res).workspace, server, leaving(res));
  flash(res, trouble ?? 'It is well. This is what it offers now.');
  back(req, res, server);
}

function remove(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  parseForm(req, nothing);
  removeServer(workspace, serverOf(req, res), user.id);
  flash(res, 'The server is removed with its tools, and its token is wiped.');
  seeOther(req, res, `/w/${workspace.id}/tools`);
}

function back(req: Request, res: Response, { id }: ToolServer): void {
  seeOther(req, res, `/w/${here(res).workspace.id}/tools/servers/${id}`);
}
