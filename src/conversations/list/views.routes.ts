/** Lists that a member keeps under a name: kept, changed, put in order, shared, deleted; each is taken back by a touch. */
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
import { filterFields, filterOf, filterQuery, readFilter } from './filter.ts';
import { bringBackView, editView, moveView, ownView, removeView, savedViewsOf, saveView, type SavedView } from './saved-views.ts';

const name = line('The name', 40);
const kept = z.strictObject({ name, filter: z.string().max(1000), shared: ticked() });
const edited = z.strictObject({ name, shared: ticked(), ...filterFields });
/** How a list was, in the address that makes it so again. */
const before = z.object({ name, filter: z.string().max(1000), shared: z.literal('1').optional() });
const move = z.object({ to: z.enum(['up', 'down']) });
const nothing = z.strictObject({});

export function viewRoutes(): Router {
  const router = Router({ mergeParams: true });
  const own = may('conversation.read');
  router.get('/w/:workspace/lists', own, (req, res) => page(res, filterQuery(readFilter(text(req.query['filter'])))));
  router.post('/w/:workspace/lists', own, keep);
  router.post('/w/:workspace/lists/:id', own, edit);
  router.post('/w/:workspace/lists/:id/was', own, makeAsBefore);
  router.post('/w/:workspace/lists/:id/move', own, moveIt);
  router.post('/w/:workspace/lists/:id/remove', own, remove);
  router.post('/w/:workspace/lists/:id/restore', own, restore);
  return router;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function page(res: Response, filter: string, more: { typed?: object; errors?: Record<string, string>; at?: number } = {}): void {
  const { workspace, user } = here(res);
  const all = savedViewsOf(workspace, user.id).filter((view) => view.userId === user.id);
  render(res, 'inbox/lists', {
    filter,
    says: filter === '' ? null : shownBy(res, filter).says,
    views: all.map((view, index) => ({
      ...view,
      ...shownBy(res, view.filter),
      href: `/w/${workspace.id}/inbox?${view.filter}`,
      error: view.id === more.at ? more.errors?.['name'] : undefined,
      first: index === 0,
      last: index === all.length - 1,
    })),
    typed: more.typed ?? {},
    errors: more.at === undefined ? (more.errors ?? {}) : {},
    now: around(res).now,
  });
}

/** What a list shows: in words, and as the form that changes it. */
function shownBy(res: Response, query: string) {
  const looking = lookingAt(askerOf(res), { filter: readFilter(query), current: null });
  const form = filterForm(here(res).workspace, looking);
  const where = form.tabs.find(({ value }) => value === form.tab)?.label ?? 'Open';
  const words = looking.filter.query === '' ? [] : [`“${looking.filter.query}”`];
  const chips = form.chips.map((chip) => chip.says).filter((chip) => !chip.startsWith('In: '));
  return { form, query: looking.filter.query, says: [where, ...words, ...chips].join(', ') };
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
  const was = ownView(workspace, user.id, id);
  if (!was) throw nothingHere();
  const read = parseForm(req, edited);
  const why = read.ok ? editView(workspace, asView(was, read.values)) : (read.errors['name'] ?? 'Reload the page and choose again.');
  if (why !== undefined) {
    res.status(422);
    page(res, '', { errors: { name: why }, at: id });
    return;
  }
  flash(res, 'The list is saved.', { undo: undoOf(workspace.id, was) });
  seeOther(req, res, `/w/${workspace.id}/lists`);
}

function asView(was: SavedView, { name: called, shared, ...filter }: z.output<typeof edited>): SavedView {
  return { ...was, name: called, shared, filter: filterQuery(filterOf(filter)) };
}

function undoOf(workspace: string, { id, name: called, filter, shared }: SavedView): string {
  return `/w/${workspace}/lists/${id}/was?${new URLSearchParams({ name: called, filter, ...(shared ? { shared: '1' } : {}) })}`;
}

function makeAsBefore(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  parseForm(req, nothing);
  const was = before.safeParse(req.query);
  const view = ownView(workspace, user.id, idParam(req, 'id'));
  if (!was.success || !view) throw nothingHere();
  const why = editView(workspace, { ...view, ...was.data, shared: was.data.shared === '1' });
  flash(res, why ?? 'The list is as it was.');
  seeOther(req, res, `/w/${workspace.id}/lists`);
}

function moveIt(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  parseForm(req, nothing);
  const read = move.safeParse(req.query);
  const id = idParam(req, 'id');
  if (!read.success || !ownView(workspace, user.id, id)) throw nothingHere();
  const { to } = read.data;
  const back = to === 'up' ? 'down' : 'up';
  if (moveView(workspace, user.id, id, to)) flash(res, 'The list is moved.', { undo: `/w/${workspace.id}/lists/${id}/move?to=${back}` });
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
