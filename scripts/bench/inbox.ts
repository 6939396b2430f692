/**
 * What a page of the inbox costs, 50 conversations beside one with 30 messages, with a million messages over the same page with
 * a thousand. The million's desk is fuller, too: a thousand conversations are open.
 */
import { fillInbox } from './inbox-data.ts';
import { Connection, percentile } from './http-load.ts';
import { furnishedFolder, startProduct } from './product.ts';
import type { Report } from './report.ts';
import { signInBy } from './sign-in.ts';

const FEW = 1000;
const MANY = 1_000_000;
const OWNER = { email: 'mira@aurora.example', password: 'a cake for every day' };
const WARM_UP = 200;
const P50_MS = 2;
const P99_MS = 8;
const RATIO = 1.25;

export async function inbox(seconds: number, { few, many }: { few: number; many: number } = { few: FEW, many: MANY }): Promise<Report> {
  const compared = await looked(few, seconds);
  const figures = await looked(many, seconds);
  const ratios = { p50: figures.p50 / compared.p50, p95: figures.p95 / compared.p95 };
  return {
    name: 'inbox',
    figures: { ...figures, messages: many },
    compared: { ...compared, messages: few },
    ratios,
    targets: { p50: `at most ${P50_MS} ms`, p99: `at most ${P99_MS} ms`, ratio: `p95 at most ${RATIO} times that with ${few}` },
    met: { p50: figures.p50 <= P50_MS, p99: figures.p99 <= P99_MS, ratio: ratios.p95 <= RATIO },
  };
}

interface Looks {
  /** ms of a page, over one connection. */
  p50: number;
  p95: number;
  p99: number;
}

async function looked(messages: number, seconds: number): Promise<Looks> {
  let open = 0;
  const { folder, furnished } = await furnishedFolder({
    ai: null,
    owner: OWNER,
    fill: (ws) => {
      open = fillInbox(ws, messages);
    },
  });
  const product = await startProduct(folder);
  const cookie = await signInBy(product, OWNER);
  const connection = await Connection.open(product.port);
  const path = `/w/${furnished.workspace}/conversations/${open}`;
  const look = async (): Promise<number> => {
    const began = performance.now();
    const { status } = await connection.get(path, `Cookie: ${cookie}\r\n`);
    if (status !== 200) throw new Error(`${path} was answered with ${status}`);
    return performance.now() - began;
  };
  for (let n = 0; n < WARM_UP; n++) await look();
  const times: number[] = [];
  for (const until = performance.now() + seconds * 1000; performance.now() < until;) times.push(await look());
  connection.close();
  await product.end();
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95), p99: percentile(times, 0.99) };
}
