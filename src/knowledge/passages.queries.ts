/** The passages of a source, as its pages show them. */
import { and, asc, desc, eq, ne } from '../db/drizzle.ts';
import { chunks, edits, questions, sources } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';
import type { EditRow } from './edits.ts';

export const PASSAGES_A_PAGE = 40;
/** With some words, counted no further: nobody turns so many pages, and more words are at hand. */
const COUNTED = 1000;
const CONFLICTS_SHOWN = 20;

export interface ShownPassage {
  id: number;
  path: string;
  /** Page of the file. */
  page: number | null;
  text: string;
  enabled: boolean;
  editId: number | null;
  /** The page of a site, or the item of a feed, that it was read from; else what the source itself leads to. */
  url: string | null;
  pageTitle: string | null;
  /** What became of its edit; null when nobody edited it. */
  edited: EditRow['state'] | null;
}

const COLUMNS = `c.id, c.path, c.page, c.text, c.enabled, c.edit_id AS editId, p.title AS pageTitle,
  coalesce(p.url, (SELECT url FROM sources WHERE id = c.source_id)) AS url, (SELECT state FROM edits WHERE id = c.edit_id) AS edited`;
/** Nothing of the subselect is the chunk's: so the index that has them in their order serves it, however many there are. */
const IN_USE = 'c.source_id = @source AND c.generation = (SELECT generation FROM sources WHERE id = @source)';
/** From the words on: the plus keeps the planner from walking the whole source and asking each chunk. */
const HOLDING =
  'c.id IN (SELECT rowid FROM chunks_fts WHERE chunks_fts MATCH @match) AND +c.source_id = @source AND c.generation = (SELECT generation FROM sources WHERE id = @source)';

type Row = Omit<ShownPassage, 'enabled'> & { enabled: number };

/** A page of a source's passages, in the order of the document; with `match`, those alone that the index finds by it. */
export function passagesOnPage(
  ws: Workspace,
  sourceId: number,
  page: number,
  match: string | null = null,
): { passages: ShownPassage[]; all: number; more: boolean } {
  const which = match === null ? IN_USE : HOLDING;
  const bound = { source: sourceId, ...(match === null ? {} : { match }) };
  const all = ws
    .prepare(`SELECT count(*) FROM (SELECT 1 FROM chunks c WHERE ${which}${match === null ? '' : ` LIMIT ${COUNTED + 1}`})`)
    .pluck()
    .get(bound) as number;
  const rows = ws
    .prepare(
      `SELECT ${COLUMNS} FROM chunks c LEFT JOIN pages p ON p.id = c.page_id WHERE ${which}
       ORDER BY coalesce(c.page_id, 0), c.position LIMIT @most OFFSET @from`,
    )
    .all({ ...bound, most: PASSAGES_A_PAGE, from: (page - 1) * PASSAGES_A_PAGE }) as Row[];
  const more = match !== null && all > COUNTED;
  return { passages: rows.map(shown), all: more ? COUNTED : all, more };
}

/** One passage with its place in the source, from 1; undefined when it is none of those in use. */
export function passageById(ws: Workspace, sourceId: number, id: number): (ShownPassage & { place: number }) | undefined {
  const row = ws
    .prepare(
      `SELECT ${COLUMNS}, (SELECT count(*) FROM chunks b WHERE b.source_id = c.source_id AND b.generation = c.generation
          AND (coalesce(b.page_id, 0), b.position) <= (coalesce(c.page_id, 0), c.position)) AS place
       FROM chunks c LEFT JOIN pages p ON p.id = c.page_id WHERE ${IN_USE} AND c.id = @id`,
    )
    .get({ source: sourceId, id }) as (Row & { place: number }) | undefined;
  return row && { ...shown(row), place: row.place };
}

function shown(row: Row): ShownPassage {
  return { ...row, enabled: row.enabled === 1 };
}

/** The edit of a passage; undefined when it was given up. */
export function editById(ws: Workspace, id: number): EditRow | undefined {
  return ws.db.select().from(edits).where(eq(edits.id, id)).get();
}

/** Edits whose source says something else by now, or nothing like it, with their passages. */
export function conflictsOf(ws: Workspace, sourceId: number): (EditRow & { passage: number })[] {
  const rows = ws.db
    .select({ edit: edits, passage: chunks.id })
    .from(edits)
    .innerJoin(chunks, eq(chunks.editId, edits.id))
    .innerJoin(sources, and(eq(sources.id, edits.sourceId), eq(sources.generation, chunks.generation)))
    .where(and(eq(edits.sourceId, sourceId), ne(edits.state, 'kept')))
    .orderBy(asc(edits.id))
    .limit(CONFLICTS_SHOWN)
    .all();
  return rows.map(({ edit, passage }) => ({ ...edit, passage }));
}

/** The pair that a passage of a source of questions is; undefined when it says something else by now. */
export function pairOfPassage(ws: Workspace, sourceId: number, text: string): number | undefined {
  return ws.db
    .select({ id: questions.id, question: questions.question, answer: questions.answer })
    .from(questions)
    .where(eq(questions.sourceId, sourceId))
    .all()
    .find(({ question, answer }) => `${question}\n${answer}` === text)?.id;
}

/** The source of questions that was added last; undefined when there is none. */
export function newestQuestions(ws: Workspace): number | undefined {
  return ws.db
    .select({ id: sources.id })
    .from(sources)
    .where(and(eq(sources.kind, 'qa'), ne(sources.state, 'removing')))
    .orderBy(desc(sources.id))
    .get()?.id;
}
