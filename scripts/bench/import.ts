/**
 * What a heavy import costs those who chat meanwhile: what we add to the provider's own first token while a book of 300
 * pages, a sheet of 100,000 rows and many small files are uploaded and read without a pause, over the same when nothing is.
 */
import { pdf } from '../../test/knowledge/made-files.ts';
import { textRow, xlsx } from '../../test/knowledge/made-archives.ts';
import type { Workspace } from '../../src/workspace.ts';
import { callDirectly, MODEL, startAi, type Ai } from './ai.ts';
import { percentile } from './http-load.ts';
import { Importer, type Upload } from './importer.ts';
import { fillKnowledge, sentence, untilRead } from './knowledge.ts';
import { furnishedFolder, startProduct } from './product.ts';
import type { Report } from './report.ts';
import { BenchVisitor } from './visitor.ts';

const CHUNKS = 500;
const PER_VISITOR = 20;
const OWNER = { email: 'mira@aurora.example', password: 'a cake for every day' };
const RATIO = 1.5;

export interface Load {
  rounds: number;
  /** Questions before the first that counts. */
  warmUp: number;
  pages: number;
  rows: number;
  files: number;
}

const HEAVY: Load = { rounds: 5, warmUp: 20, pages: 300, rows: 100_000, files: 40 };

/** `seconds` is what each of the quiet and each of the busy stretches takes; they alternate. */
export async function importing(seconds: number, load: Load = HEAVY): Promise<Report> {
  const ai = await startAi();
  try {
    const fill = (ws: Workspace): void => fillKnowledge(ws, CHUNKS);
    const { folder, furnished } = await furnishedFolder({ ai: { ...ai, model: MODEL }, owner: OWNER, fill });
    const product = await startProduct(folder);
    try {
      const before = await untilRead(folder, furnished.workspace);
      const importer = await Importer.signIn(product, furnished.workspace, OWNER);
      return await alternate(asker(ai, product.port, furnished.widget), { importer, before, seconds, load });
    } finally {
      await product.end();
    }
  } finally {
    await ai.end();
  }
}

interface Stretches {
  importer: Importer;
  /** Passages that are there without the import. */
  before: number;
  seconds: number;
  load: Load;
}

async function alternate(ask: Asker, { importer, before, seconds, load }: Stretches): Promise<Report> {
  const uploads = makeUploads(load);
  const idle: Pair[][] = [];
  const busy: Pair[][] = [];
  let passages = 0;
  await ask(load.warmUp, 0);
  for (let round = 0; round < load.rounds; round++) {
    idle.push(await ask(0, seconds));
    await importer.begin(uploads);
    busy.push(await ask(0, seconds));
    passages += await importer.stop(before);
  }
  importer.close();
  return report(idle, busy, passages);
}

/** ms to the first token: through us, and from the provider directly. */
interface Pair {
  ours: number;
  direct: number;
}

type Asker = (least: number, seconds: number) => Promise<Pair[]>;

/** Asks both in turns, so that what slows the machine down slows both, for so many questions and so long at least. */
function asker(ai: Ai, port: number, widget: string): Asker {
  return async (least, seconds) => {
    const pairs: Pair[] = [];
    const until = performance.now() + seconds * 1000;
    let visitor: BenchVisitor | undefined;
    for (let n = 0; n < least || performance.now() < until; n++) {
      if (n % PER_VISITOR === 0) {
        visitor?.leave();
        visitor = undefined;
      }
      visitor ??= await BenchVisitor.arrive(port, widget);
      const question = sentence(9);
      const direct = await callDirectly(ai, question);
      const heard = await visitor.ask(question);
      if (heard.fellBack) throw new Error('an answer fell back');
      pairs.push({ ours: heard.firstMs, direct });
    }
    visitor?.leave();
    return pairs;
  };
}

function makeUploads({ pages, rows, files }: Load): Upload[] {
  const lines = (n: number): { text: string; y: number }[] =>
    Array.from({ length: 40 }, (_, line) => ({ text: `${sentence(11)}${line % 8 === 7 ? '.' : ''}`, y: 780 - 18 * line - (n % 3) }));
  const small = Array.from({ length: files }, (_, n) => ({
    name: `note ${n}.md`,
    content: Buffer.from(Array.from({ length: 20 }, (_, p) => `# Note ${n}.${p}\n\n${sentence(60)}.`).join('\n\n')),
  }));
  const sheet = [
    textRow('Number', 'Name', 'Price'),
    ...Array.from({ length: rows }, (_, n) => textRow(`${n}`, sentence(3), `${n % 97}.50`)),
  ];
  return [
    { name: 'book.pdf', content: pdf(Array.from({ length: pages }, (_, n) => lines(n))) },
    ...small.slice(0, files / 2),
    { name: 'sheet.xlsx', content: xlsx([{ name: 'Stock', rows: sheet.join('') }]) },
    ...small.slice(files / 2),
  ];
}

function report(idle: Pair[][], busy: Pair[][], passages: number): Report {
  const compared = added(idle);
  const figures = added(busy);
  const ratios = { addedP50: figures.addedP50 / compared.addedP50, addedP95: figures.addedP95 / compared.addedP95 };
  return {
    name: 'import',
    figures: { ...figures, asked: busy.flat().length, passages },
    compared: { ...compared, asked: idle.flat().length },
    ratios,
    targets: { addedP50: `at most ${RATIO} of its value without an import`, addedP95: `at most ${RATIO} of its value without an import` },
    met: { addedP50: ratios.addedP50 <= RATIO, addedP95: ratios.addedP95 <= RATIO },
  };
}

/** The median of the stretches: one that something else on the machine disturbed doesn't count. */
function added(stretches: readonly Pair[][]): { addedP50: number; addedP95: number } {
  const at = (share: number): number =>
    percentile(
      stretches.map((pairs) => {
        const [ours, direct] = [pairs.map((pair) => pair.ours), pairs.map((pair) => pair.direct)];
        return percentile(ours, share) - percentile(direct, share);
      }),
      0.5,
    );
  return { addedP50: at(0.5), addedP95: at(0.95) };
}
