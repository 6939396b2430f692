/**
 * Whether a bot that answers only from its knowledge answers what it can and refuses what it can't: small businesses in
 * eight languages are taught as an owner teaches them and asked, by the product's own search and by `quote`, the provider
 * without AI. Half of the questions choose the threshold, the other half say how good it is.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { closeInstallation, openInstallation, type Installation } from '../../src/installation.ts';
import { closeReading, closeSearch, FITS, fits, readSource, search, type Passage } from '../../src/knowledge/index.ts';
import { quoteProvider } from '../../src/providers/quote.ts';
import type { Workspace } from '../../src/workspace.ts';
import { readBusinesses, teach, type Answerable, type Business, type Unanswerable } from './grounded-data.ts';
import type { Report } from './report.ts';

/** As many as an answer is made from. */
const PASSAGES = 6;
const STEP = 0.02;
const THRESHOLDS = Array.from({ length: 21 }, (_, n) => 0.1 + n * STEP);
const TARGET = 0.95;

/** A question with what came of it. */
interface Tried {
  kind: 'answerable' | 'near' | 'far';
  half: 'tuned' | 'held out';
  score: number;
  /** By the product's own judgement. */
  fits: boolean;
  /** The passage that answers it is among those found. */
  found: boolean;
  /** What `quote` says: the passage that answers it, another one, or nothing. */
  quoted: 'right' | 'wrong' | 'nothing';
}

/** Shares, 0 to 1. */
interface Shares {
  /** Of the answerable ones: something fits. */
  answered: number;
  /** And the passage that answers is among what the model reads. */
  right: number;
  /** Of those that ask for something else altogether: nothing fits. */
  refused: number;
  /** Of those that come near. */
  refusedNear: number;
}

/** Prints what each threshold would do, then gives what the product does; beside it the same of the half that chose the threshold. */
export async function grounded(): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-bench-'));
  const installation = await openInstallation(
    readConfig({ DATA_DIR: join(folder, 'data'), KEYS_DIR: join(folder, 'keys'), LOG_LEVEL: 'warn' }),
  );
  await installation.jobs.start({ 'read-source': readSource });
  const tried: Tried[] = [];
  for (const business of readBusinesses()) tried.push(...(await tryBusiness(installation, business)));
  await installation.jobs.stop(0);
  await Promise.all([closeReading(), closeSearch()]);
  await closeInstallation(installation);
  rmSync(folder, { recursive: true, force: true });
  printTable(tried.filter(({ half }) => half === 'held out'));
  return report(tried);
}

function tryBusiness(installation: Installation, business: Business): Promise<Tried[]> {
  const id = installation.workspaces.create({ name: business.name, language: 'en', timezone: 'UTC', currency: 'EUR' });
  return installation.workspaces.use(id, async (ws) => {
    const read = everythingRead(ws);
    teach(ws, business);
    await read;
    const tried: Tried[] = [];
    for (const [place, one] of business.answerable.entries()) tried.push(await tryOne(ws, one, place));
    for (const near of [true, false]) {
      const some = business.unanswerable.filter((one) => one.near === near);
      for (const [place, one] of some.entries()) tried.push(await tryOne(ws, one, place));
    }
    return tried;
  });
}

/** Every other question of a kind is held out. */
async function tryOne(ws: Workspace, asked: Answerable | Unanswerable, place: number): Promise<Tried> {
  const passages = await search(ws, { query: asked.question, limit: PASSAGES });
  const answer = 'answer' in asked ? asked.answer : null;
  const quoted = await quote(asked.question, passages);
  return {
    kind: 'answer' in asked ? 'answerable' : asked.near ? 'near' : 'far',
    half: place % 2 === 0 ? 'tuned' : 'held out',
    score: passages[0]?.score ?? 0,
    fits: fits(passages[0]),
    found: answer !== null && passages.some(({ text }) => text.includes(answer)),
    quoted: quoted === '' ? 'nothing' : answer !== null && quoted.includes(answer) ? 'right' : 'wrong',
  };
}

