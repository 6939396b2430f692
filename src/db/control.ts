import { join } from 'node:path';
import { connect, type Sql } from './connect.ts';
import { isIll } from './faults.ts';
import type Database from 'better-sqlite3';
import { drizzle, type BetterSQLite3Database } from './driver.ts';
import { migrate } from './migrate.ts';
import { migrations } from './folders.ts';
import { once } from '../lib/once.ts';
import { Transactor, type Troubles } from './transactor.ts';

export type Statement = Database.Statement<unknown[], unknown>;

/** control.db, opened: users, sessions, workspaces and the ids that lead to them. */
export interface ControlDb {
  readonly db: BetterSQLite3Database;
  sql: Sql;
  /** A prepared statement, kept: preparing costs 4 µs, and through drizzle 100. */
  prepare(text: string): Statement;
  write<T>(act: () => T): T;
  durable<T>(act: () => T): T;
  afterCommit(then: () => void): void;
  /** Whether it answers; after a fault of its file also whether it can be written again. */
  works(): boolean;
  close(): void;
}

/** Opens control.db in the data folder and brings it forward. Throws MigrationError. */
export function openControl(dataDir: string, now: number, troubles: Troubles): ControlDb {
  const sql = connect(join(dataDir, 'control.db'));
  migrate(sql, migrations.control, now);
  const db = once(() => drizzle(sql));
  const statements = new Map<string, Statement>();
  let ill = false;
  const transactor = new Transactor(sql, {
    ...troubles,
    fault(error) {
      ill ||= isIll(error);
      troubles.fault(error);
    },
  });
  return {
    get db() {
      return db();
    },
    sql,
    prepare(text) {
      const known = statements.get(text);
      if (known) return known;
      const statement = sql.prepare<unknown[], unknown>(text);
      statements.set(text, statement);
      return statement;
    },
    write: (act) => transactor.write(act),
    durable: (act) => transactor.durable(act),
    afterCommit: (then) => transactor.afterCommit(then),
    works() {
      try {
        if (ill) transactor.durable(() => sql.exec('UPDATE installation SET created_at = created_at'));
        ill = false;
        return sql.prepare('SELECT 1').pluck().get() === 1;
      } catch {
        return false;
      }
    },
    close() {
      statements.clear();
      sql.close();
    },
  };
}
