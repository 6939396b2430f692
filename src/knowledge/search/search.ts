import { join } from 'node:path';
import type { Workspace } from '../../workspace.ts';
import type { Passage } from './passage.ts';
import { SearchPool } from './search-pool.ts';

/** One for the whole process: threads cost 25 MB each, and a search takes a few milliseconds. */
const pool = new SearchPool();

/**
 * A best score under this means that nothing fits. Of 68 questions to two small businesses all are above it, of 39 that
 * their knowledge doesn't answer 37 are below; with one passage alone it holds as well.
 */
export const FITS = 0.36;

export interface Query {
  query: string;
  /** How many passages at most; 6 where absent. */
  limit?: number;
  signal?: AbortSignal;
}

/**
 * The passages that answer a question best, best first; of sources and chunks that are switched on.
 * Runs in a thread, on a connection of its own: a transaction of the caller isn't seen until it is committed.
 * Rejects with the signal's reason when it is aborted; the thread finishes the few milliseconds unheard.
 */
export async function search(ws: Workspace, { query, limit = 6, signal }: Query): Promise<Passage[]> {
  signal?.throwIfAborted();
  const passages = await pool.find(fileOf(ws.folder), query, limit);
  signal?.throwIfAborted();
  return passages;
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
  return pool.close();
}

function fileOf(folder: string): string {
  return join(folder, 'workspace.db');
}
