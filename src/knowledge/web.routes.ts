import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { idParam, longText, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { seeOther } from '../web/redirect.ts';
import { fragmentText } from '../web/render.ts';
import { sse } from '../web/sse.ts';
import { feedPart, feedRoutes } from './feed.routes.ts';
import { guarded, pathOf } from './parts.routes.ts';
import { sourceIfAny, sourceOf, type Source } from './source.ts';
import { DEEPEST, LONGEST_KEPT_DAYS, MOST_PAGES } from './web/add-web.ts';
import { lookAgain, pauseReading, readSite, resumeReading, retryFailed, retryPage, rulesOf } from './web/change-site.ts';
import { FILTERS, lineOfWeb, listPages, PAGES_A_PAGE, pageCounts, previewOf, type Filter } from './web/pages.queries.ts';
import { refreshSource, setSchedule } from './web/refresh-source.ts';

/** Told at most so often how the reading goes. */
const TELL_MS = 500;
const NAMES: Record<Filter, string> = {
  all: 'All',
  due: 'To be read',
  ready: 'Read',
  failed: 'Failed',
  skipped: 'Left out',
  gone: 'Vanished',
};
const SCHEDULES = [
  { value: '', label: 'Only by hand' },
  { value: '24', label: 'Every day' },
  { value: '168', label: 'Every week' },
  { value: '720', label: 'Every month' },
];

const paths = (name: string): z.ZodType<string[], string> =>
  longText(name, 4000)
    .transform((text) => text.split('\n').flatMap((each) => (each.trim() === '' ? [] : [each.trim()])))
    .refine((all) => all.every((path) => path.startsWith('/')), { error: 'Each line is the beginning of a path, such as /blog/.' });
const number = (name: string, least: number, most: number): z.ZodType<number, string> =>
  z
    .string({ error: `${name} is missing.` })
    .trim()
    .refine((text) => /^\d{1,6}$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: `${name} is a number from ${least} to ${most}.`,
    })
    .transform(Number);
const rulesForm = z.strictObject({
  only: paths('The list'),
  not: paths('The list'),
  depth: number('The number of links', 0, DEEPEST),
  most: number('The number of pages', 1, MOST_PAGES),
  keepGoneDays: number('The number of days', 0, LONGEST_KEPT_DAYS),
  act: z.enum(['look', 'read']),
});
const scheduleForm = z.strictObject({ hours: z.enum(['', '24', '168', '720']) });
const noFields = z.strictObject({});

type ShowSource = (req: Request, res: Response, more?: object) => void | Promise<void>;

/** What its owner does with a page or a site. `show` renders the source's own page. */
export function webRoutes(show: ShowSource): Router {
  const router = Router({ mergeParams: true });
  const edit = may('knowledge.edit');
  const base = '/w/:workspace/knowledge/:source';
  router.use(feedRoutes(show));
  router.get(`${base}/live`, may('knowledge.read'), guarded(live));
  router.post(
    `${base}/rules`,
    edit,
    guarded((req, res) => rules(req, res, show)),
  );
  router.post(`${base}/schedule`, edit, guarded(schedule));
  router.post(`${base}/pause`, edit, act(pauseReading, 'It stops after the page at hand.'));
  router.post(`${base}/resume`, edit, act(resumeReading, 'It goes on where it stopped.'));
  router.post(`${base}/refresh`, edit, act(refreshSource, 'Its pages are asked what has changed.'));
  router.post(`${base}/pages/retry`, edit, act(retryFailed, 'The pages that failed are tried again.'));
  router.post(`${base}/pages/:page/retry`, edit, guarded(retry));
  return router;
}

