/** Fields of one's own that contacts have. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { addField, contactFields, editField, fieldKinds, fieldUse, removeField, type FieldKind } from '../../contacts/index.ts';
import { flash } from '../../web/flash.ts';
import { may } from '../../web/guard.ts';
import { idParam, line, longText, parseForm } from '../../web/parse.ts';
import { here } from '../../web/present.ts';
import { nothingHere } from '../../web/problem.ts';
import { seeOther } from '../../web/redirect.ts';
import { render } from '../../web/render.ts';

const KINDS: Record<FieldKind, string> = {
  text: 'Text',
  number: 'Number',
  date: 'Date',
  'yes-no': 'Yes or no',
  choice: 'One of a few choices',
  email: 'E-mail address',
  phone: 'Phone number',
  url: 'Web address',
};
const CHOICES_AT_MOST = 50;

const named = {
  name: line('The name', 60),
  choices: longText('The choices', 4000)
    .transform((text) => [
      ...new Set(
        text
          .split('\n')
          .map((each) => each.trim())
          .filter((each) => each !== ''),
      ),
    ])
    .refine((all) => all.length <= CHOICES_AT_MOST, { error: `There can be ${CHOICES_AT_MOST} choices at most.` }),
};
const newField = z.strictObject({ ...named, kind: z.enum(fieldKinds, { error: 'Choose a kind.' }) });
const oldField = z.strictObject({ ...named, choices: named.choices.optional() });
const nothing = z.strictObject({});

interface Sent {
  /** The field that was sent; null for a new one. */
  id: number | null;
  typed: Record<string, unknown>;
  errors: Record<string, string>;
}

export function fieldRoutes(): Router {
  const router = Router({ mergeParams: true });
  const edit = may('settings.edit');
  router.get('/w/:workspace/contacts/fields', edit, (_req, res) => page(res));
  router.post('/w/:workspace/contacts/fields', edit, add);
  router.post('/w/:workspace/contacts/fields/:field', edit, change);
  router.post('/w/:workspace/contacts/fields/:field/remove', edit, remove);
  return router;
}

function page(res: Response, sent?: Sent): void {
  const { workspace } = here(res);
  const used = fieldUse(workspace);
  const path = `/w/${workspace.id}/contacts/fields`;
  render(res, 'contacts/fields', {
    path,
    fields: contactFields(workspace).map((field) => ({
      ...field,
      path: `${path}/${field.id}`,
      kindName: KINDS[field.kind],
      isChoice: field.kind === 'choice',
      used: used.get(field.id) ?? 0,
      form: { name: field.name, choices: field.choices.join('\n'), ...(sent?.id === field.id ? sent.typed : {}) },
      errors: sent?.id === field.id ? sent.errors : {},
    })),
    typed: sent?.id === null ? sent.typed : { kind: 'text' },
    errors: sent?.id === null ? sent.errors : {},
    kinds: fieldKinds.map((value) => ({ value, label: KINDS[value] })),
  });
}

function refuse(res: Response, sent: Sent): void {
  res.status(422);
  page(res, sent);
}

function done(req: Request, res: Response, says: string): void {
  flash(res, says);
  seeOther(req, res, `/w/${here(res).workspace.id}/contacts/fields`);
}

function add(req: Request, res: Response): void {
  const typed = typedIn(req);
  const read = parseForm(req, newField);
  if (!read.ok) {
    refuse(res, { id: null, typed, errors: read.errors });
    return;
  }
  const saved = addField(here(res).workspace, read.values);
  if (saved.ok) done(req, res, `Contacts have the field “${read.values.name}” now.`);
  else refuse(res, { id: null, typed, errors: { [saved.field]: saved.says } });
}

function change(req: Request, res: Response): void {
  const id = idParam(req, 'field');
  const typed = typedIn(req);
  const read = parseForm(req, oldField);
  if (!read.ok) {
    refuse(res, { id, typed, errors: read.errors });
    return;
  }
  const saved = editField(here(res).workspace, id, { name: read.values.name, choices: read.values.choices ?? [] });
  if (!saved) throw nothingHere();
  if (saved.ok) done(req, res, 'Saved.');
  else refuse(res, { id, typed, errors: { [saved.field]: saved.says } });
}

function remove(req: Request, res: Response): void {
  parseForm(req, nothing);
  if (!removeField(here(res).workspace, idParam(req, 'field'))) throw nothingHere();
  done(req, res, 'The field is removed, and what contacts had in it.');
}

/** As it stands in the form, to be shown again. */
function typedIn(req: Request): Record<string, unknown> {
  const body: unknown = req.body;
  return typeof body === 'object' && body !== null ? { ...body } : {};
}
