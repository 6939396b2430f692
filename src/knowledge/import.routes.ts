import { Router, type Request, type Response } from 'express';
import { firstWordText, wordText } from '../web/formats.ts';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { idParam } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { addQuestionsFromFile, type Imported } from './add-questions-from-file.ts';
import { filesOf, nameOf } from './adding.routes.ts';
import { guarded, pathOf } from './parts.routes.ts';
import { Unreadable } from './reading/material.ts';
import type { Received } from './receive-files.ts';
import { TooLarge } from '../vault/sealed-file.ts';
import { sourceOf } from './source.ts';

/** Skipped rows that are listed. */
const SHOWN = 100;

/** Questions and answers out of a CSV or Excel file: a source of their own, or more for one that is there. */
export function importRoutes(): Router {
  const router = Router({ mergeParams: true });
  const edit = may('knowledge.edit');
  router.post('/w/:workspace/knowledge/new/questions/file', edit, (req, res) => take(req, res, null));
  router.post(
    '/w/:workspace/knowledge/:source/questions/file',
    edit,
    guarded((req, res) => take(req, res, idParam(req, 'source'))),
  );
  return router;
}

async function take(req: Request, res: Response, into: number | null): Promise<void> {
  const { workspace, user } = here(res);
  if (into !== null) sourceOf(workspace, into);
  const imports: Imported[] = [];
  const [file] = await filesOf(req, async (name, content) => {
    if (imports.length === 0) imports.push(await addQuestionsFromFile(workspace, { name: nameOf(name), content, into, by: user.id }));
  });
  const [outcome] = imports;
  if (outcome?.id && outcome.skipped.length === 0) {
    flash(res, `${cameIn(outcome.added)}.`);
    seeOther(req, res, pathOf(res, outcome.id));
    return;
  }
  show(res.status(422), outcome ?? { id: into, added: 0, skipped: [] }, file ? refusal(file) : 'Choose a file.');
}

/** What came in and what didn't, with the way to try again. */
function show(res: Response, { id, added, skipped }: Imported, error: string | undefined): void {
  const source = id === null ? null : sourceOf(here(res).workspace, id);
  const were = skipped.length === 1 ? 'row was' : 'rows were';
  render(res, 'knowledge/imported', {
    line: error ?? `${cameIn(added)}, ${wordText(skipped.length)} ${were} skipped.`,
    back: source?.title ?? 'Add a source',
    backHref: source ? pathOf(res, source.id) : pathOf(res, 'new', 'questions'),
    action: source ? pathOf(res, source.id, 'questions', 'file') : pathOf(res, 'new', 'questions', 'file'),
    skipped: skipped.slice(0, SHOWN),
    more: Math.max(0, skipped.length - SHOWN),
  });
}

/** What is said of a file that wasn't taken; undefined when it was. Throws what nobody expects. */
function refusal({ name, error }: Received): string | undefined {
  if (error instanceof TooLarge) return `“${nameOf(name)}” is larger than 5 MB. Split it into several files.`;
  if (error instanceof Unreadable) return error.message;
  if (error instanceof Error) throw error;
  return undefined;
}

function cameIn(pairs: number): string {
  return pairs === 0 ? 'Nothing came in' : `${firstWordText(pairs)} ${pairs === 1 ? 'pair' : 'pairs'} came in`;
}
