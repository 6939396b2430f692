/** From the start of the process to the first 200, migrations already applied: alone, and with a thousand workspaces. */
import { percentile } from './http-load.ts';
import { freePort, furnishedFolder, startProduct, startScript } from './product.ts';
import type { Report } from './report.ts';

const BOOTS = 7;
const MANY = 1000;

export async function boot(): Promise<Report> {
  const one = await bootsOf(1);
  const many = await bootsOf(MANY);
  const bare: number[] = [];
  for (let n = 0; n < BOOTS; n++) {
    const began = performance.now();
    const server = await startScript('bare-server.ts', [], await freePort());
    bare.push(performance.now() - began);
    await server.end();
  }
  const compared = percentile(bare, 0.5);
  return {
    name: 'boot',
    figures: { ms: one, with1000Workspaces: many },
    compared: { ms: compared },
    ratios: { ms: one / compared },
    targets: { ms: 'at most 250 ms', with1000Workspaces: 'below one second' },
    met: { ms: one <= 250, with1000Workspaces: many < 1000 },
  };
}

async function bootsOf(workspaces: number): Promise<number> {
  const { folder } = await furnishedFolder({ ai: null, workspaces });
  const times: number[] = [];
  for (let n = 0; n < BOOTS; n++) {
    const product = await startProduct(folder);
    times.push(product.bootMs);
    await product.stop();
  }
  const last = await startProduct(folder);
  await last.end();
  return percentile(times, 0.5);
}
