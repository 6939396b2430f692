/** Contacts out of a CSV file: chosen, looked at, imported, watched, taken back. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import {
  beginImport,
  contactImport,
  dropImport,
  goOn,
  importPlan,
  LARGEST_SHEET,
  NoSheet,
  pauseImport,
  planImport,
  skippedCells,
  stopImport,
  takeFile,
  undoImport,
  withColumns,
  type ContactImport,
  type ImportPlan,
} from '../../contacts/index.ts';
import { BOM, csvLine, CSV_TYPE } from '../../lib/csv.ts';
import { TooLarge } from '../../vault/sealed-file.ts';
import { flash } from '../../web/flash.ts';
import { may } from '../../web/guard.ts';
import { idParam, line, parseForm, ticked } from '../../web/parse.ts';
import { here } from '../../web/present.ts';
import { nothingHere, Problem } from '../../web/problem.ts';
import { NoFiles, receiveForm, type Received } from '../../web/receive-form.ts';
import { seeOther } from '../../web/redirect.ts';
import { fragment, render } from '../../web/render.ts';
import type { Workspace } from '../../workspace.ts';
import { importsPage, planPage, progressPage } from './import-page.ts';

const LIMITS = { fileBytes: LARGEST_SHEET, files: 1, fieldBytes: 1000 };
const ONE = '/w/:workspace/contacts/import/:import';

export function importRoutes(): Router {
  const router = Router({ mergeParams: true });
  const guard = may('contact.import');
  router.get('/w/:workspace/contacts/import', guard, (_req, res) =>
    render(res, 'contacts/imports', importsPage(here(res).workspace, null)),
  );
  router.post('/w/:workspace/contacts/import', guard, take);
  router.get(ONE, guard, show);
  router.get(`${ONE}/progress`, guard, (req, res) =>
    fragment(res, 'contacts/_import', progressPage(here(res).workspace, importOf(req, res))),
  );
  router.get(`${ONE}/skipped.csv`, guard, download);
  router.post(ONE, guard, look);
  router.post(`${ONE}/drop`, guard, drop);
  const steps = {
    'go-on': [goOn, 'It goes on.'],
    pause: [pauseImport, 'Paused.'],
    stop: [stopImport, 'Stopped. What is in stays in.'],
    undo: [undoImport, 'What it wrote is being taken back.'],
  } as const;
  for (const [name, [act, says]] of Object.entries(steps)) router.post(`${ONE}/${name}`, guard, (req, res) => steer(req, res, act, says));
  return router;
}

function importOf(req: Request, res: Response): ContactImport {
  const found = contactImport(here(res).workspace, idParam(req, 'import'));
  if (!found) throw nothingHere();
  return found;
}

const pathOf = (res: Response, id: number): string => `/w/${here(res).workspace.id}/contacts/import/${id}`;

async function show(req: Request, res: Response): Promise<void> {
  const { workspace } = here(res);
  const found = importOf(req, res);
  if (found.state === 'new') render(res, 'contacts/import-plan', await planPage(workspace, found));
  else render(res, 'contacts/import', progressPage(workspace, found));
}

async function take(req: Request, res: Response): Promise<void> {
  const { workspace, user } = here(res);
  const taken: number[] = [];
  const received = await receiveForm(req, LIMITS, async (name, content) => {
    taken.push(await takeFile(workspace, { name: nameOf(name), content, userId: user.id }));
  }).catch((cause: unknown) => {
    if (cause instanceof NoFiles) return null;
    throw cause;
  });
  const [id] = taken;
  if (id !== undefined) {
    seeOther(req, res, pathOf(res, id));
    return;
  }
  render(
    res.status(422),
    'contacts/imports',
    importsPage(
      workspace,
      received ? refusal(received.files[0]) : 'The upload didn’t arrive whole. Check the connection and send it again.',
    ),
  );
}

function nameOf(name: string): string {
  const read = line('The name', 255).safeParse(name);
  return read.success ? read.data : 'File';
}

function refusal(file: Received | undefined): string {
  if (!file) return 'Choose a CSV file.';
  if (file.error instanceof TooLarge) return 'The file is larger than 256 MB. Split it into several.';
  if (file.error instanceof NoSheet) return file.error.message;
  throw file.error;
}

/** How the file is read has been changed, or it is to begin. */
async function look(req: Request, res: Response): Promise<void> {
  const { workspace, user } = here(res);
  const found = importOf(req, res);
  const read = parseForm(req, formOf(found.plan));
  if (!read.ok) throw new Problem(422, 'Reload the page and choose again: something was sent that it doesn’t offer.');
  const { act, ...plan } = read.values;
  const asBefore = plan.encoding === found.plan.encoding && plan.delimiter === found.plan.delimiter;
  const refused = asBefore ? planImport(workspace, found.id, plan) : await readAnew(workspace, found, plan);
  // Read otherwise, it is looked at once more before anything is written.
  const why = refused ?? (act === 'import' && asBefore ? beginImport(workspace, found.id, user.id) : undefined);
  const now = importOf(req, res);
  if (why !== undefined && now.state === 'new') {
    res.status(422);
    render(res, 'contacts/import-plan', await planPage(workspace, now, why));
    return;
  }
  if (why !== undefined) flash(res, why);
  seeOther(req, res, pathOf(res, found.id));
}

