/** Contacts as CSV: those that the list shows, all of them. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router, type Request, type Response } from 'express';
import { contactLines } from '../../contacts/index.ts';
import { CSV_TYPE } from '../../lib/csv.ts';
import { audit } from '../../web/audit.ts';
import { may } from '../../web/guard.ts';
import { here } from '../../web/present.ts';
import { listAddress } from './contact-list-address.ts';

export function exportRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get('/w/:workspace/contacts.csv', may('contact.export'), download);
  return router;
}

async function download(req: Request, res: Response): Promise<void> {
  const { workspace, user } = here(res);
  const { after: _after, before: _before, ...filter } = listAddress.parse(req.query);
  const narrowed = Object.values(filter).some((value) => value !== null && value !== '' && value !== false);
  // Before the first byte: whatever becomes of the download, it is known who asked for it.
  audit(workspace, { actor: user.id, action: 'contacts.exported', detail: { all: !narrowed } });
  res.attachment('Contacts.csv').type(CSV_TYPE);
  await pipeline(Readable.from(contactLines(workspace, filter)), res);
}
