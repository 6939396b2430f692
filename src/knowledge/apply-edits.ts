/**
 * What a new reading becomes with what people wrote over the one before. Pure: it knows no database, so that whole readings
 * and single pages of a site go through the same.
 */
import type { edits } from '../db/schema/workspace.ts';
import { chunkHash } from './chunk-hash.ts';
import { likeness, runsOfLetters } from './likeness.ts';
import type { Chunk } from './reading/material.ts';
import { indexedWords } from './search/words.ts';

export type Edit = Pick<
  typeof edits.$inferSelect,
  'id' | 'state' | 'path' | 'position' | 'originalHash' | 'original' | 'text' | 'found' | 'updatedAt'
>;

export interface EditedChunk extends Chunk {
  /** Whose text it carries; null where it says what the source says. */
  editId: number | null;
}

/** What became of an edit. */
export interface Outcome {
  id: number;
  /** 'fulfilled': the source says by now what the person wrote, and the edit has nothing left to do. */
  state: Edit['state'] | 'fulfilled';
  /** What the source says instead of the original, where it changed. */
  found: string | null;
}

/** So alike and it is the same passage, reworded; below, two passages that share a phrase. */
const ALIKE = 0.5;
/** The same under the same headings. */
const ALIKE_IN_PLACE = 0.3;
/** A passage that says so many times more has swallowed the old one: in its place an edit would hide the rest. */
const SWALLOWED = 1.75;
/** How far around its old position a passage is looked for, besides under its headings. */
const AROUND = 100;

/**
 * Puts the edits into the chunks of a new reading, in its order. An edit whose passage is as it was takes its place again;
 * of one that changed, the likest passage's, and it is told what stands there now; one that is like none stands alone,
 * behind the others. `title` is what the chunks were read under.
 */
export function applyEdits(
  title: string,
  chunks: readonly Chunk[],
  applied: readonly Edit[],
): { chunks: EditedChunk[]; outcomes: Outcome[] } {
  const { places, outcomes } = placesOf(chunks, applied);
  const written = chunks.map((chunk, at) => {
    const edit = places.get(at);
    return edit ? withText(title, chunk, edit) : { ...chunk, editId: null };
  });
  const language = chunks[0]?.language ?? null;
  const alone = applied.filter(({ id }) => outcomes.some((outcome) => outcome.id === id && outcome.state === 'alone'));
  return { chunks: [...written, ...alone.map((edit) => withText(title, { path: edit.path, page: null, language }, edit))], outcomes };
}

/** Which chunk carries which edit, and what became of each. */
function placesOf(chunks: readonly Chunk[], applied: readonly Edit[]): { places: Map<number, Edit>; outcomes: Outcome[] } {
  const places = new Map<number, Edit>();
  const outcomes: Outcome[] = [];
  const open = new Set(applied);
  const settle = (edit: Edit, state: Outcome['state'], place: number | null): void => {
    if (place !== null) places.set(place, edit);
    outcomes.push({ id: edit.id, state, found: state === 'changed' ? (chunks[place ?? -1]?.text ?? null) : null });
    open.delete(edit);
  };
  const nearest = (edit: Edit, among: readonly number[] = []): number | undefined =>
    among.filter((at) => !places.has(at)).sort((a, b) => Math.abs(a - edit.position) - Math.abs(b - edit.position))[0];

  const byHash = placesBy(chunks, ({ hash }) => hash);
  for (const edit of open) {
    const place = nearest(edit, byHash.get(edit.originalHash));
    if (place !== undefined) settle(edit, 'kept', place);
  }
  const byText = placesBy(chunks, ({ text }) => text);
  for (const edit of open) if (nearest(edit, byText.get(edit.text)) !== undefined) settle(edit, 'fulfilled', null);
  for (const { edit, place } of likest([...open], chunks, places)) {
    if (open.has(edit) && !places.has(place)) settle(edit, 'changed', place);
  }
  for (const edit of open) settle(edit, 'alone', null);
  return { places, outcomes };
}

function placesBy(chunks: readonly Chunk[], key: (chunk: Chunk) => string): Map<string, number[]> {
  const places = new Map<string, number[]>();
  chunks.forEach((chunk, at) => {
    const same = places.get(key(chunk));
    if (same) same.push(at);
    else places.set(key(chunk), [at]);
  });
  return places;
}

/** A chunk as a person wrote it. */
export function withText(
  title: string,
  chunk: Pick<Chunk, 'path' | 'page' | 'language'>,
  { id, text }: { id: number | null; text: string },
): EditedChunk {
  const { path, page, language } = chunk;
  return { path, page, language, text, words: wordsOf(title, path, text, language), hash: chunkHash(path, text), editId: id };
}

/** The words that a passage is found by: title and headings count as its own. */
export function wordsOf(title: string, path: string, text: string, language: string | null): string {
  return indexedWords(`${title}\n${path}\n${text}`, language);
}

/** Which chunk may be which edit's passage, the likest pair first, then the nearest. */
function likest(open: readonly Edit[], chunks: readonly Chunk[], taken: ReadonlyMap<number, Edit>): { edit: Edit; place: number }[] {
  const known = new Map<number, Set<number>>();
  const runsAt = (at: number): Set<number> => {
    const runs = known.get(at) ?? runsOfLetters(chunks[at]?.text ?? '');
    known.set(at, runs);
    return runs;
  };
  const pairs = open.flatMap((edit) => {
    const before = [edit.original, ...(edit.found === null ? [] : [edit.found])].map(runsOfLetters);
    return chunks.flatMap((chunk, place) => {
      const inPlace = chunk.path === edit.path;
      const far = Math.abs(place - edit.position);
      if (taken.has(place) || far > (inPlace && chunk.path !== '' ? Infinity : AROUND)) return [];
      const alike = Math.max(...before.map((runs) => (runsAt(place).size > runs.size * SWALLOWED ? 0 : likeness(runs, runsAt(place)))));
      return alike >= (inPlace ? ALIKE_IN_PLACE : ALIKE) ? [{ edit, place, alike, far }] : [];
    });
  });
  return pairs.sort((a, b) => b.alike - a.alike || a.far - b.far);
}