/** Read otherwise, the columns are others. */
async function readAnew(workspace: Workspace, found: ContactImport, plan: ImportPlan): Promise<string | undefined> {
  try {
    return planImport(workspace, found.id, await withColumns(workspace, found, plan));
  } catch (error) {
    if (error instanceof NoSheet) return error.message;
    throw error;
  }
}

/** A field for each column that the page showed. */
function formOf({ columns }: ImportPlan) {
  const { encoding, delimiter, columns: targets } = importPlan.shape;
  const each = Object.fromEntries(columns.map((_, at) => [`column-${at}`, targets.element]));
  const key = z
    .string()
    .regex(/^(?:[1-9]\d{0,14})?$/)
    .default('')
    .transform((text) => (text === '' ? null : Number(text)));
  return z
    .strictObject({ encoding, delimiter, head: ticked(), key, act: z.enum(['look', 'import']), ...each })
    .transform(({ encoding, delimiter, head, key, act, ...rest }) => ({
      act,
      encoding,
      delimiter,
      head,
      key,
      columns: columns.map((_, at) => (rest as Record<string, ImportPlan['columns'][number]>)[`column-${at}`] ?? ''),
    }));
}

function steer(req: Request, res: Response, act: (ws: Workspace, id: number, userId: number) => string | undefined, says: string): void {
  const { workspace, user } = here(res);
  parseForm(req, z.strictObject({}));
  const { id } = importOf(req, res);
  flash(res, act(workspace, id, user.id) ?? says);
  seeOther(req, res, pathOf(res, id));
}

function drop(req: Request, res: Response): void {
  const { workspace } = here(res);
  parseForm(req, z.strictObject({}));
  if (!dropImport(workspace, importOf(req, res).id)) throw new Problem(409, 'The import was begun. Stop it, or take it back.');
  flash(res, 'The file is thrown away.');
  seeOther(req, res, `/w/${workspace.id}/contacts/import`);
}

/** The rows that weren't taken, as they stand in the file, with why: to be mended and imported again. */
async function download(req: Request, res: Response): Promise<void> {
  const { workspace } = here(res);
  const found = importOf(req, res);
  if (found.filePath === null) throw nothingHere();
  res.attachment(`Skipped rows ${found.id}.csv`).type(CSV_TYPE);
  async function* lines(): AsyncGenerator<string> {
    yield BOM;
    for await (const { cells, skipped } of skippedCells(workspace, found))
      yield csvLine([...cells, skipped === null ? 'Row' : skipped.row, skipped === null ? 'Why it was skipped' : skipped.says]);
  }
  await pipeline(Readable.from(lines()), res);
}
