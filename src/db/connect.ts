import Database from 'better-sqlite3';

export type Sql = Database.Database;
export type Statement = Database.Statement;

/**
 * Opens the one write connection of a database file. WAL; foreign keys hold; deleted rows are overwritten
 * (`secure_delete` is off by default and per connection). Checkpoints are made in a thread (tend-databases.ts); the big
 * `wal_autocheckpoint` is for when that can't keep up: alone, it let a log grow to 1.9 GB in 12 s. A second write connection
 * is never opened: a nested write blocked the process for five seconds.
 */
export function connect(file: string): Sql {
  const sql = new Database(file);
  try {
    configure(sql);
    return sql;
  } catch (error) {
    sql.close();
    throw error;
  }
}

function configure(sql: Sql): void {
  sql.pragma('journal_mode = WAL');
  sql.pragma('synchronous = NORMAL');
  sql.pragma('foreign_keys = ON');
  sql.pragma('secure_delete = ON');
  sql.pragma('wal_autocheckpoint = 16000');
  sql.pragma('busy_timeout = 2000');
  sql.pragma('trusted_schema = OFF');
}