async function quote(question: string, passages: readonly Passage[]): Promise<string> {
  const given = passages.map(({ title, path, text, score }, index) => ({ n: index + 1, title, path, text, score }));
  const refuse = (): never => {
    throw new Error('quote reaches out');
  };
  const access = {
    key: null,
    baseUrl: null,
    fetch: refuse,
    signal: new AbortController().signal,
    refusedFields: [],
    onRefusedField: refuse,
  };
  const turns = [{ role: 'user' as const, text: question }];
  const request = {
    model: 'quote',
    system: '',
    context: '',
    turns,
    passages: given,
    language: 'en' as const,
    maxTokens: 0,
    temperature: null,
    cacheKey: '',
  };
  let text = '';
  for await (const event of quoteProvider.answer(access, request)) if (event.type === 'delta') text += event.text;
  return text;
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

function share<T>(all: readonly T[], counts: (one: T) => boolean): number {
  return all.length === 0 ? 0 : all.filter(counts).length / all.length;
}

const from =
  (threshold: number) =>
  ({ score }: Tried): boolean =>
    score >= threshold;

function sharesOf(tried: readonly Tried[], fitting: (one: Tried) => boolean): Shares {
  const of = (kind: Tried['kind']): Tried[] => tried.filter((one) => one.kind === kind);
  return {
    answered: share(of('answerable'), fitting),
    right: share(of('answerable'), (one) => fitting(one) && one.found),
    refused: share(of('far'), (one) => !fitting(one)),
    refusedNear: share(of('near'), (one) => !fitting(one)),
  };
}

/**
 * The highest at which the half that is for it is answered as it should be: a question that is refused though its answer is
 * known helps nobody, one that isn't refused here is left to whoever reads the passages.
 */
function chosen(tuned: readonly Tried[]): number {
  const answering = THRESHOLDS.filter((threshold) => sharesOf(tuned, from(threshold)).answered >= TARGET);
  return answering.at(-1) ?? 0;
}

/** As the product judges; `quote` has its own rule besides. */
function figuresOf(tried: readonly Tried[]): Record<string, number> {
  const of = (kind: Tried['kind']): Tried[] => tried.filter((one) => one.kind === kind);
  return {
    threshold: FITS,
    ...sharesOf(tried, (one) => one.fits),
    quoteRight: share(of('answerable'), ({ quoted }) => quoted === 'right'),
    quoteWrong: share(of('answerable'), ({ quoted }) => quoted === 'wrong'),
    quoteRefused: share(of('far'), ({ quoted }) => quoted === 'nothing'),
    quoteRefusedNear: share(of('near'), ({ quoted }) => quoted === 'nothing'),
  };
}

function report(tried: readonly Tried[]): Report {
  const tuned = tried.filter(({ half }) => half === 'tuned');
  const figures = figuresOf(tried.filter(({ half }) => half === 'held out'));
  return {
    name: 'grounded',
    figures,
    compared: { ...figuresOf(tuned), threshold: chosen(tuned) },
    ratios: {},
    targets: { answered: 'at least 0.95 of what its knowledge answers', refused: 'at least 0.95 of what it has nothing to do with' },
    met: { answered: (figures['answered'] ?? 0) >= TARGET, refused: (figures['refused'] ?? 0) >= TARGET },
  };
}

function printTable(held: readonly Tried[]): void {
  const row = (cells: string[]): string => `  ${cells.map((cell) => cell.padStart(14)).join('')}`;
  const lines = THRESHOLDS.map((threshold) => {
    const { answered, right, refused, refusedNear } = sharesOf(held, from(threshold));
    const sign = Math.abs(threshold - FITS) < STEP / 2 ? '→ ' : '';
    return row([`${sign}${threshold.toFixed(2)}`, ...[answered, right, refused, refusedNear].map((each) => each.toFixed(3))]);
  });
  const head = row(['threshold', 'answered', 'right passage', 'refused', 'near refused']);
  process.stdout.write(`of ${held.length} questions held out:\n${[head, ...lines].join('\n')}\n`);
}
