/**
 * A thread that moves what stands in write-ahead logs into their databases, one after the other, so that the main thread
 * doesn't wait for the disk. Each order opens a connection of its own and closes it again: nothing is held open for a folder
 * that is to be moved.
 */
import { parentPort } from 'node:worker_threads';
import Database from 'better-sqlite3';
import type { Checkpointed, Order, Report } from './checkpoints.ts';

parentPort?.on('message', (order: Order) => parentPort?.postMessage(report(order)));

function report({ id, file, mode }: Order): Report {
  try {
    // At once or not at all: whoever waits for a reader here holds the write lock, and with it the main thread.
    const sql = new Database(file, { fileMustExist: true, timeout: 0 });
    try {
      if (mode === 'VACUUM') sql.exec('VACUUM');
      // What can be moved beside readers and the writer is moved first, so that TRUNCATE holds the write lock for an instant.
      const passed = checkpoint(sql, 'PASSIVE');
      return { id, done: mode === 'PASSIVE' ? passed : checkpoint(sql, 'TRUNCATE') };
    } finally {
      sql.close();
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { id, error: error.message, ...('code' in error ? { code: String(error.code) } : {}) };
  }
}

function checkpoint(sql: Database.Database, mode: 'PASSIVE' | 'TRUNCATE'): Checkpointed {
  const { busy, log, checkpointed } = sql.prepare(`PRAGMA wal_checkpoint(${mode})`).get() as Record<
    'busy' | 'log' | 'checkpointed',
    number
  >;
  return { busy: busy !== 0, log, checkpointed };
}
