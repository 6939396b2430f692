/** Lists that a member keeps under a name: kept, renamed, shared, deleted, brought back. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { nothingHere } from '../../web/errors.ts';
import { flash } from '../../web/flash.ts';
import { around } from '../../web/frame.ts';
import { may } from '../../web/guard.ts';
import { idParam, line, parseForm, ticked } from '../../web/parse.ts';
import { here } from '../../web/present.ts';
import { seeOther } from '../../web/redirect.ts';
import { render } from '../../web/render.ts';
import { lookingAt } from '../inbox-page.ts';
import { askerOf } from '../acts.routes.ts';
import { filterForm } from './filter-form.ts';
import { filterQuery, readFilter } from './filter.ts';
import { bringBackView, editView, ownView, removeView, savedViewsOf, saveView } from './saved-views.ts';

const name = line('The name', 40);
const kept = z.strictObject({ name, filter: z.string().max(1000), shared: ticked() });
const edited = z.strictObject({ name, shared: ticked() });
const nothing = z.strictObject({});

export function viewRoutes(): Router {
  const router = Router({ mergeParams: true });
  const own = may('conversation.read');
  router.get('/w/:workspace/lists', own, (req, res) => page(res, filterQuery(readFilter(text(req.query['filter'])))));
  router.post('/w/:workspace/lists', own, keep);
  router.post('/w/:workspace/lists/:id', own, edit);
  router.post('/w/:workspace/lists/:id/remove', own, remove);
  router.post('/w/:workspace/lists/:id/restore', own, restore);
  return router;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function page(res: Response, filter: string, more: { typed?: object; errors?: Record<string, string>; at?: number } = {}): void {
  const { workspace, user } = here(res);
  const says = (query: string): string[] => {
    const looking = lookingAt(askerOf(res), { filter: readFilter(query), current: null });
    const { chips, tabs, tab } = filterForm(workspace, looking);
    const where = tabs.find(({ value }) => value === tab)?.label ?? 'Open';
    const words = looking.filter.query === '' ? [] : [`“${looking.filter.query}”`];
    return [where, ...words, ...chips.map((chip) => chip.says).filter((chip) => !chip.startsWith('In: '))];
  };
  const all = savedViewsOf(workspace, user.id).filter((view) => view.userId === user.id);
  render(res, 'inbox/lists', {
    filter,
    says: filter === '' ? null : says(filter).join(', '),
    views: all.map((view) => ({
      ...view,
      says: says(view.filter).join(', '),
      href: `/w/${workspace.id}/inbox?${view.filter}`,
      error: view.id === more.at ? more.errors?.['name'] : undefined,
    })),
    typed: more.typed ?? {},
    errors: more.at === undefined ? (more.errors ?? {}) : {},
    now: around(res).now,
  });
}

function keep(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const read = parseForm(req, kept);
  const why = read.ok ? saveView(workspace, user.id, read.values) : undefined;
  if (read.ok && why === undefined) {
    flash(res, 'Kept. It stands beside the tabs of the inbox.');
    const query = filterQuery(readFilter(read.values.filter));
    seeOther(req, res, `/w/${workspace.id}/inbox${query === '' ? '' : `?${query}`}`);
    return;
  }
  const typed = read.ok ? read.values : read.typed;
  res.status(422);
  page(res, filterQuery(readFilter(text((typed as { filter?: unknown }).filter))), {
    typed,
    errors: read.ok ? { name: why ?? '' } : read.errors,
  });
}

function edit(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const id = idParam(req, 'id');
  if (!ownView(workspace, user.id, id)) throw nothingHere();
  const read = parseForm(req, edited);
  const why = read.ok ? editView(workspace, { id, userId: user.id, ...read.values }) : read.errors['name'];
  if (why !== undefined) {
    res.status(422);
    page(res, '', { errors: { name: why }, at: id });
    return;
  }
  flash(res, 'The list is saved.');
  seeOther(req, res, `/w/${workspace.id}/lists`);
}

function remove(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  parseForm(req, nothing);
  const id = idParam(req, 'id');
  if (!removeView(workspace, user.id, id)) throw nothingHere();
  flash(res, 'The list is deleted.', { undo: `/w/${workspace.id}/lists/${id}/restore` });
  seeOther(req, res, `/w/${workspace.id}/lists`);
}

function restore(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  parseForm(req, nothing);
  if (!bringBackView(workspace, user.id, idParam(req, 'id'))) throw nothingHere();
  flash(res, 'The list is back.');
  seeOther(req, res, `/w/${workspace.id}/lists`);
}
