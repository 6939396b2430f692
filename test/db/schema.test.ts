import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import { migrations } from '../../src/db/folders.ts';
import { getTableConfig } from '../../src/db/drizzle.ts';
import { migrate, MigrationError } from '../../src/db/migrate.ts';
import * as control from '../../src/db/schema/control.ts';
import * as workspace from '../../src/db/schema/workspace.ts';

type Table = Parameters<typeof getTableConfig>[0];

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && Symbol.for('drizzle:Name') in value;
}

describe('database schema', () => {
  for (const [name, schema, folder] of [
    ['control.db', control, migrations.control],
    ['workspace.db', workspace, migrations.workspace],
  ] as const) {
    it(`${name}: what the migrations make is what the code expects, column by column`, () => {
      const sql = new Database(':memory:');
      migrate(sql, folder, 0);
      const tables = Object.values(schema)
        .filter(isTable)
        .map((table) => getTableConfig(table));
      const declared = tables.map((table) => table.name).sort();
      const made = (
        sql
          .prepare(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE '%\\_fts%' ESCAPE '\\' AND name NOT LIKE 'sqlite_%' AND name <> 'migrations'",
          )
          .pluck()
          .all() as string[]
      ).sort();
      assert.deepEqual(made, declared);
      for (const table of tables) {
        const columns = sql.pragma(`table_info(${table.name})`) as { name: string; notnull: number; type: string; pk: number }[];
        const shape = (list: { name: string; notNull: boolean }[]): string[] =>
          list.map((c) => `${c.name}${c.notNull ? ' not null' : ''}`).sort();
        assert.deepEqual(
          shape(columns.map((c) => ({ name: c.name, notNull: c.notnull === 1 }))),
          shape(table.columns.map((c) => ({ name: c.name, notNull: c.notNull }))),
          table.name,
        );
      }
    });
  }

  it('a database that was changed by a newer release is refused in plain words', () => {
    const sql = new Database(':memory:');
    migrate(sql, migrations.control, 0);
    sql.prepare("INSERT INTO migrations VALUES ('0999_future.sql', 'x', 0)").run();
    assert.throws(
      () => migrate(sql, migrations.control, 0),
      (error: Error) => error instanceof MigrationError && /newer release/.test(error.message),
    );
  });

  it('migrating twice changes nothing', () => {
    const sql = new Database(':memory:');
    assert.deepEqual(migrate(sql, migrations.workspace, 0).length > 0, true);
    assert.deepEqual(migrate(sql, migrations.workspace, 0), []);
  });
});
