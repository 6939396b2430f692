/**
 * What the page of figures costs with a million messages, over the same page with a thousand: 30 days, and 90 of one
 * channel; and what the first look costs when no day has been counted yet.
 */
import { Connection, percentile } from './http-load.ts';
import { fillHalfAYear } from './insights-data.ts';
import { furnishedFolder, startProduct } from './product.ts';
import type { Report } from './report.ts';
import { signInBy } from './sign-in.ts';

const FEW = 1000;
const MANY = 1_000_000;
const OWNER = { email: 'mira@aurora.example', password: 'a cake for every day' };
const WARM_UP = 5;
/** A page of figures is looked at now and then; what it takes, everybody else waits. */
const P95_MS = 100;

export interface Sizes {
  few: number;
  many: number;
}

export async function insights(seconds: number, { few, many }: Sizes = { few: FEW, many: MANY }): Promise<Report> {
  const compared = await looked(few, seconds);
  const figures = await looked(many, seconds);
  const ratio = (key: keyof Looks): number => figures[key] / compared[key];
  return {
    name: 'insights',
    figures: { ...figures, messages: many },
    compared: { ...compared, messages: few },
    ratios: { p50: ratio('p50'), p95: ratio('p95'), narrowedP95: ratio('narrowedP95') },
    targets: { p95: `at most ${P95_MS} ms`, narrowedP95: `at most ${P95_MS} ms` },
    met: { p95: figures.p95 <= P95_MS, narrowedP95: figures.narrowedP95 <= P95_MS },
  };
}

interface Looks {
  /** ms: of 30 days, and of 90 days of one channel. */
  p50: number;
  p95: number;
  narrowedP50: number;
  narrowedP95: number;
  /** The first look, which counts sixty days. */
  firstMs: number;
}

async function looked(messages: number, seconds: number): Promise<Looks> {
  const { folder, furnished } = await furnishedFolder({ ai: null, owner: OWNER, fill: (ws) => fillHalfAYear(ws, messages) });
  const product = await startProduct(folder);
  const cookie = await signInBy(product, OWNER);
  const page = `/w/${furnished.workspace}/insights`;
  const connection = await Connection.open(product.port);
  const look = async (path: string): Promise<number> => {
    const began = performance.now();
    const { status } = await connection.get(path, `Cookie: ${cookie}\r\n`);
    if (status !== 200) throw new Error(`${path} was answered with ${status}`);
    return performance.now() - began;
  };
  const firstMs = await look(page);
  const [p50, p95] = await measured(() => look(page), seconds);
  const narrowed = `${page}?period=90&channel=2`;
  const [narrowedP50, narrowedP95] = await measured(() => look(narrowed), seconds);
  connection.close();
  await product.end();
  return { p50, p95, narrowedP50, narrowedP95, firstMs };
}

async function measured(look: () => Promise<number>, seconds: number): Promise<[p50: number, p95: number]> {
  const times: number[] = [];
  for (let n = 0; n < WARM_UP; n++) await look();
  for (const until = performance.now() + seconds * 1000; performance.now() < until;) times.push(await look());
  return [percentile(times, 0.5), percentile(times, 0.95)];
}
