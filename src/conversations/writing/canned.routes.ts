/** The replies that are kept ready: written, changed, taken in from a file, removed by whoever answers. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { wordText, firstWordText } from '../../web/formats.ts';
import { flash } from '../../web/flash.ts';
import { may } from '../../web/guard.ts';
import { idParam, parseForm } from '../../web/parse.ts';
import { here } from '../../web/present.ts';
import { nothingHere } from '../../web/problem.ts';
import { receiveSmall } from '../../web/receive-form.ts';
import { seeOther } from '../../web/redirect.ts';
import { render } from '../../web/render.ts';
import { cannedReplies, cannedReply } from './canned-replies.queries.ts';
import { VARIABLES } from './fill-words.ts';
import { readCannedCsv, type ReadCanned } from './read-canned-csv.ts';
import { CANNED_AT_MOST, cannedForm, importCannedReplies, removeCannedReply, saveCannedReply } from './save-canned-reply.ts';

const FILE_BYTES = 2 * 1024 * 1024;
/** Skipped rows that are listed. */
const SKIPPED = 50;

const MEANS: Record<(typeof VARIABLES)[number], string> = {
  'contact.first_name': 'the customer’s first name',
  'contact.name': 'their whole name',
  'me.first_name': 'the first name of who sends it',
  'business.name': 'the name of the business',
  'business.hours': 'today’s opening hours, or when you open next, as a sentence in the language of the reply',
};

export function cannedRoutes(): Router {
  const router = Router({ mergeParams: true });
  const answer = may('conversation.answer');
  router.get('/w/:workspace/canned', answer, (_req, res) => page(res, { id: null }));
  router.post('/w/:workspace/canned', answer, (req, res) => save(req, res, null));
  router.post('/w/:workspace/canned/import', answer, takeFile);
  router.get('/w/:workspace/canned/:id', answer, (req, res) => page(res, { id: idParam(req, 'id') }));
  router.post('/w/:workspace/canned/:id', answer, (req, res) => save(req, res, idParam(req, 'id')));
  router.post('/w/:workspace/canned/:id/remove', answer, remove);
  return router;
}

interface Shown {
  id: number | null;
  typed?: object;
  errors?: Record<string, string>;
  /** Why a file wasn't taken, or which of its rows were not. */
  file?: { error?: string; skipped: ReadCanned['skipped']; more: number };
}

function page(res: Response, { id, typed, errors = {}, file }: Shown): void {
  const { workspace } = here(res);
  const replies = cannedReplies(workspace);
  const open = id === null ? undefined : cannedReply(workspace, id);
  if (id !== null && !open) throw nothingHere();
  render(res, 'inbox/canned', {
    line:
      replies.length === 0
        ? 'No reply is kept ready yet.'
        : `${firstWordText(replies.length)} ${replies.length === 1 ? 'reply is' : 'replies are'} kept ready.`,
    replies,
    open,
    typed: typed ?? open ?? { shortcut: '', text: '' },
    errors,
    file,
    variables: VARIABLES.map((name) => ({ written: `{{${name}}}`, means: MEANS[name] })),
  });
}

function save(req: Request, res: Response, id: number | null): void {
  const { workspace, user } = here(res);
  const form = parseForm(req, cannedForm);
  if (!form.ok) {
    page(res.status(422), { id, typed: form.typed, errors: form.errors });
    return;
  }
  const { shortcut } = form.values;
  switch (saveCannedReply(workspace, { ...form.values, id, userId: user.id })) {
    case 'saved':
      flash(res, `Saved as /${shortcut}.`);
      seeOther(req, res, `/w/${workspace.id}/canned`);
      return;
    case 'taken':
      page(res.status(422), {
        id,
        typed: form.values,
        errors: { shortcut: `/${shortcut} is another reply already. Choose another word.` },
      });
      return;
    case 'full':
      page(res.status(422), { id, typed: form.values, errors: { text: `${CANNED_AT_MOST} replies are the most. Remove one first.` } });
      return;
    case 'not-there':
      throw nothingHere();
  }
}

function remove(req: Request, res: Response): void {
  const { workspace } = here(res);
  parseForm(req, z.strictObject({}));
  if (!removeCannedReply(workspace, idParam(req, 'id'))) throw nothingHere();
  flash(res, 'Removed.');
  seeOther(req, res, `/w/${workspace.id}/canned`);
}

async function takeFile(req: Request, res: Response): Promise<void> {
  const { workspace, user } = here(res);
  const file = await receiveSmall(req, FILE_BYTES);
  const read = typeof file === 'string' ? null : readCannedCsv(file);
  if (!read) {
    page(res.status(422), { id: null, file: { error: refusal(file), skipped: [], more: 0 } });
    return;
  }
  const { added, changed, over } = importCannedReplies(workspace, read.rows, user.id);
  const says = `${firstWordText(added)} came in, ${wordText(changed)} were changed.`;
  if (read.skipped.length === 0 && over === 0) {
    flash(res, says);
    seeOther(req, res, `/w/${workspace.id}/canned`);
    return;
  }
  const error =
    over > 0 ? `${says} ${CANNED_AT_MOST} replies are the most: ${wordText(over)} had no room.` : `${says} Some rows were not taken.`;
  page(res.status(422), {
    id: null,
    file: { error, skipped: read.skipped.slice(0, SKIPPED), more: Math.max(0, read.skipped.length - SKIPPED) },
  });
}

function refusal(file: Buffer | 'none' | 'too-large'): string {
  if (file === 'none') return 'Choose a CSV file.';
  if (file === 'too-large') return 'The file is larger than 2 MB. Split it into several.';
  return 'This is no CSV file with two columns: the shortcut, and the text. Save the sheet as CSV and choose it again.';
}
