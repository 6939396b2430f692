/** What we add to the provider's own first token: from a visitor's message to the first words on their stream. */
import { callDirectly, MODEL, startAi } from './ai.ts';
import { percentile } from './http-load.ts';
import { fillKnowledge, sentence, untilRead } from './knowledge.ts';
import { DETAILS, maskAll, timeMasking } from './masking.ts';
import { furnishedFolder, startProduct } from './product.ts';
import type { Report } from './report.ts';
import { BenchVisitor } from './visitor.ts';

const CHUNKS = 500;
const WARM_UP = 40;
/** A visitor is held to thirty posts a minute. */
const PER_VISITOR = 20;

/** With `masking`, every question holds what is taken out, and what masking takes is told by itself. */
export async function firstToken(seconds: number, { masking = false } = {}): Promise<Report> {
  const ai = await startAi();
  let masked: Partial<ReturnType<typeof timeMasking>> = {};
  const { folder, furnished } = await furnishedFolder({
    ai: { ...ai, model: MODEL },
    fill: (ws) => {
      fillKnowledge(ws, CHUNKS);
      if (!masking) return;
      maskAll(ws);
      masked = timeMasking(ws);
    },
  });
  const product = await startProduct(folder);
  await untilRead(folder, furnished.workspace);
  const ours: number[] = [];
  const direct: number[] = [];
  let visitor = await BenchVisitor.arrive(product.port, furnished.widget);
  let until = Infinity;
  for (let n = 0; performance.now() < until; n++) {
    if (n === WARM_UP) until = performance.now() + seconds * 1000;
    if (n % PER_VISITOR === 0) {
      visitor.leave();
      visitor = await BenchVisitor.arrive(product.port, furnished.widget);
    }
    const question = masking ? `${sentence(9)} ${DETAILS}` : sentence(9);
    // In turns, so that what slows the machine down slows both.
    const alone = await callDirectly(ai, question);
    const heard = await visitor.ask(question);
    if (heard.fellBack) throw new Error('an answer fell back');
    if (n < WARM_UP) continue;
    direct.push(alone);
    ours.push(heard.firstMs);
  }
  visitor.leave();
  await product.end();
  await ai.end();
  const figures = { p50: percentile(ours, 0.5), p95: percentile(ours, 0.95) };
  const compared = { p50: percentile(direct, 0.5), p95: percentile(direct, 0.95) };
  const added = { addedP50: figures.p50 - compared.p50, addedP95: figures.p95 - compared.p95 };
  return {
    name: 'first-token',
    figures: { ...figures, ...added, ...masked, asked: ours.length },
    compared,
    ratios: { p50: figures.p50 / compared.p50, p95: figures.p95 / compared.p95 },
    targets: {
      addedP50: 'at most 2.5 ms over calling the provider directly',
      addedP95: 'at most 5 ms',
      ...(masking ? { maskingP50: 'at most 0.3 ms' } : {}),
    },
    met: {
      addedP50: added.addedP50 <= 2.5,
      addedP95: added.addedP95 <= 5,
      ...(masking ? { maskingP50: (masked.maskingP50 ?? 1) <= 0.3 } : {}),
    },
  };
}
