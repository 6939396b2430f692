/**
 * How often the search finds the right paragraph: XQuAD's paragraphs are added as a user adds texts, read and searched by
 * the product, and its questions asked. `--data` is a folder with `xquad.LANG.json`, in SQuAD's format.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { closeInstallation, openInstallation } from '../../src/installation.ts';
import { addText, closeReading, closeSearch, readSource, search } from '../../src/knowledge/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { percentile } from './http-load.ts';

interface Found {
  /** Share of the questions whose paragraph comes first, and among the first five. */
  r1: number;
  r5: number;
  /** Mean of 1/place, 0 beyond the tenth. */
  mrr: number;
}

export interface RetrievalReport {
  name: 'retrieval';
  languages: Record<string, Found>;
  mean: Found;
  /** ms of one search, one after the other, over all languages. */
  searchMs: { p50: number; p95: number };
  targets: Record<'r1' | 'r5', string>;
  met: Record<'r1' | 'r5', boolean>;
}

const PLACES = 10;
/** A paragraph that was cut takes several places in the list. */
const PASSAGES = 3 * PLACES;
const FILE = /^xquad\.([\w-]+)\.json$/;

interface Paragraph {
  context: string;
  qas: { question: string }[];
}

export async function retrieval(data: string): Promise<RetrievalReport> {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-bench-'));
  const env = { DATA_DIR: join(folder, 'data'), KEYS_DIR: join(folder, 'keys'), LOG_LEVEL: 'warn' };
  const installation = await openInstallation(readConfig(env));
  await installation.jobs.start({ 'read-source': readSource });
  const languages: Record<string, Found> = {};
  const times: number[] = [];
  for (const file of readdirSync(data).sort()) {
    const language = FILE.exec(file)?.[1];
    if (language === undefined) continue;
    const { data: articles } = JSON.parse(readFileSync(join(data, file), 'utf8')) as { data: { paragraphs: Paragraph[] }[] };
    const id = installation.workspaces.create({ name: language, language: 'en', timezone: 'UTC', currency: 'EUR' });
    const paragraphs = articles.flatMap((article) => article.paragraphs);
    languages[language] = await installation.workspaces.use(id, (ws) => findAll(ws, paragraphs, times));
  }
  await installation.jobs.stop(0);
  await Promise.all([closeReading(), closeSearch()]);
  await closeInstallation(installation);
  rmSync(folder, { recursive: true, force: true });
  return report(languages, times);
}

async function findAll(ws: Workspace, paragraphs: readonly Paragraph[], times: number[]): Promise<Found> {
  const read = everythingRead(ws);
  // Without titles: the data's are English and name the article, which none of the questions' authors had to.
  const sources = paragraphs.map(({ context }) => addText(ws, { title: '', text: context, by: null }));
  await read;
  const places: number[] = [];
  for (const [n, { qas }] of paragraphs.entries()) {
    for (const { question } of qas) {
      const began = performance.now();
      const passages = await search(ws, { query: question, limit: PASSAGES });
      times.push(performance.now() - began);
      places.push([...new Set(passages.map(({ sourceId }) => sourceId))].indexOf(sources[n] ?? -1) + 1);
    }
  }
  const share = (counts: (place: number) => number): number => places.reduce((sum, place) => sum + counts(place), 0) / places.length;
  return {
    r1: share((place) => Number(place === 1)),
    r5: share((place) => Number(place >= 1 && place <= 5)),
    mrr: share((place) => (place >= 1 && place <= PLACES ? 1 / place : 0)),
  };
}

/** Resolves when nothing waits to be read any more. */
function everythingRead(ws: Workspace): Promise<void> {
  const left = ws.prepare("SELECT count(*) FROM sources WHERE state IN ('waiting', 'reading')").pluck();
  return new Promise((resolve) => {
    const stop = ws.bus.subscribe('all', (event) => {
      if (event.type !== 'source' || left.get() !== 0) return;
      stop();
      resolve();
    });
  });
}

function report(languages: Record<string, Found>, times: number[]): RetrievalReport {
  const all = Object.values(languages);
  if (all.length === 0) throw new Error('there is no xquad.LANG.json in that folder');
  const mean = (key: keyof Found): number => all.reduce((sum, found) => sum + found[key], 0) / all.length;
  const found = { r1: mean('r1'), r5: mean('r5'), mrr: mean('mrr') };
  return {
    name: 'retrieval',
    languages,
    mean: found,
    searchMs: { p50: percentile(times, 0.5), p95: percentile(times, 0.95) },
    targets: { r1: 'mean at least 0.93', r5: 'mean at least 0.99' },
    met: { r1: found.r1 >= 0.93, r5: found.r5 >= 0.99 },
  };
}

export function printRetrieval(report: RetrievalReport, json: boolean): void {
  const { languages, mean, ...rest } = report;
  const line = (name: string, { r1, r5, mrr }: Found): string =>
    `  ${name.padEnd(6)} R@1 ${r1.toFixed(4)}   R@5 ${r5.toFixed(4)}   MRR ${mrr.toFixed(4)}`;
  const lines = [...Object.entries(languages).map(([language, found]) => line(language, found)), line('mean', mean)];
  const targets = (['r1', 'r5'] as const).map((key) => `  ${rest.met[key] ? 'met  ' : 'short'} ${key}: ${rest.targets[key]}`);
  const times = `  a search: p50 ${rest.searchMs.p50.toFixed(1)} ms, p95 ${rest.searchMs.p95.toFixed(1)} ms`;
  process.stdout.write(`${rest.name}\n${[...lines, times, ...targets].join('\n')}\n`);
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
}
