/** The privacy centre: what is held, what was asked, what was done; and a contact's deletion. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { nothingHere, Problem } from '../web/errors.ts';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { idParam, parseForm, ticked } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { roleMay } from '../web/permissions.ts';
import { askErasure } from './erasing/ask-erasure.ts';
import { requestByPublicId, type PrivacyRequest } from './erasing/requests.ts';
import { undoErasure } from './erasing/undo-erasure.ts';
import { centreOf, contactToDelete, requestPage } from './privacy-pages.ts';

const nothing = z.strictObject({});
const deletion = z.strictObject({ asked: ticked() });

export function privacyRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get('/w/:workspace/privacy', may('privacy.read'), (_req, res) => render(res, 'privacy/centre', centreOf(here(res).workspace)));
  router.get('/w/:workspace/privacy/requests/:request', may('privacy.read'), (req, res) => showRequest(req, res));
  router.get('/w/:workspace/privacy/requests/:request/certificate', may('privacy.read'), sendCertificate);
  router.post('/w/:workspace/privacy/requests/:request/undo', may('contact.erase'), undo);
  router.post('/w/:workspace/privacy/requests/:request/now', may('contact.erase-now'), now);
  router.get('/w/:workspace/contacts/:contact/delete', may('contact.erase'), askPage);
  router.post('/w/:workspace/contacts/:contact/delete', may('contact.erase'), ask);
  return router;
}

function requestOf(req: Request, res: Response): PrivacyRequest {
  const request = requestByPublicId(here(res).workspace, String(req.params['request']));
  if (!request) throw nothingHere();
  return request;
}

function showRequest(req: Request, res: Response): void {
  const { workspace, role } = here(res);
  const mayNow = role !== undefined && roleMay(role, 'contact.erase-now');
  render(res, 'privacy/request', requestPage(workspace, requestOf(req, res), mayNow));
}

function sendCertificate(req: Request, res: Response): void {
  const { certificate, publicId } = requestOf(req, res);
  if (certificate === null) throw nothingHere();
  res.attachment(`certificate-${publicId}.json`).type('application/json').send(certificate);
}

function undo(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  parseForm(req, nothing);
  const request = requestOf(req, res);
  if (!undoErasure(workspace, request.id, user.id)) throw new Problem(409, 'It can’t be taken back any more: the deletion has begun.');
  flash(res, 'They are not deleted. Everything is as it was before.');
  seeOther(req, res, `/w/${workspace.id}/contacts/${request.contactId}`);
}

function now(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  parseForm(req, nothing);
  const { contactId, askedBy, publicId } = requestOf(req, res);
  if (contactId === null) throw new Problem(409, 'There is nothing left to delete.');
  askErasure(workspace, { contactId, askedBy, userId: user.id, atOnce: true });
  flash(res, 'They are being deleted now.');
  seeOther(req, res, `/w/${workspace.id}/privacy/requests/${publicId}`);
}

function askPage(req: Request, res: Response): void {
  const { workspace } = here(res);
  const page = contactToDelete(workspace, idParam(req, 'contact'));
  if (!page) throw nothingHere();
  if (page.open) {
    seeOther(req, res, `/w/${workspace.id}/privacy/requests/${page.open}`);
    return;
  }
  render(res, 'privacy/delete-contact', page);
}

function ask(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const form = parseForm(req, deletion);
  if (!form.ok) throw new Problem(400, 'Reload the page and try again.');
  const request = askErasure(workspace, {
    contactId: idParam(req, 'contact'),
    askedBy: form.values.asked ? 'contact' : 'member',
    userId: user.id,
  });
  if (!request) throw nothingHere();
  flash(res, 'They are deleted when their time is up. Until then you can take it back.');
  seeOther(req, res, `/w/${workspace.id}/privacy/requests/${request.publicId}`);
}
