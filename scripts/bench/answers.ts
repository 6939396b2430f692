/** Answers a second at 128 conversations, with retrieval over 10,000 chunks, against calling the provider directly. */
import { callDirectly, MODEL, startAi, type Ai } from './ai.ts';
import { percentile } from './http-load.ts';
import { fillKnowledge, sentence, untilRead } from './knowledge.ts';
import { cpuOf, furnishedFolder, startProduct } from './product.ts';
import type { Report } from './report.ts';
import { BenchVisitor, type Heard } from './visitor.ts';

const CONVERSATIONS = 128;
const CHUNKS = 10_000;
const PER_VISITOR = 25;

export async function answers(seconds: number): Promise<Report> {
  const ai = await startAi();
  const { folder, furnished } = await furnishedFolder({ ai: { ...ai, model: MODEL }, fill: (ws) => fillKnowledge(ws, CHUNKS) });
  // Read by one process and answered by the next: what reading took isn't counted as the memory of answering.
  const reader = await startProduct(folder);
  const chunks = await untilRead(folder, furnished.workspace);
  await reader.stop();
  const product = await startProduct(folder);
  const direct = await atOnce(seconds, () => directly(ai));
  const heard: Heard[] = [];
  await atOnce(2, () => conversation(product.port, furnished.widget, []));
  const cpu = product.cpuMicros();
  const ours = await atOnce(seconds, () => conversation(product.port, furnished.widget, heard));
  const cpuMicros = (product.cpuMicros() - cpu) / Math.max(1, heard.length);
  const rss = product.rssMb();
  const aiCpu = cpuOf(ai.child);
  await product.end();
  await ai.end();
  const fellBack = heard.filter((answer) => answer.fellBack).length;
  const ratio = ours / direct;
  return {
    name: 'answers',
    figures: {
      perSecond: ours,
      firstTokenP50: percentile(
        heard.map((answer) => answer.firstMs),
        0.5,
      ),
      errors: fellBack,
      rssMb: rss,
      chunks,
      cpuMicros,
      standInCpuMs: aiCpu / 1000,
    },
    compared: { perSecond: direct },
    ratios: { perSecond: ratio },
    targets: { perSecond: 'at least 0.55 of direct', errors: 'none', rssMb: 'below 300 MB' },
    met: { perSecond: ratio >= 0.55, errors: fellBack === 0, rssMb: rss < 300 },
  };
}

type Work = () => Promise<() => Promise<void>>;

/** As many as there are conversations, each asking again as soon as it was answered; returns answers a second. */
async function atOnce(seconds: number, work: Work): Promise<number> {
  const asks = await Promise.all(Array.from({ length: CONVERSATIONS }, () => work()));
  const began = performance.now();
  const until = began + seconds * 1000;
  let done = 0;
  await Promise.all(
    asks.map(async (ask) => {
      while (performance.now() < until) {
        await ask();
        done++;
      }
    }),
  );
  return done / ((performance.now() - began) / 1000);
}

function directly(ai: Ai): ReturnType<Work> {
  return Promise.resolve(async () => void (await callDirectly(ai, sentence(9))));
}

async function conversation(port: number, widget: string, heard: Heard[]): ReturnType<Work> {
  let visitor = await BenchVisitor.arrive(port, widget);
  let asked = 0;
  return async () => {
    if (asked++ === PER_VISITOR) {
      visitor.leave();
      visitor = await BenchVisitor.arrive(port, widget);
      asked = 1;
    }
    heard.push(await visitor.ask(sentence(9)));
  };
}
