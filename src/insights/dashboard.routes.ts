/** The dashboard, its tables as CSV, and the one assumption behind it. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { CSV_TYPE } from '../lib/csv.ts';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { nothingHere } from '../web/problem.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { tables, viewOf, type Wanted } from './dashboard-material.ts';
import { dashboardPage, type Refused } from './dashboard-page.ts';
import { tableCsv } from './figures-csv.ts';
import { TABLES } from './figures-tables.ts';
import { setMinutesPerAnswer } from './set-minutes.ts';

const id = z.coerce.number().int().positive().nullable().catch(null);
const address = z.object({
  period: z.enum(['7', '30', '90', 'month', 'own']).catch('30'),
  from: z.string().max(10).catch(''),
  to: z.string().max(10).catch(''),
  channel: id,
  bot: id,
}) satisfies z.ZodType<Wanted>;
const MINUTES = 'Give whole minutes, from 1 to 240.';
const minutesForm = z.strictObject({
  minutes: z
    .string()
    .regex(/^\d{1,3}$/, { error: MINUTES })
    .transform(Number)
    .refine((minutes) => minutes >= 1 && minutes <= 240, { error: MINUTES }),
});
const tableName = z.enum(TABLES);

export function dashboardRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get('/w/:workspace/insights', may('conversation.read'), show);
  router.get('/w/:workspace/insights/:table.csv', may('conversation.read'), download);
  router.post('/w/:workspace/insights/minutes', may('settings.edit'), setMinutes);
  return router;
}

function baseOf(res: Response): string {
  return `/w/${here(res).workspace.id}`;
}

async function show(req: Request, res: Response): Promise<void> {
  await page(req, res);
}

async function page(req: Request, res: Response, refused?: Refused): Promise<void> {
  const data = await dashboardPage(here(res).workspace, baseOf(res), address.parse(req.query), refused);
  if (refused || Object.keys(data.filter.errors).length > 0) res.status(422);
  render(res, 'insights/dashboard', data);
}

async function download(req: Request, res: Response): Promise<void> {
  const { workspace } = here(res);
  const name = tableName.safeParse(req.params['table']);
  const wanted = address.parse(req.query);
  if (!name.success) throw nothingHere();
  const view = await viewOf(workspace, wanted);
  if (view.wrong) throw nothingHere();
  const table = await tables[name.data](workspace, view);
  const [first, last] = [view.period.days[0]?.name, view.period.days.at(-1)?.name];
  res.attachment(`${name.data} ${first} to ${last}.csv`).type(CSV_TYPE).setHeader('Cache-Control', 'no-store');
  try {
    await pipeline(Readable.from(tableCsv(table)), res);
  } catch (error) {
    // Somebody has cancelled the download.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

async function setMinutes(req: Request, res: Response): Promise<void> {
  const { workspace, user } = here(res);
  const form = parseForm(req, minutesForm);
  if (!form.ok) {
    const minutes = form.typed['minutes'];
    await page(req, res, { minutes: typeof minutes === 'string' ? minutes : '', says: form.errors['minutes'] ?? MINUTES });
    return;
  }
  setMinutesPerAnswer(workspace, user.id, form.values.minutes);
  flash(res, 'The hours are counted by that now.');
  seeOther(req, res, `${baseOf(res)}/insights#saved`);
}
