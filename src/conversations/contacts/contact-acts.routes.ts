/** What is done with a contact: notes, block and unblock. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import {
  contactCard,
  deleteContactNote,
  editContactNote,
  noteOnContact,
  restoreContactNote,
  setContactLabels,
  type NoteOf,
} from '../../contacts/index.ts';
import { flash } from '../../web/flash.ts';
import { may } from '../../web/guard.ts';
import { idParam, longText, parseForm } from '../../web/parse.ts';
import { here } from '../../web/present.ts';
import { nothingHere, Problem } from '../../web/problem.ts';
import { seeOther } from '../../web/redirect.ts';
import { blockContact, unblockContact } from './block-contact.ts';

const nothing = z.strictObject({});
const note = z.strictObject({ text: longText('The note', 5000).refine((text) => text !== '', { error: 'The note is empty.' }) });

export function contactActs(): Router {
  const router = Router({ mergeParams: true });
  const edit = may('contact.edit');
  const path = '/w/:workspace/contacts/:contact';
  router.post(`${path}/notes`, edit, addNote);
  router.post(`${path}/notes/:note`, edit, (req, res) =>
    changed(req, res, editContactNote(here(res).workspace, noteOf(req), textOf(req)), 'The note is changed.'),
  );
  router.post(`${path}/notes/:note/delete`, edit, dropNote);
  router.post(`${path}/notes/:note/restore`, edit, (req, res) => {
    parseForm(req, nothing);
    changed(req, res, restoreContactNote(here(res).workspace, noteOf(req)), 'The note is back.');
  });
  router.post(`${path}/labels`, edit, label);
  router.post(`${path}/block`, edit, (req, res) => {
    parseForm(req, nothing);
    block(req, res);
  });
  router.post(`${path}/unblock`, edit, (req, res) => {
    parseForm(req, nothing);
    const { workspace, user } = here(res);
    changed(
      req,
      res,
      unblockContact(workspace, idParam(req, 'contact'), user.id),
      'No longer blocked. What they write from now on is answered.',
    );
  });
  return router;
}

const labelId = z
  .string()
  .regex(/^[1-9]\d{0,14}$/)
  .transform(Number);
/** Ticked boxes of one name: none, one, or several. */
const labels = z.strictObject({ label: z.union([z.array(labelId), labelId.transform((one) => [one])]).default([]) });

function label(req: Request, res: Response): void {
  const { workspace } = here(res);
  const contactId = idParam(req, 'contact');
  const read = parseForm(req, labels);
  if (!read.ok) throw new Problem(422, 'Reload the page and choose the labels again.');
  if (!contactCard(workspace, contactId)) throw nothingHere();
  setContactLabels(workspace, contactId, read.values.label);
  changed(req, res, true, 'The labels are saved.');
}

const noteOf = (req: Request): NoteOf => ({ contactId: idParam(req, 'contact'), noteId: idParam(req, 'note') });
const pathOf = (req: Request, res: Response): string => `/w/${here(res).workspace.id}/contacts/${idParam(req, 'contact')}`;

function textOf(req: Request): string {
  const read = parseForm(req, note);
  if (!read.ok) throw new Problem(422, read.errors['text'] ?? 'The note is missing.');
  return read.values.text;
}

function changed(req: Request, res: Response, done: boolean, says: string, undo?: string): void {
  if (!done) throw nothingHere();
  flash(res, says, undo === undefined ? {} : { undo });
  seeOther(req, res, pathOf(req, res));
}

function addNote(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const contactId = idParam(req, 'contact');
  const text = textOf(req);
  if (!contactCard(workspace, contactId)) throw nothingHere();
  noteOnContact(workspace, { contactId, userId: user.id, text });
  changed(req, res, true, 'Noted.');
}

function dropNote(req: Request, res: Response): void {
  parseForm(req, nothing);
  const done = deleteContactNote(here(res).workspace, noteOf(req));
  changed(req, res, done, 'The note is deleted.', `${pathOf(req, res)}/notes/${noteOf(req).noteId}/restore`);
}

function block(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const says = 'Blocked. What they write is kept, gets no answer and calls nobody.';
  changed(req, res, blockContact(workspace, idParam(req, 'contact'), user.id), says, `${pathOf(req, res)}/unblock`);
}
