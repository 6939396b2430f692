/** Settings: labels, and whether conversations are given to members in turn. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { nothingHere, Problem } from '../../web/errors.ts';
import { flash } from '../../web/flash.ts';
import { may } from '../../web/guard.ts';
import { idParam, line, parseForm, ticked } from '../../web/parse.ts';
import { here } from '../../web/present.ts';
import { seeOther } from '../../web/redirect.ts';
import { render } from '../../web/render.ts';
import { setAssignsInTurn } from './assign.ts';
import { addLabel, editLabel, hues, labelsCounted, mergeLabels, removeLabel } from './labels.ts';
import { assignsInTurn } from './presence.ts';

const label = z.strictObject({ name: line('The name', 30), hue: z.enum(hues, { error: 'Choose one of the colours.' }) });
const merging = z.strictObject({ into: z.coerce.number().int().positive() });
const turns = z.strictObject({ inTurn: ticked() });
const nothing = z.strictObject({});

export function labelRoutes(): Router {
  const router = Router({ mergeParams: true });
  const edit = may('settings.edit');
  router.get('/w/:workspace/settings/inbox', edit, (_req, res) => page(res));
  router.post('/w/:workspace/settings/inbox', edit, chooseTurns);
  router.post('/w/:workspace/settings/labels', edit, (req, res) => save(req, res, undefined));
  router.post('/w/:workspace/settings/labels/:id', edit, (req, res) => save(req, res, idParam(req, 'id')));
  router.post('/w/:workspace/settings/labels/:id/merge', edit, merge);
  router.post('/w/:workspace/settings/labels/:id/remove', edit, remove);
  return router;
}

function page(res: Response, more: { typed?: object; errors?: Record<string, string>; at?: number } = {}): void {
  const { workspace } = here(res);
  const labels = labelsCounted(workspace);
  render(res, 'settings/inbox', {
    inTurn: assignsInTurn(workspace),
    labels: labels.map((one) => ({
      ...one,
      others: labels.filter(({ id }) => id !== one.id).map(({ id, name }) => ({ value: String(id), label: name })),
      error: one.id === more.at ? Object.values(more.errors ?? {})[0] : undefined,
    })),
    hues: hues.map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) })),
    typed: more.at === undefined ? (more.typed ?? {}) : {},
    errors: more.at === undefined ? (more.errors ?? {}) : {},
  });
}

function done(req: Request, res: Response, says: string): void {
  flash(res, says);
  seeOther(req, res, `/w/${here(res).workspace.id}/settings/inbox`);
}

function save(req: Request, res: Response, id: number | undefined): void {
  const { workspace, user } = here(res);
  if (id !== undefined && !labelsCounted(workspace).some((one) => one.id === id)) throw nothingHere();
  const read = parseForm(req, label);
  const why = !read.ok
    ? undefined
    : id === undefined
      ? addLabel(workspace, user.id, read.values)
      : editLabel(workspace, user.id, { id, ...read.values });
  if (read.ok && why === undefined) {
    done(req, res, 'The label is saved.');
    return;
  }
  res.status(422);
  page(res, {
    typed: read.ok ? read.values : read.typed,
    errors: read.ok ? { name: why ?? '' } : read.errors,
    ...(id === undefined ? {} : { at: id }),
  });
}

function merge(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const read = parseForm(req, merging);
  if (!read.ok) throw new Problem(422, 'Choose the label that it becomes part of.');
  if (!mergeLabels(workspace, user.id, idParam(req, 'id'), read.values.into)) throw nothingHere();
  done(req, res, 'The two labels are one.');
}

function remove(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  parseForm(req, nothing);
  if (!removeLabel(workspace, user.id, idParam(req, 'id'))) throw nothingHere();
  done(req, res, 'The label is deleted.');
}

function chooseTurns(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const read = parseForm(req, turns);
  if (!read.ok) throw new Problem(400, 'Reload the page and try again.');
  setAssignsInTurn(workspace, user.id, read.values.inTurn);
  done(req, res, 'Saved.');
}
