/** Tools out of a service's OpenAPI file: looked at first, then those that are ticked are added. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { pluralText } from '../../web/formats.ts';
import { flash } from '../../web/flash.ts';
import { may } from '../../web/guard.ts';
import { line, parseForm } from '../../web/parse.ts';
import { here } from '../../web/present.ts';
import { Problem } from '../../web/problem.ts';
import { receiveSmall } from '../../web/receive-form.ts';
import { seeOther } from '../../web/redirect.ts';
import { render } from '../../web/render.ts';
import { httpAction, most } from '../http-action.ts';
import { addTools } from '../save-tool.ts';
import { errorsOfHeaders, policyAddress } from '../tool-form.ts';
import type { OpenApi } from './read-openapi.ts';
import { LARGEST_OPENAPI, readInThread } from './read-in-thread.ts';

/** What the page carries from one step to the next; checked anew, as it comes from outside again. */
const carried = z
  .array(z.strictObject({ title: z.string().min(1).max(most.title), description: z.string().max(most.description), action: httpAction }))
  .max(200);

const index = z
  .string()
  .regex(/^\d{1,3}$/)
  .transform(Number);
const keepForm = z.strictObject({
  operations: z.string().max(2_000_000),
  chosen: z.union([z.array(index), index.transform((one) => [one])], { error: 'Choose what bots may be allowed.' }),
  service: line('Whose service it is', most.title),
  policyUrl: policyAddress,
  headerName: z.string().trim().max(100).default(''),
  headerValue: z.string().trim().max(most.header).default(''),
});

export function importRoutes(): Router {
  const router = Router({ mergeParams: true });
  const edit = may('tool.edit');
  router.get('/w/:workspace/tools/import', edit, (_req, res) => render(res, 'tools/import', {}));
  router.post('/w/:workspace/tools/import', edit, look);
  router.post('/w/:workspace/tools/import/keep', edit, keep);
  return router;
}

function refuse(res: Response, error: string): void {
  res.status(422);
  render(res, 'tools/import', { error });
}

/** Nothing is kept yet: the page sends back what is chosen of it. */
async function look(req: Request, res: Response): Promise<void> {
  const content = await receiveSmall(req, LARGEST_OPENAPI);
  if (content === 'too-large') return refuse(res, 'This file is larger than 5 MB. Ask the service for a smaller one.');
  if (content === 'none' || content.length === 0) return refuse(res, 'Choose a file first.');
  const read = await readInThread(content.toString('utf8'));
  if (read.ok) preview(res, read.file, {}, {});
  else refuse(res, read.says);
}

function preview(
  res: Response,
  { service, operations, left }: OpenApi,
  typed: Record<string, unknown>,
  errors: Record<string, string>,
): void {
  if (Object.keys(errors).length > 0) res.status(422);
  const ticked = [typed['chosen'] ?? []].flat().map(String);
  render(res, 'tools/import-preview', {
    form: { service, ...typed },
    errors,
    left,
    content: JSON.stringify(operations),
    operations: operations.map(({ title, description, action }, at) => ({
      at,
      title,
      description: description === title ? '' : description,
      asks: `${action.method} ${action.url}`,
      changes: action.method !== 'GET',
      checked: ticked.includes(String(at)),
    })),
  });
}

function keep(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const form = parseForm(req, keepForm, ['headerValue']);
  const operations = carriedIn(req);
  const file = { service: '', operations, left: [] };
  if (!form.ok) return preview(res, file, form.typed, form.errors);
  const { chosen, service, policyUrl, headerName, headerValue } = form.values;
  const typed = { ...form.values, headerValue: '' };
  const wrong = errorsOfHeaders({ headerName: [headerName], headerValue: [headerValue] })['headers'];
  if (wrong !== undefined || (headerName !== '' && headerValue === ''))
    return preview(res, file, typed, { headerName: wrong ?? 'Write its value beside it.' });
  const added = addTools(workspace, {
    operations: operations.filter((_, at) => chosen.includes(at)),
    service,
    policyUrl,
    header: { name: headerName, value: headerValue },
    userId: user.id,
  });
  if ('says' in added) return preview(res, file, typed, { chosen: added.says });
  flash(res, `${pluralText(added.added, 'tool')} added. Allow them to a bot on the bot’s page.`);
  seeOther(req, res, `/w/${workspace.id}/tools`);
}

function carriedIn(req: Request): OpenApi['operations'] {
  try {
    const { operations } = req.body as { operations?: unknown };
    return carried.parse(JSON.parse(String(operations)));
  } catch (cause) {
    throw new Problem(400, 'What the file described didn’t arrive whole. Choose the file again.', { cause });
  }
}
