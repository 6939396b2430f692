/** Memory of a server that waits, against the bare server's. */
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, furnishedFolder, rssOf, startProduct, startScript } from './product.ts';
import type { Report } from './report.ts';

export async function idle(seconds: number): Promise<Report> {
  const { folder } = await furnishedFolder({ ai: null });
  // The first start compiles, and keeps what it compiled.
  await (await startProduct(folder)).stop();
  const product = await startProduct(folder);
  const bare = await startScript('bare-server.ts', [], await freePort());
  await pause(seconds * 1000);
  const ours = product.rssMb();
  const theirs = rssOf(bare.child);
  await product.end();
  await bare.end();
  return {
    name: 'idle',
    figures: { rssMb: ours },
    compared: { rssMb: theirs },
    ratios: { rssMb: ours / theirs },
    targets: { rssMb: 'at most 110 MB' },
    met: { rssMb: ours <= 110 },
  };
}
