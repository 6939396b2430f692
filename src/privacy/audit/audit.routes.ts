/** The audit log, to be read, narrowed, saved and verified. Nobody writes into it here. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { CSV_TYPE } from '../../lib/csv.ts';
import { audit } from '../../web/audit.ts';
import { may } from '../../web/guard.ts';
import { here } from '../../web/present.ts';
import { render } from '../../web/render.ts';
import type { Workspace } from '../../workspace.ts';
import { auditLines, auditPage } from './audit-page.ts';
import { verifyChain, type Verified } from './verify-chain.ts';

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .catch('');
/** An address may be typed by hand: what doesn't fit narrows nothing. */
const address = z.object({
  who: z
    .string()
    .regex(/^(\d{1,15}|system)$/)
    .catch(''),
  what: z
    .string()
    .regex(/^[a-z-]{1,40}$/)
    .catch(''),
  from: day,
  to: day,
  before: z.coerce.number().int().positive().nullable().catch(null),
});

export function auditRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get('/w/:workspace/privacy/audit', may('privacy.read'), show);
  router.get('/w/:workspace/privacy/audit/verified', may('privacy.read'), showVerified);
  router.get('/w/:workspace/privacy/audit.csv', may('privacy.read'), download);
  return router;
}

function show(req: Request, res: Response): void {
  const { before, ...filter } = address.parse(req.query);
  render(res, 'privacy/audit', auditPage(here(res).workspace, filter, before));
}

function showVerified(_req: Request, res: Response): void {
  const { workspace } = here(res);
  const { before, ...filter } = address.parse({});
  render(res, 'privacy/audit', { ...auditPage(workspace, filter, before), verified: verify(workspace) });
}

function verify(ws: Workspace): Verified {
  const { control, vault } = ws.installation;
  const hash = (...parts: string[]): Buffer => ws.hash(...parts);
  return verifyChain({ workspace: ws.id, sql: ws.sql, control: control.sql, hash, signedBy: vault.sign('').key });
}

async function download(req: Request, res: Response): Promise<void> {
  const { workspace, user } = here(res);
  const { before: _before, ...filter } = address.parse(req.query);
  audit(workspace, { actor: user.id, action: 'audit.exported' });
  res.attachment('Audit log.csv').type(CSV_TYPE);
  await pipeline(Readable.from(auditLines(workspace, filter)), res);
}
