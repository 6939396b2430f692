/**
 * Loaded before the server (`node --import`) by the crash driver: ends the process by SIGKILL right before or after the Nth
 * statement that SQLite is given, and keeps a note of what had been flushed, so that the driver can cut the power.
 * Nothing of this is in the product.
 */
import { appendFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import type Database from 'better-sqlite3';

const load = createRequire(import.meta.url);
const killAt = Number(process.env['CRASH_AT_STATEMENT'] ?? 0);
const note = process.env['CRASH_FLUSHED'] ?? '';
/** Bytes of a page in the log with its own head, and of the log's head. */
const FRAME = 4096 + 24;
const LOG_HEAD = 32;
/** Length of each write-ahead log when it was last flushed. */
const flushed = new Map<string, number>();
let statements = 0;

type Statement = Database.Statement<unknown[], unknown>;

function counted(): void {
  if (++statements !== killAt) return;
  writeNote();
  process.kill(process.pid, 'SIGKILL');
}

function writeNote(): void {
  if (note !== '') writeFileSync(note, JSON.stringify(Object.fromEntries(flushed)));
}

/** A commit at FULL flushes the log, and with it all that earlier commits had written into it. */
function noteFlush(sql: Database.Database): void {
  if (sql.memory || sql.inTransaction || sql.pragma('synchronous', { simple: true }) !== 2) return;
  const log = `${sql.name}-wal`;
  flushed.set(log, statSync(log, { throwIfNoEntry: false })?.size ?? 0);
}

function wrap(sql: Database.Database, statement: Statement, text: string): Statement {
  const commits = /^\s*commit/i.test(text);
  for (const method of ['run', 'get', 'all'] as const) {
    const original: (...values: unknown[]) => unknown = statement[method].bind(statement);
    Object.defineProperty(statement, method, {
      value: (...values: unknown[]) => {
        counted();
        const result = original(...values);
        if (commits) noteFlush(sql);
        counted();
        return result;
      },
    });
  }
  return statement;
}

/** A checkpoint flushes the log up to the frame that it then moves; while it runs, nobody knows how far that is. */
function noteCheckpoint(sql: Database.Database, run: () => unknown): unknown {
  const log = `${sql.name}-wal`;
  const tell = (flushed: number | null): void => appendFileSync(`${note}.moved`, `${JSON.stringify({ log, flushed })}\n`);
  tell(null);
  const result = run() as { log: number };
  tell(Math.max(0, result.log) * FRAME + LOG_HEAD);
  return result;
}

const Sql: typeof Database = load('better-sqlite3');
const { prepare, exec } = Sql.prototype;

if (!isMainThread && note !== '') {
  Sql.prototype.prepare = function (this: Database.Database, text: string) {
    const statement: Statement = prepare.call(this, text);
    if (!text.startsWith('PRAGMA wal_checkpoint')) return statement;
    const original: (...values: unknown[]) => unknown = statement.get.bind(statement);
    return Object.defineProperty(statement, 'get', { value: () => noteCheckpoint(this, original) });
  } as typeof prepare;
}

if (isMainThread) {
  Sql.prototype.prepare = function (this: Database.Database, text: string) {
    return wrap(this, prepare.call(this, text), text);
  } as typeof prepare;
  Sql.prototype.exec = function (this: Database.Database, text: string) {
    counted();
    const result = exec.call(this, text);
    counted();
    return result;
  };
  // The driver asks for a power cut by this signal: what was flushed is noted, then the process is gone.
  process.on('SIGUSR2', () => {
    writeNote();
    process.kill(process.pid, 'SIGKILL');
  });
}
