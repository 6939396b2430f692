/** The files of conversations, for members. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { idParam, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { Problem, nothingHere } from '../web/problem.ts';
import { pageOf, seeOther } from '../web/redirect.ts';
import { serveFile } from '../web/serve-file.ts';
import { NoFiles, TooMany } from '../web/receive-form.ts';
import { TooLarge } from '../vault/sealed-file.ts';
import { fetchAgain, SAYS } from './attachments/fetch-attachment.ts';
import { NotKept } from './attachments/keep-file.ts';
import { openAttachment } from './attachments/open-attachment.ts';
import { FileRefused, FILES_AT_ONCE, receiveSaid, type Said } from './attachments/receive-said.ts';

export function attachmentRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get('/w/:workspace/attachments/:attachment', may('conversation.read'), show);
  router.post('/w/:workspace/attachments/:attachment/fetch', may('conversation.answer'), askAgain);
  return router;
}

async function show(req: Request, res: Response): Promise<void> {
  const file = openAttachment(here(res).workspace, idParam(req, 'attachment'), { save: req.query['save'] !== undefined });
  if (!file) throw nothingHere();
  await serveFile(req, res, file);
}

/** The page's own stream shows what becomes of it. */
function askAgain(req: Request, res: Response): void {
  const { workspace } = here(res);
  parseForm(req, z.strictObject({}));
  if (!fetchAgain(workspace, idParam(req, 'attachment'))) flash(res, 'There is nothing to fetch again.');
  seeOther(req, res, pageOf(req, `/w/${workspace.id}/inbox`));
}

/** What a member says, with its files, put into `req.body` like any form; nothing of what isn't taken stays. Throws Problem. */
export async function readSaid(req: Request, res: Response): Promise<Said['files']> {
  if (!req.is('multipart/form-data')) return [];
  try {
    const { fields, files } = await receiveSaid(here(res).workspace, req);
    req.body = fields;
    return files;
  } catch (error) {
    throw refusal(error);
  }
}

function refusal(error: unknown): unknown {
  if (error instanceof NoFiles)
    return new Problem(400, 'The upload didn’t arrive whole. Check the connection and send it again.', { cause: error });
  if (!(error instanceof FileRefused)) return error;
  const { file, cause } = error;
  if (cause instanceof TooLarge) return new Problem(413, `“${file}” is larger than 20 MB. Nothing was sent: send a smaller one.`);
  if (cause instanceof TooMany)
    return new Problem(422, `${FILES_AT_ONCE} files go at once. Nothing was sent: send the others after these.`);
  if (cause instanceof NotKept) return new Problem(422, `“${file}” wasn’t sent. ${SAYS[cause.why]}`);
  return cause;
}
