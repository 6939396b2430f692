/** The job that reads a web source page by page, a few seconds at a time. Where it stands is in the rows of its pages. */
import { eq } from '../../db/drizzle.ts';
import { sources } from '../../db/schema/workspace.ts';
import { enqueue } from '../../jobs/enqueue.ts';
import type { Job, JobKind } from '../../jobs/job.ts';
import type { Workspace } from '../../workspace.ts';
import { tell, type Source } from '../source.ts';
import { takeFeed } from '../feed/take-feed.ts';
import { endPass, leaveOff, teller } from './end-pass.ts';
import { listSite } from './list-site.ts';
import { dueOf, nextDue, seenOf, type Page } from './page-rows.ts';
import { Politeness } from './polite.ts';
import { LIMITS, Site, SiteUnreadable, type ReaderLimits } from './site.ts';
import { visitPage } from './visit-page.ts';

/** Mostly they wait for their servers; what they read waits for the reading threads. */
const AT_ONCE = 8;
/** So long one run lasts: a stop costs at most the page at hand, and three stops in a long crawl park nothing. */
const RUN_MS = 8000;
/** A server that fails so often in a row is left alone until the next time. */
const FAILED_IN_A_ROW = 5;
/** So many pages are looked at before the owner is asked: what links lead to can't be known otherwise; of a sitemap only how much a page holds. */
const LOOKED_AT = { links: 40, sitemap: 5 } as const;

/** The kind of job that reads web sources. A process has one: its politeness counts for all of them. */
export function pagesReader(limits: Partial<ReaderLimits> = {}): JobKind {
  const politeness = new Politeness();
  return {
    atOnce: AT_ONCE,
    attempts: 3,
    async run(ws, job, signal) {
      const source = begin(ws, Number(job.payload['sourceId']));
      if (!source) return job.finishQuietly();
      const site = new Site(ws, source, { politeness, limits: { ...LIMITS, ...limits }, signal });
      try {
        await (source.kind === 'feed' ? takeFeed(site, job) : takeSite(site, job));
      } catch (error) {
        // Removed meanwhile: what would be written of it has nowhere to stand.
        if (job.finished || isThere(ws, source.id)) throw error;
        job.finishQuietly();
      }
    },
    onParked(ws, { payload }) {
      endPass(
        ws,
        Number(payload['sourceId']),
        'Reading this failed again and again. Try it once more; if it fails, the log of the server says why.',
      );
    },
  };
}

async function takeSite(site: Site, job: Job): Promise<void> {
  const { ws, source } = site;
  try {
    await site.meet();
    if (source.listing !== null) await listSite(site);
  } catch (error) {
    if (!(error instanceof SiteUnreadable)) throw error;
    await job.finish(() => endPass(ws, source.id, error.message));
    return;
  }
  await readSome(site, job);
}

function isThere(ws: Workspace, id: number): boolean {
  const source = ws.db.select({ state: sources.state }).from(sources).where(eq(sources.id, id)).get();
  return source !== undefined && source.state !== 'removing';
}

async function readSome(site: Site, job: Job): Promise<void> {
  const { ws, source } = site;
  const until = ws.clock.steady() + RUN_MS;
  const progress = teller(ws, source.id);
  let failed = 0;
  while (failed < FAILED_IN_A_ROW) {
    const page = nextPage(site);
    if (!page) break;
    const visit = await visitPage(site, page);
    failed = visit === 'answered' ? 0 : failed + 1;
    progress();
    if (ws.clock.steady() > until) break;
  }
  await job.finish(() => rest(site, failed >= FAILED_IN_A_ROW));
}

/** What a run begins with; undefined where nothing is to be read any more: removed, paused, waiting for a yes. */
function begin(ws: Workspace, id: number): Source | undefined {
  return ws.write(() => {
    const source = ws.db.select().from(sources).where(eq(sources.id, id)).get();
    if (!source || !['exploring', 'waiting', 'reading'].includes(source.state)) return undefined;
    if (source.state === 'waiting')
      ws.db.update(sources).set({ state: 'reading', updatedAt: ws.clock.now() }).where(eq(sources.id, id)).run();
    tell(ws, id);
    return source;
  });
}

/** Undefined when none is due, when somebody paused or removed it, and when enough was looked at. */
function nextPage({ ws, source, rules }: Site): Page | undefined {
  const state = ws.db.select({ state: sources.state }).from(sources).where(eq(sources.id, source.id)).get()?.state;
  if (state !== 'reading' && state !== 'exploring') return undefined;
  if (state === 'exploring' && enoughSeen(ws, source.id, rules.from)) return undefined;
  return nextDue(ws, source.id);
}

function enoughSeen(ws: Workspace, id: number, from: 'sitemap' | 'links' | null): boolean {
  return seenOf(ws, id) >= LOOKED_AT[from ?? 'links'];
}

/** The end of a run, inside its transaction: the next one, or what the source is now. */
function rest({ ws, source: { id }, rules }: Site, silent: boolean): void {
  const now = ws.db.select().from(sources).where(eq(sources.id, id)).get();
  if (!now || (now.state !== 'reading' && now.state !== 'exploring')) return;
  const { due, all } = dueOf(ws, id);
  ws.db
    .update(sources)
    .set({ progressDone: all - due, progressTotal: all })
    .where(eq(sources.id, id))
    .run();
  tell(ws, id);
  if (silent) return leaveOff(ws, id);
  const looking = now.state === 'exploring';
  const goesOn = due > 0 && !(looking && enoughSeen(ws, id, rules.from));
  if (goesOn || now.listing !== null) return askAgain(ws, id);
  if (looking && somethingFound(ws, id))
    ws.db.update(sources).set({ state: 'found', updatedAt: ws.clock.now() }).where(eq(sources.id, id)).run();
  else endPass(ws, id, null);
}

function somethingFound(ws: Workspace, id: number): boolean {
  return ws.prepare("SELECT 1 FROM pages WHERE source_id = ? AND state IN ('found', 'ready') LIMIT 1").pluck().get(id) !== undefined;
}

function askAgain(ws: Workspace, id: number): void {
  enqueue(ws, { kind: 'read-pages', key: String(id), payload: { sourceId: id } });
}
