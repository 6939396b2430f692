/**
 * Puts a page's new passages in the place of its old ones. What says the same stays as a row, so that what hangs on it
 * stays too: a switch, an edit, an embedding. The change is one transaction, and a short one however long the page is:
 * new rows are written beside the old ones before it, old ones deleted after it.
 */
import { and, asc, eq } from '../../db/drizzle.ts';
import { chunks } from '../../db/schema/workspace.ts';
import type { Workspace } from '../../workspace.ts';
import { withEdits } from '../edited-reading.ts';
import type { EditedChunk } from '../apply-edits.ts';
import type { Chunk } from '../reading/material.ts';
import { askEmbedding } from '../vectors/ask-embedding.ts';
import { writeInSteps } from '../../db/write-in-steps.ts';

/** Passages of pages are those of generation 0; these are none that a source points at. */
const IN_USE = 0;
const COMING = 1;
const GOING = 2;

export interface PageOfSource {
  sourceId: number;
  pageId: number;
}

/**
 * `settle` runs in the transaction of the change; when it returns false nothing is changed. Resolves with whether it was.
 * Rejects with the signal's reason.
 */
export async function replaceChunks(
  ws: Workspace,
  page: PageOfSource,
  read: readonly Chunk[],
  settle: (edited: boolean) => boolean,
  signal: AbortSignal,
): Promise<boolean> {
  await dropOf(ws, page, COMING, signal);
  await dropOf(ws, page, GOING, signal);
  const edited = await withEdits(ws, { ...page }, '', read);
  const { kept, coming, going } = difference(inUse(ws, page), edited.chunks);
  const left = coming.values();
  const next = (): boolean => {
    const { value } = left.next();
    if (value) insert(ws, page, value.chunk, value.position);
    return value !== undefined;
  };
  if (coming.length > 0) await writeInSteps(ws, next, signal);
  const changed = ws.write(() => {
    // Edited meanwhile: what was made of the page lacks it, and the page is to be read once more.
    if (!settle(edited.settle())) return false;
    if (coming.length > 0) askEmbedding(ws);
    move(ws, going, IN_USE, GOING);
    place(ws, kept);
    move(ws, coming.length > 0 ? idsOf(ws, page, COMING) : [], COMING, IN_USE);
    return true;
  });
  await dropOf(ws, page, changed ? GOING : COMING, signal);
  return changed;
}

interface Known {
  id: number;
  hash: string;
  editId: number | null;
  position: number;
}

function inUse(ws: Workspace, { sourceId, pageId }: PageOfSource): Known[] {
  return ws.db
    .select({ id: chunks.id, hash: chunks.hash, editId: chunks.editId, position: chunks.position })
    .from(chunks)
    .where(and(eq(chunks.pageId, pageId), eq(chunks.sourceId, sourceId), eq(chunks.generation, IN_USE)))
    .orderBy(asc(chunks.position))
    .all();
}

interface Difference {
  /** With the position that each has now. */
  kept: { id: number; position: number; was: number }[];
  coming: { chunk: EditedChunk; position: number }[];
  going: number[];
}

function difference(known: readonly Known[], read: readonly EditedChunk[]): Difference {
  const sign = ({ hash, editId }: { hash: string; editId: number | null }): string => `${hash} ${editId ?? ''}`;
  const left = new Map<string, Known[]>();
  for (const each of known) left.set(sign(each), [...(left.get(sign(each)) ?? []), each]);
  const kept: Difference['kept'] = [];
  const coming: Difference['coming'] = [];
  read.forEach((chunk, position) => {
    const same = left.get(sign(chunk))?.shift();
    if (same) kept.push({ id: same.id, position, was: same.position });
    else coming.push({ chunk, position });
  });
  return { kept, coming, going: [...left.values()].flat().map(({ id }) => id) };
}

/** Prepared: by drizzle each costs three times as much. */
const INSERT = `
  INSERT INTO chunks (source_id, page_id, generation, position, path, page, text, words, language, hash, edit_id, created_at)
  VALUES (@sourceId, @pageId, ${COMING}, @position, @path, @page, @text, @words, @language, @hash, @editId, @createdAt)`;

function insert(ws: Workspace, page: PageOfSource, chunk: EditedChunk, position: number): void {
  ws.prepare(INSERT).run({ ...chunk, ...page, position, createdAt: ws.clock.now() });
}

function idsOf(ws: Workspace, { sourceId, pageId }: PageOfSource, generation: number): number[] {
  return ws
    .prepare('SELECT id FROM chunks WHERE page_id = ? AND source_id = ? AND generation = ?')
    .pluck()
    .all(pageId, sourceId, generation) as number[];
}

function move(ws: Workspace, ids: readonly number[], from: number, to: number): void {
  const moving = ws.prepare('UPDATE chunks SET generation = ? WHERE id = ? AND generation = ?');
  for (const id of ids) moving.run(to, id, from);
}

/** In two rounds: a position may be another's until that has moved too. */
function place(ws: Workspace, kept: Difference['kept']): void {
  const moved = kept.filter(({ position, was }) => position !== was);
  const set = ws.prepare('UPDATE chunks SET position = ? WHERE id = ?');
  for (const { id } of moved) set.run(-id, id);
  for (const { id, position } of moved) set.run(position, id);
}

async function dropOf(ws: Workspace, { sourceId, pageId }: PageOfSource, generation: number, signal: AbortSignal): Promise<void> {
  const where = 'page_id = ? AND source_id = ? AND generation = ?';
  // Mostly there is nothing, and then no transaction is begun.
  if (ws.prepare(`SELECT 1 FROM chunks WHERE ${where} LIMIT 1`).get(pageId, sourceId, generation) === undefined) return;
  const drop = ws.prepare(`DELETE FROM chunks WHERE id IN (SELECT id FROM chunks WHERE ${where} LIMIT 1)`);
  await writeInSteps(ws, () => drop.run(pageId, sourceId, generation).changes > 0, signal);
}

/** Deletes all passages of a page, with a breath between. */
export async function dropPageChunks(ws: Workspace, page: PageOfSource, signal: AbortSignal): Promise<void> {
  for (const generation of [COMING, GOING, IN_USE]) await dropOf(ws, page, generation, signal);
}
