/** The pages of a source as rows: what is found, what is due, what became of each. */
import { and, asc, count, eq, sql } from '../../db/drizzle.ts';
import { pages } from '../../db/schema/workspace.ts';
import type { Workspace } from '../../workspace.ts';
import { shapeOf } from './address.ts';
import type { Link } from './web-material.ts';

export type Page = typeof pages.$inferSelect;
export type PageState = Page['state'];

export const SAYS = {
  robots: 'The site’s robots.txt asks not to read it.',
  noindex: 'The page asks not to be found (noindex).',
  shapes: 'So many addresses look like this one that the others are left out.',
} as const;

/** Of addresses that differ by numbers alone, so many are read at least; a calendar has no end. */
const ALIKE_AT_LEAST = 50;
const ALIKE_SHARE = 5;
const ROWS_FOR_EACH = 3;

const INSERT = `
  INSERT INTO pages (source_id, key, url, title, state, says, depth, found_at, due, listed, shape)
  VALUES (@sourceId, @key, @url, '', @state, @says, @depth, @now, @due, 1, @shape)
  ON CONFLICT (source_id, key) DO UPDATE SET listed = 1 RETURNING found_at = @now AND read_at IS NULL AS added`;

export interface Finding {
  /** Links followed to get there. */
  depth: number;
  /** Pages of the source at most. */
  most: number;
  /** Out of a sitemap, whose addresses are all meant. */
  listed: boolean;
}

/** Writes down pages that were found, inside a transaction. What is known already stays as it is. */
export function addPages(ws: Workspace, sourceId: number, links: readonly Link[], { depth, most, listed }: Finding): void {
  let room = roomOf(ws, sourceId, most);
  const known = ws.prepare('SELECT 1 FROM pages WHERE source_id = ? AND key = ?').pluck();
  const alike = ws.prepare('SELECT count(*) FROM pages WHERE source_id = ? AND shape = ?').pluck();
  const alikeAtMost = Math.max(ALIKE_AT_LEAST, Math.floor(most / ALIKE_SHARE));
  for (const { key, url, allowed } of links) {
    const isKnown = known.get(sourceId, key) !== undefined;
    if (!isKnown && room <= 0) continue;
    const shape = shapeOf(key);
    const others = isKnown || listed || shape === key ? 0 : Number(alike.get(sourceId, shape));
    if (others > alikeAtMost) continue;
    const says = !allowed ? SAYS.robots : others === alikeAtMost ? SAYS.shapes : null;
    const row = {
      sourceId,
      key,
      url,
      depth,
      shape,
      now: ws.clock.now(),
      says,
      state: says === null ? 'found' : 'skipped',
      due: says === null ? 1 : 0,
    };
    ws.prepare(INSERT).get(row);
    if (!isKnown) room -= 1;
  }
}

/**
 * How many more may come. What was skipped, and isn't asked again, is no page that counts; but where skipped pages lead to
 * skipped pages without an end, there is one to them too.
 */
function roomOf(ws: Workspace, sourceId: number, most: number): number {
  const { all, counted } = ws
    .prepare("SELECT count(*) AS 'all', coalesce(sum(state <> 'skipped' OR due), 0) AS counted FROM pages WHERE source_id = ?")
    .get(sourceId) as { all: number; counted: number };
  return Math.min(most - counted, most * ROWS_FOR_EACH - all);
}

/** The page whose turn it is: nearest to the start, what failed a moment ago last. */
export function nextDue(ws: Workspace, sourceId: number): Page | undefined {
  return ws.db
    .select()
    .from(pages)
    .where(and(eq(pages.sourceId, sourceId), eq(pages.due, true)))
    .orderBy(asc(pages.failures), asc(pages.depth), asc(pages.id))
    .limit(1)
    .get();
}

export function pageOf(ws: Workspace, sourceId: number, id: number): Page | undefined {
  return ws.db
    .select()
    .from(pages)
    .where(and(eq(pages.sourceId, sourceId), eq(pages.id, id)))
    .get();
}

/** The page with this key, if there is one. */
export function pageWith(ws: Workspace, sourceId: number, key: string): Page | undefined {
  return ws.db
    .select()
    .from(pages)
    .where(and(eq(pages.sourceId, sourceId), eq(pages.key, key)))
    .get();
}

/** What became of a page, inside a transaction. It isn't due any more unless that is said. */
export function settlePage(ws: Workspace, id: number, change: Partial<Omit<Page, 'id' | 'sourceId'>>): void {
  ws.db
    .update(pages)
    .set({ due: false, ...change })
    .where(eq(pages.id, id))
    .run();
}

/** How many are due, and of how many. */
export function dueOf(ws: Workspace, sourceId: number): { due: number; all: number } {
  const row = ws.db
    .select({ due: sql<number>`coalesce(sum(${pages.due}), 0)`, all: count() })
    .from(pages)
    .where(eq(pages.sourceId, sourceId))
    .get();
  return row ?? { due: 0, all: 0 };
}

/** How many were asked for; what robots.txt keeps away wasn't. */
export function seenOf(ws: Workspace, sourceId: number): number {
  return ws
    .prepare("SELECT count(*) FROM pages WHERE source_id = ? AND due = 0 AND coalesce(says, '') NOT IN (?, ?)")
    .pluck()
    .get(sourceId, SAYS.robots, SAYS.shapes) as number;
}
