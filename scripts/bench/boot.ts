/**
 * From the start of the process to the first 200, migrations already applied: alone, and with a thousand workspaces. Beside
 * it the processor time until then, which says the same on a busy machine, and when the first page is there.
 */
import { percentile } from './http-load.ts';
import { cpuOf, freePort, furnishedFolder, startProduct, startScript } from './product.ts';
import type { Report } from './report.ts';

const BOOTS = 7;
const MANY = 1000;

interface Boots {
  ms: number;
  cpuMs: number;
  pageMs: number;
}

export async function boot(): Promise<Report> {
  const bare = await bootsOfBare();
  const one = await bootsOf(1);
  const many = await bootsOf(MANY);
  return {
    name: 'boot',
    figures: { ...one, with1000Workspaces: many.ms, pageWith1000: many.pageMs },
    compared: { ms: bare.ms, cpuMs: bare.cpuMs },
    ratios: { ms: one.ms / bare.ms, cpuMs: one.cpuMs / bare.cpuMs },
    targets: { ms: 'at most 250 ms', with1000Workspaces: 'below one second' },
    met: { ms: one.ms <= 250, with1000Workspaces: many.ms < 1000 },
  };
}

async function bootsOf(workspaces: number): Promise<Boots> {
  const { folder } = await furnishedFolder({ ai: null, workspaces });
  // The first start compiles, and keeps what it compiled.
  await (await startProduct(folder)).stop();
  const boots: Boots[] = [];
  for (let n = 0; n < BOOTS; n++) {
    const product = await startProduct(folder);
    boots.push({ ms: product.bootMs, cpuMs: product.bootCpuMs, pageMs: await product.pageMs() });
    await (n === BOOTS - 1 ? product.end() : product.stop());
  }
  return median(boots);
}

async function bootsOfBare(): Promise<Boots> {
  const boots: Boots[] = [];
  for (let n = 0; n < BOOTS; n++) {
    const began = performance.now();
    const server = await startScript('bare-server.ts', [], await freePort());
    const ms = performance.now() - began;
    boots.push({ ms, cpuMs: cpuOf(server.child) / 1000, pageMs: ms });
    await server.end();
  }
  return median(boots);
}

function median(boots: Boots[]): Boots {
  const of = (key: keyof Boots) =>
    percentile(
      boots.map((one) => one[key]),
      0.5,
    );
  return { ms: of('ms'), cpuMs: of('cpuMs'), pageMs: of('pageMs') };
}
