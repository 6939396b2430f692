/**
 * Contacts by letters that stand somewhere in what they are known by. Few are found by the index. Many, as "ann" finds among a
 * million, would take a second to be gathered and sorted only to show fifty of them: these are met soon by walking the list.
 */
import type { Workspace } from '../workspace.ts';

/** A trigram needs three characters; fewer are looked for from end to end. */
const INDEXED = 3;
export const MANY = 10_000;
/** So many are looked at on the way; where the letters stand on none but those seen long ago, the index is asked after all. */
const WALKED = 10_000;

/** The condition by which the index finds a query, and its value: a phrase in quotation marks is looked for as it is. */
export function matching(query: string): { condition: string; value: string } {
  const indexed = [...query].length >= INDEXED;
  return indexed
    ? { condition: 'words MATCH @query', value: `"${query.replaceAll('"', '""')}"` }
    : { condition: "words LIKE @query ESCAPE '\\'", value: `%${query.replace(/[\\%_]/g, '\\$&')}%` };
}

/** Their ids; 'many' where there are more than ten thousand, null where nothing is looked for. */
export type FoundByWords = readonly number[] | 'many' | null;

export function findByWords(ws: Workspace, query: string): FoundByWords {
  if (query === '') return null;
  const { condition, value } = matching(query);
  const ids = ws
    .prepare(`SELECT rowid FROM contacts_fts WHERE ${condition} LIMIT @most`)
    .pluck()
    .all({ query: value, most: MANY + 1 }) as number[];
  return ids.length > MANY ? 'many' : ids;
}

export interface Walk {
  query: string;
  /** What else narrows, and from where on. */
  where: readonly string[];
  values: Record<string, string | number>;
  order: 'ASC' | 'DESC';
  limit: number;
}

/** The first of the list that have the letters; null where too few were met on the way. */
export function walkList(ws: Workspace, { query, where, values, order, limit }: Walk): number[] | null {
  const wanted = folded(query);
  const ids: number[] = [];
  let walked = 0;
  const list = ws.sql.prepare(
    `SELECT c.id, (SELECT f.words FROM contacts_fts f WHERE f.rowid = c.id) AS words FROM contacts c
     WHERE ${where.join(' AND ')} ORDER BY c.seen_at ${order}, c.id ${order} LIMIT ${WALKED}`,
  );
  for (const { id, words } of list.iterate(values) as IterableIterator<{ id: number; words: string | null }>) {
    walked += 1;
    if (words !== null && folded(words).includes(wanted)) ids.push(id);
    if (ids.length === limit) return ids;
  }
  return walked < WALKED ? ids : null;
}

/** As the index compares: whatever case, without accents. */
function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
