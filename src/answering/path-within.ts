import type { Passage } from '../knowledge/index.ts';

/** The headings that lead to a passage; the first often repeats the source's title, and goes without saying. */
export function pathWithin({ title, path }: Pick<Passage, 'title' | 'path'>): string {
  const [first, ...rest] = path.split(' › ');
  return first === title ? rest.join(' › ') : path;
}