/** What a web source's page shows besides the passages; null for a source that doesn't live on the web. */
export function webPart(req: Request, res: Response, source: Source, typed: object = {}): object | null {
  const address = addressOf(source);
  if (address === null) return null;
  const { workspace } = here(res);
  const counts = pageCounts(workspace, source.id);
  const filter = filterOf(req);
  const list = listNumber(req);
  const agreed = source.generation >= 0;
  const place = (values: { show: Filter; list: number }): string =>
    `?${new URLSearchParams({ show: values.show, list: String(values.list) }).toString()}`;
  return {
    ...lineOfWeb(source, counts),
    counts,
    agreed,
    address,
    kind: source.kind,
    isSite: source.kind === 'site',
    listed: source.kind !== 'page',
    busy: ['exploring', 'waiting', 'reading'].includes(source.state),
    paused: source.state === 'paused',
    reading: source.state === 'reading' && counts.due > 0 ? { done: counts.all - counts.due, all: counts.all } : null,
    preview: agreed || source.kind !== 'site' ? null : previewOf(workspace, source, counts),
    feed: feedPart(workspace, source),
    tabs: FILTERS.filter((each) => each === 'all' || each === filter || counts[each] > 0).map((each) => ({
      ...{
        href: `${pathOf(res, source.id)}${place({ show: each, list: 1 })}#pages`,
        name: NAMES[each],
        count: counts[each],
        current: each === filter,
      },
    })),
    pages: listPages(workspace, source, filter, list),
    live: `${pathOf(res, source.id, 'live')}${place({ show: filter, list })}&was=${source.state}`,
    before: list > 1 ? place({ show: filter, list: list - 1 }) : null,
    after: list * PAGES_A_PAGE < counts[filter] ? place({ show: filter, list: list + 1 }) : null,
    chosen: source.kind === 'site' ? { ...shownRules(source), ...typed } : null,
    schedules: SCHEDULES,
    hours: source.refreshHours === null ? '' : String(source.refreshHours),
  };
}

/** Null for what doesn't live on the web. */
function addressOf({ rules }: Source): string | null {
  if (rules === null) return null;
  return 'site' in rules ? rules.site.start : rules.feed.url;
}

function shownRules(source: Source): object {
  const { only, not, ...rules } = rulesOf(source);
  return { ...rules, only: only.join('\n'), not: not.join('\n') };
}

/** The page's moving parts as the reading goes on; it ends when the source is removed. */
function live(req: Request, res: Response): void {
  const { workspace } = here(res);
  const id = idParam(req, 'source');
  sourceOf(workspace, id);
  // As the page showed it.
  let state = req.query['was'];
  const stream = sse(req, res);
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    timer = undefined;
    const source = sourceIfAny(workspace, id);
    const web = source ? webPart(req, res, source) : null;
    // Only once it was looked at: afterwards somebody may be choosing in the form.
    const looked = state === 'exploring' && source?.state !== 'exploring';
    state = source?.state;
    const data = { source, web, looked, base: pathOf(res), here: pathOf(res, id) };
    if (web === null) stream.close();
    else stream.send({ data: fragmentText(res, 'knowledge/_web-changed', data) });
  };
  const stop = workspace.bus.subscribe('all', (event) => {
    if (event.type === 'source' && event.sourceId === id) timer ??= setTimeout(tell, TELL_MS);
  });
  stream.onClose(() => {
    stop();
    clearTimeout(timer);
  });
  // What happened between the page and its stream.
  tell();
}

async function rules(req: Request, res: Response, show: ShowSource): Promise<void> {
  const { workspace } = here(res);
  const id = idParam(req, 'source');
  const form = parseForm(req, rulesForm);
  if (!form.ok) {
    await show(req, res.status(422), { errors: form.errors, web: webPart(req, res, sourceOf(workspace, id), form.typed) });
    return;
  }
  const { act, ...chosen } = form.values;
  if (act === 'read') readSite(workspace, id, chosen);
  else lookAgain(workspace, id, chosen);
  flash(res, act === 'read' ? 'The pages are being read.' : 'Its pages are looked for anew.');
  seeOther(req, res, pathOf(res, id));
}

function schedule(req: Request, res: Response): void {
  const id = idParam(req, 'source');
  const form = parseForm(req, scheduleForm);
  setSchedule(here(res).workspace, id, form.ok && form.values.hours !== '' ? Number(form.values.hours) : null);
  flash(res, 'The schedule is saved.');
  seeOther(req, res, pathOf(res, id));
}

function act(verb: (ws: ReturnType<typeof here>['workspace'], id: number) => void, says: string): RequestHandler {
  return guarded((req, res) => {
    const id = idParam(req, 'source');
    parseForm(req, noFields);
    verb(here(res).workspace, id);
    flash(res, says);
    seeOther(req, res, pathOf(res, id));
  });
}

function retry(req: Request, res: Response): void {
  const id = idParam(req, 'source');
  parseForm(req, noFields);
  retryPage(here(res).workspace, id, idParam(req, 'page'));
  flash(res, 'The page is tried again.');
  seeOther(req, res, `${pathOf(res, id)}#pages`);
}

function filterOf(req: Request): Filter {
  return FILTERS.find((filter) => filter === req.query['show']) ?? 'all';
}

function listNumber(req: Request): number {
  const list = req.query['list'];
  return typeof list === 'string' && /^[1-9]\d{0,4}$/.test(list) ? Number(list) : 1;
}
