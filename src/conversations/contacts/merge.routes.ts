/** Two contacts that are one person: looked at side by side, joined, and separated again. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { contactCard, contactRows, type ContactCard } from '../../contacts/index.ts';
import { flash } from '../../web/flash.ts';
import { may } from '../../web/guard.ts';
import { idParam, parseForm } from '../../web/parse.ts';
import { here } from '../../web/present.ts';
import { nothingHere, Problem } from '../../web/problem.ts';
import { seeOther } from '../../web/redirect.ts';
import { render } from '../../web/render.ts';
import type { Workspace } from '../../workspace.ts';
import { channelIcon } from '../inbox-view.ts';
import { knownAs } from '../talk-view.ts';
import { likelySame, openConversationsOf } from './contact-history.queries.ts';
import { cardName, likelyView } from './contact-page.ts';
import { mergeContacts } from './merge-contacts.ts';
import { unmergeContacts } from './unmerge-contacts.ts';

const FOUND = 20;
const nothing = z.strictObject({});
const form = z.strictObject({ with: z.coerce.number().int().positive() });
const address = z.object({
  with: z.coerce.number().int().positive().optional().catch(undefined),
  q: z.string().trim().max(200).catch(''),
});

export function mergeRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get('/w/:workspace/contacts/:contact/merge', may('contact.merge'), show);
  router.post('/w/:workspace/contacts/:contact/merge', may('contact.merge'), merge);
  router.post('/w/:workspace/contacts/:contact/merges/:merge/undo', may('contact.merge'), separate);
  return router;
}

function show(req: Request, res: Response): void {
  const { workspace } = here(res);
  const stays = contactCard(workspace, idParam(req, 'contact'));
  if (!stays) throw nothingHere();
  const { with: other, q } = address.parse(req.query);
  const goes = other === undefined || other === stays.id ? undefined : contactCard(workspace, other);
  if (other !== undefined && !goes) throw nothingHere();
  const found =
    q === ''
      ? []
      : contactRows(workspace, { query: q, channel: null, label: null, blocked: false, field: null, value: '' }, { limit: FOUND });
  render(res, 'contacts/merge', {
    name: cardName(stays),
    path: `/w/${workspace.id}/contacts/${stays.id}`,
    query: q,
    found: found.filter(({ id }) => id !== stays.id).map(likelyView),
    likely: likelySame(workspace, stays.id).map(likelyView),
    preview: goes ? previewOf(workspace, stays, goes) : null,
  });
}

/** What both have, and what one will have. */
function previewOf(ws: Workspace, stays: ContactCard, goes: ContactCard): object {
  const row = (name: string, ours: string | null, theirs: string | null) => ({ name, ours, theirs, then: ours ?? theirs });
  const known = new Map<number, { name: string; ours: string | null; theirs: string | null }>();
  for (const { fieldId, name, value } of stays.values) known.set(fieldId, { name, ours: value, theirs: null });
  for (const { fieldId, name, value } of goes.values) known.set(fieldId, { name, ours: known.get(fieldId)?.ours ?? null, theirs: value });
  const rows = [
    row('Name', stays.name, goes.name),
    row('E-mail', stays.email, goes.email),
    row('Phone', stays.phone, goes.phone),
    ...[...known.values()].map(({ name, ours, theirs }) => row(name, ours, theirs)),
  ];
  const open = openConversationsOf(ws, stays.id) + openConversationsOf(ws, goes.id);
  return {
    id: goes.id,
    name: cardName(goes),
    rows: rows.filter(({ then }) => then !== null),
    identities: [...stays.identities, ...goes.identities].map((identity) => ({
      icon: channelIcon(identity.channelKind),
      channelName: identity.channelName,
      says: knownAs(identity, (value) => value),
    })),
    open: open > 1 ? open : null,
    blocked: (stays.blockedAt === null) !== (goes.blockedAt === null),
  };
}

function merge(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const stays = idParam(req, 'contact');
  const read = parseForm(req, form);
  if (!read.ok) throw new Problem(422, 'Choose the other contact.');
  const merged = mergeContacts(workspace, { stays, goes: read.values.with, userId: user.id });
  if (!merged.ok) throw new Problem(409, merged.says);
  const path = `/w/${workspace.id}/contacts/${stays}`;
  flash(res, 'Merged: one contact now.', { undo: `${path}/merges/${merged.mergeId}/undo` });
  seeOther(req, res, path);
}

function separate(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  parseForm(req, nothing);
  const contactId = idParam(req, 'contact');
  const back = unmergeContacts(workspace, { contactId, mergeId: idParam(req, 'merge'), userId: user.id });
  if (back === undefined) throw nothingHere();
  if (back === 'held')
    throw new Problem(409, 'They asked for no messages, no bot, or their data to be left alone or deleted. They can’t be separated.');
  flash(res, 'They are two contacts again.');
  seeOther(req, res, `/w/${workspace.id}/contacts/${contactId}`);
}
