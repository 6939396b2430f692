/** How surely a wish for a person is heard without a model, in own sentences: `npm run bench -- handoff`. */
import { asksForPerson } from '../../src/answering/index.ts';
import { SENTENCES } from './handoff-sentences.ts';
import type { Report } from './report.ts';

/** What was missed of the wishes, and taken for one that is none; how many wishes there are. */
export function heard(): { wishes: number; missed: string[]; wrong: string[] } {
  const all = Object.values(SENTENCES);
  return {
    wishes: all.flatMap(({ wants }) => wants).length,
    missed: all.flatMap(({ wants }) => wants).filter((text) => !asksForPerson(text)),
    wrong: all.flatMap(({ not }) => not).filter((text) => asksForPerson(text)),
  };
}

export async function handoff(): Promise<Report> {
  const { wishes, missed, wrong } = heard();
  const right = wishes - missed.length;
  const began = performance.now();
  heard();
  const sentences = Object.values(SENTENCES).flatMap(({ wants, not }) => [...wants, ...not]).length;
  const figures = {
    languages: Object.keys(SENTENCES).length,
    sentences,
    recall: right / wishes,
    precision: right / (right + wrong.length),
    microseconds: ((performance.now() - began) / sentences) * 1000,
  };
  for (const text of [...missed, ...wrong]) process.stdout.write(`  heard wrongly: ${text}\n`);
  return {
    name: 'handoff',
    figures,
    compared: {},
    ratios: {},
    targets: { recall: 'at least 0.95 of the wishes are heard', precision: 'at least 0.98 of what is heard is one' },
    met: { recall: figures.recall >= 0.95, precision: figures.precision >= 0.98 },
  };
}
