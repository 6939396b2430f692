/** The people who write in: a list of all, and a page for each. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { contactCard, contactFields, editContact, type Faults, type TypedContact } from '../../contacts/index.ts';
import { flash } from '../../web/flash.ts';
import { may } from '../../web/guard.ts';
import { idParam, parseForm } from '../../web/parse.ts';
import { roleMay } from '../../web/permissions.ts';
import { here } from '../../web/present.ts';
import { nothingHere } from '../../web/problem.ts';
import { seeOther } from '../../web/redirect.ts';
import { render } from '../../web/render.ts';
import type { Workspace } from '../../workspace.ts';
import { contactActs } from './contact-acts.routes.ts';
import { joinedWith } from './contact-history.queries.ts';
import { listAddress } from './contact-list-address.ts';
import { contactListPage } from './contact-list-page.ts';
import { contactPage } from './contact-page.ts';
import { exportRoutes } from './export.routes.ts';
import { fieldRoutes } from './fields.routes.ts';
import { importRoutes } from './import.routes.ts';
import { mergeRoutes } from './merge.routes.ts';

const words = z.string().trim().max(200).catch('');

export function contactRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get('/w/:workspace/contacts', may('contact.read'), (req, res) => {
    const { workspace, role } = here(res);
    render(res, 'contacts/list', contactListPage(workspace, listAddress.parse(req.query), !roleMay(role, 'contact.edit')));
  });
  router.use(fieldRoutes());
  router.use(importRoutes());
  router.use(exportRoutes());
  router.get('/w/:workspace/contacts/:contact', may('contact.read'), show);
  router.post('/w/:workspace/contacts/:contact', may('contact.edit'), edit);
  router.use(contactActs());
  router.use(mergeRoutes());
  return router;
}

function show(req: Request, res: Response): void {
  const { workspace } = here(res);
  const contactId = idParam(req, 'contact');
  if (page(req, res, contactId)) return;
  const now = joinedWith(workspace, contactId);
  if (now === undefined) throw nothingHere();
  res.redirect(302, `/w/${workspace.id}/contacts/${now}`);
}

function page(req: Request, res: Response, contactId: number, sent: { typed?: Record<string, unknown>; errors?: Faults } = {}): boolean {
  const { workspace, role } = here(res);
  const data = contactPage({ workspace, role, query: words.parse(req.query['q']), ...sent }, contactId);
  if (data) render(res, 'contacts/contact', data);
  return data !== undefined;
}

function edit(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const contactId = idParam(req, 'contact');
  const read = parseForm(req, formOf(workspace));
  if (!contactCard(workspace, contactId)) throw nothingHere();
  const typed = read.ok ? read.values : read.typed;
  const errors = read.ok ? editContact(workspace, { contactId, userId: user.id, typed: contactOf(read.values) }) : read.errors;
  if (Object.keys(errors).length > 0) {
    res.status(422);
    page(req, res, contactId, { typed, errors });
    return;
  }
  flash(res, 'Saved.');
  seeOther(req, res, `/w/${workspace.id}/contacts/${contactId}`);
}

const text = z.string().max(2000).optional();

function formOf(ws: Workspace): z.ZodType<Record<string, string | undefined>> {
  const own = contactFields(ws).map((field) => [`field-${field.id}`, text] as const);
  return z.strictObject({ name: text, email: text, phone: text, ...Object.fromEntries(own) });
}

function contactOf(values: Record<string, string | undefined>): TypedContact {
  const contact: TypedContact = { fields: {} };
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    if (key === 'name' || key === 'email' || key === 'phone') contact[key] = value;
    else contact.fields = { ...contact.fields, [Number(key.slice('field-'.length))]: value };
  }
  return contact;
}
