import { join } from 'node:path';
import type { Workspace } from '../../workspace.ts';
import { liveModels, type LiveModel } from '../vectors/models.ts';
import { forgetQuestions, questionVector } from '../vectors/question-vector.ts';
import { scorer } from '../vectors/scale.ts';
import { FITS } from './fits.ts';
import { fuse } from './fuse.ts';
import type { Passage } from './passage.ts';
import { SearchPool } from './search-pool.ts';

/** One for the whole process: threads cost 25 MB each, and a search takes a few milliseconds. */
const pool = new SearchPool();

/** So many that words found are looked at with their meaning. */
const FUSED = 20;
/** Words that say so much have found it, in 99 of 100 questions: no call is made. On XQuAD that is every second one. */
const SURE = 0.7;

/** Searches that were begun before they are asked for, by file and query. */
const begun = new Map<string, Promise<Passage[]>>();
/** With more under way the threads are busy: another would only stand in line earlier. */
const BEGUN_AT_MOST = 8;
const BEGUN_LIVES_MS = 2000;

export interface Query {
  query: string;
  /** How many passages at most; 6 where absent. */
  limit?: number;
  signal?: AbortSignal;
}

/**
 * The passages that answer a question best, best first; of sources and chunks that are switched on.
 * Runs in a thread, on a connection of its own: a transaction of the caller isn't seen until it is committed.
 * By words; by meaning, too, where somebody agreed to a model for it. Rejects with the signal's reason when it is aborted; the thread finishes the few milliseconds unheard.
 */
export async function search(ws: Workspace, { query, limit = 6, signal }: Query): Promise<Passage[]> {
  signal?.throwIfAborted();
  const [model] = liveModels(ws);
  const byMeaning = model?.state === 'serving' && model.background !== null;
  const found = await findNow(fileOf(ws.folder), query, byMeaning ? Math.max(limit, FUSED) : limit);
  signal?.throwIfAborted();
  if (!byMeaning || (found[0]?.score ?? 0) >= SURE) return found.slice(0, limit);
  const passages = await withMeaning(ws, { model, found, query, limit, signal });
  signal?.throwIfAborted();
  return passages;
}

/**
 * Begins to search by words for what will be asked in a moment: the thread is done by the time the message is stored and
 * its job leased. Nothing leaves the server by it. The next search for the same in this workspace takes what was found.
 */
export function beginSearch(ws: Workspace, query: string): void {
  if (query === '' || begun.size >= BEGUN_AT_MOST) return;
  const file = fileOf(ws.folder);
  const key = keyOf(file, query);
  const found = pool.find(file, query, FUSED);
  begun.set(key, found);
  const forget = (): void => {
    if (begun.get(key) === found) begun.delete(key);
  };
  found.catch(forget);
  setTimeout(forget, BEGUN_LIVES_MS).unref();
}

function findNow(file: string, query: string, limit: number): Promise<Passage[]> {
  const key = keyOf(file, query);
  const early = limit <= FUSED ? begun.get(key) : undefined;
  begun.delete(key);
  return early?.catch(() => pool.find(file, query, limit)) ?? pool.find(file, query, limit);
}

function keyOf(file: string, query: string): string {
  return `${file}\n${query}`;
}

/** Adds what meaning finds. When that fails, or takes longer than anybody should wait, what words found stays as it is. */
async function withMeaning(
  ws: Workspace,
  {
    model,
    found,
    query,
    limit,
    signal,
  }: { model: LiveModel; found: Passage[]; query: string; limit: number; signal: AbortSignal | undefined },
): Promise<Passage[]> {
  const file = fileOf(ws.folder);
  const { background } = model;
  const vector = questionVector(ws, model, query, signal);
  pool.prepare(file, model.id);
  const known = await vector;
  if (!known || !background) return found.slice(0, limit);
  try {
    const near = await pool.near({ file, model: model.id, vector: known, limit, also: found.map(({ chunkId }) => chunkId) });
    // What words need in this index is where meaning begins to fit, so that both are on one scale.
    const needed = found[0]?.needed ?? FITS;
    const scoreOf = scorer({ found: near.background, count: near.count }, background, needed);
    return fuse(found, near, { scoreOf, needed, limit });
  } catch (err) {
    ws.installation.log.error({ err, workspace: ws.id }, 'a search by meaning failed');
    return found.slice(0, limit);
  }
}

/**
 * Starts the search thread when a question is expected: a visitor came, a message came in. A search that has to start it
 * waits 100 ms longer. Costs nothing while there is one.
 */
export function warmSearch(): void {
  pool.warm();
}

/** Lets go of a workspace's database: before its folder is moved, restored over or removed. */
export function releaseSearch(ws: Pick<Workspace, 'folder'>): void {
  pool.release(fileOf(ws.folder));
}

/** Ends the search threads, at the end of the process. A later search would start them anew. */
export function closeSearch(): Promise<void> {
  forgetQuestions();
  return pool.close();
}

function fileOf(folder: string): string {
  return join(folder, 'workspace.db');
}
