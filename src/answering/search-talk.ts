import { fits, search, type Passage } from '../knowledge/index.ts';
import type { Workspace } from '../workspace.ts';

/** So many of each search are weighed together: what leans on the talk stands low in the one or in the other. */
const LOOKED_AT = 20;
/** The best passage is clear of the next by this much of its score: the question stands by itself. */
const CLEAR = 0.5;
/** So does one that names so many things that one passage speaks of: what leans on the talk leaves them out. */
const NAMED = 4;

export interface Talk {
  question: string;
  /** What the customer asked before, oldest first; '' when this is the first. */
  earlier: string;
}

/**
 * The passages that answer a question in its conversation, best first. One that stands by itself is searched alone. Else
 * it is searched together with what was asked before, too, and both count alike: "and on Sundays?" takes its subject from
 * the talk, and a new subject stays ahead of the old one, since both searches know it. What a model would do, without a
 * call: the words that a question leans on have been said. No list of words tells which question leans: a language that
 * nobody thought of would lack it.
 */
export async function searchTalk(ws: Workspace, { question, earlier }: Talk, limit: number, signal: AbortSignal): Promise<Passage[]> {
  const alone = await search(ws, { query: question, limit: earlier === '' ? limit : Math.max(limit, LOOKED_AT), signal });
  if (earlier === '' || standsAlone(alone)) return alone.slice(0, limit);
  const along = await search(ws, { query: `${earlier}\n${question}`, limit: Math.max(limit, LOOKED_AT), signal });
  return together(alone, along).slice(0, limit);
}

function standsAlone([first, second]: readonly Passage[]): boolean {
  if (first === undefined || !fits(first)) return false;
  return (second?.score ?? 0) < first.score * CLEAR || (first.why?.matched.length ?? 0) >= NAMED;
}

/** The mean of both scores; what one of them didn't find has none there. */
function together(alone: readonly Passage[], along: readonly Passage[]): Passage[] {
  const found = new Map<number, Passage>();
  for (const passage of [...alone, ...along]) {
    const score = (found.get(passage.chunkId)?.score ?? 0) + passage.score / 2;
    // The parts of two scores explain neither.
    const { why: _, ...rest } = passage;
    found.set(passage.chunkId, { ...rest, score });
  }
  return [...found.values()].sort((a, b) => b.score - a.score || a.chunkId - b.chunkId);
}
