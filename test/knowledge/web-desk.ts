/** Café Aurora's desk with a website to read. */
import assert from 'node:assert/strict';
import type { PerformanceEntry } from 'node:perf_hooks';
import { addPage, addSite, clearSource, dropGone, pagesReader, readSource, refreshOnTime } from '../../src/knowledge/index.ts';
import { readSite } from '../../src/knowledge/web/change-site.ts';
import { pageWith } from '../../src/knowledge/web/page-rows.ts';
import type { ReaderLimits } from '../../src/knowledge/web/site.ts';
import { sourceOf, type Source, type SourceState } from '../../src/knowledge/source.ts';
import type { Workspace } from '../../src/workspace.ts';
import { website, type Website } from '../simulators/website.ts';
import { TestClock } from '../support/clock.ts';
import { eventually } from '../support/eventually.ts';
import { cafeAurora, testInstallation, type TestInstallation } from '../support/installation.ts';

export const webKinds = (limits: Partial<ReaderLimits> = {}) => ({
  'read-source': readSource,
  'clear-source': clearSource,
  'read-pages': pagesReader({ pauseMs: 0, timeoutMs: 2000, ...limits }),
  'refresh-source': refreshOnTime,
  'drop-gone': dropGone,
});

export interface WebDesk extends TestInstallation {
  ws: Workspace;
  site: Website;
  clock: TestClock;
}

export async function openWebDesk(options: { limits?: Partial<ReaderLimits>; env?: Record<string, string> } = {}): Promise<WebDesk> {
  const clock = new TestClock();
  const test = await testInstallation({ clock, ...(options.env ? { env: options.env } : {}) });
  const { workspace, release } = test.installation.workspaces.hold(cafeAurora(test.installation));
  await test.installation.jobs.start(webKinds(options.limits));
  const site = await website();
  return {
    ...test,
    ws: workspace,
    site,
    clock,
    async end() {
      await test.installation.jobs.stop(0);
      release();
      await test.end();
      await site.close();
    },
  };
}

/** Waits until the source has come to one of these states. */
export async function cameTo(ws: Workspace, id: number, ...states: SourceState[]): Promise<Source> {
  return eventually(() => {
    const source = sourceOf(ws, id);
    assert.ok(states.includes(source.state), `it is ${source.state}: ${source.says}`);
    return source;
  }, 20_000);
}

/** Adds the site, waits for what is found, and agrees. */
export async function readWhole(ws: Workspace, address: string): Promise<Source> {
  const id = addSite(ws, { address, by: null });
  await cameTo(ws, id, 'found', 'failed');
  readSite(ws, id);
  return cameTo(ws, id, 'ready', 'failed');
}

export async function readOne(ws: Workspace, address: string): Promise<Source> {
  return cameTo(ws, addPage(ws, { address, by: null }), 'ready', 'failed');
}

/** Every page as "state key", with what is said of it. */
export function pagesOf(ws: Workspace, id: number): string[] {
  const rows = ws.sql.prepare('SELECT state, key, says FROM pages WHERE source_id = ? ORDER BY key').all(id) as {
    state: string;
    key: string;
    says: string | null;
  }[];
  return rows.map(({ state, key, says }) => `${state} ${key}${says === null ? '' : `: ${says}`}`);
}

/** What is in use of a page, passage by passage: "path | text". */
export function textOf(ws: Workspace, id: number, key: string): string[] {
  const page = pageWith(ws, id, key) ?? assert.fail(`there is no page ${key}`);
  const rows = ws.sql
    .prepare(
      'SELECT c.path, c.text FROM chunks c JOIN sources s ON s.id = c.source_id WHERE c.page_id = ? AND c.generation = s.generation ORDER BY c.position',
    )
    .all(page.id) as { path: string; text: string }[];
  return rows.map(({ path, text }) => `${path} | ${text}`);
}

/**
 * The most that one turn of the event loop has taken of this thread since, ms of the processor: what others do on the
 * machine meanwhile doesn't count, nor does collecting what the whole suite has thrown away.
 */
export function heldUp(): () => number {
  const turns: { from: number; to: number; ms: number }[] = [];
  const collected: PerformanceEntry[] = [];
  const watch = new PerformanceObserver((list) => collected.push(...list.getEntries()));
  watch.observe({ entryTypes: ['gc'] });
  let before = process.threadCpuUsage();
  let from = performance.now();
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(before);
    const to = performance.now();
    turns.push({ from, to, ms: (user + system) / 1000 });
    before = process.threadCpuUsage();
    from = to;
  }, 1);
  return () => {
    clearInterval(timer);
    collected.push(...watch.takeRecords());
    watch.disconnect();
    const during = ({ from, to }: { from: number; to: number }): number =>
      collected.reduce((sum, { startTime, duration }) => sum + (startTime >= from && startTime < to ? duration : 0), 0);
    return Math.max(0, ...turns.map((turn) => turn.ms - during(turn)));
  };
}
