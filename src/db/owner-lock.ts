import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Clock } from '../lib/clock.ts';

/** Another process owns the data folder. */
export class OwnedElsewhere extends Error {}

/**
 * One process owns the data folder for its life. SQLite's own lock on a file that holds nothing: it is freed by SIGKILL
 * too, and holds across containers that share a volume, where process ids mean nothing. Waits, so that a restart can
 * overlap with the end of the process before it. Throws OwnedElsewhere.
 */
export async function ownDataFolder(dataDir: string, clock: Clock, waitMs: number): Promise<() => void> {
  const lock = new Database(join(dataDir, 'owner.lock'), { timeout: 0 });
  const until = clock.steady() + waitMs;
  for (;;) {
    try {
      lock.exec('BEGIN EXCLUSIVE');
      return () => void lock.close();
    } catch (error) {
      if (!(error instanceof Database.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error;
    }
    if (clock.steady() > until) {
      lock.close();
      throw new OwnedElsewhere(`Another Deskbell works on ${dataDir}. Stop it first: two would answer the same customers twice.`);
    }
    await pause(100);
  }
}
