import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import Database from 'better-sqlite3';
import { migrations } from '../../src/db/folders.ts';
import { migrate } from '../../src/db/migrate.ts';
import { keepFile } from '../../src/conversations/attachments/keep-file.ts';
import { addFile } from '../../src/knowledge/index.ts';
import * as map from '../../src/privacy/map.ts';
import type { TableEntry } from '../../src/privacy/map-entry.ts';
import { writeSample } from '../../src/sample/sample-file.ts';
import { cafeAurora, testInstallation } from '../support/installation.ts';

function opened(folder: string): Database.Database {
  const sql = new Database(':memory:');
  migrate(sql, folder, 0);
  return sql;
}

/** Tables with their columns; those that SQLite makes for a full-text index are left to it. */
function tablesOf(sql: Database.Database): Map<string, string[]> {
  const names = sql
    .prepare(
      "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> 'migrations'",
    )
    .pluck()
    .all() as string[];
  const shadows = new Set(
    names
      .filter((name) => /^CREATE VIRTUAL/i.test(String(sql.prepare('SELECT sql FROM sqlite_master WHERE name = ?').pluck().get(name))))
      .flatMap((name) => ['data', 'idx', 'content', 'docsize', 'config'].map((part) => `${name}_${part}`)),
  );
  return new Map(
    names
      .filter((name) => !shadows.has(name))
      .map((name) => [name, (sql.pragma(`table_info(${name})`) as { name: string }[]).map((column) => column.name)]),
  );
}

describe('data map', () => {
  for (const [name, folder, entries, indexes] of [
    ['control.db', migrations.control, map.control, {}],
    ['workspace.db', migrations.workspace, map.workspace, map.indexes],
  ] as const) {
    const tables = tablesOf(opened(folder));

    it(`declares every table and column of ${name}, once, and nothing that isn't there`, () => {
      assert.deepEqual([...tables.keys()].filter((table) => !(table in indexes)).sort(), Object.keys(entries).sort());
      for (const [table, entry] of Object.entries<TableEntry>(entries)) {
        assert.deepEqual([...entry.personal, ...entry.sealed, ...entry.plain].sort(), tables.get(table)?.sort(), table);
      }
    });

    it(`leads from every personal row of ${name} that has one to its owner, by columns that exist`, () => {
      for (const [table, entry] of Object.entries<TableEntry>(entries)) {
        if (!entry.owner) continue;
        const steps = entry.owner.path.map((step) => step.split('.') as [string, string]);
        assert.equal(steps[0]?.[0] ?? table, table);
        for (const [from, column] of steps) assert.ok(tables.get(from)?.includes(column), `${from}.${column}`);
        const last = steps.at(-1);
        if (last) assert.match(last[1], entry.owner.of === 'contact' ? /^contact_id$/ : /^user_id$/);
      }
    });

    it(`gives every text column of ${name} a second look: one that can hold a person's words is personal or sealed`, () => {
      for (const [table, entry] of Object.entries<TableEntry>(entries)) {
        for (const column of entry.plain)
          assert.doesNotMatch(
            column,
            /^(text|body|email|phone|ip|user_agent|first_name|last_name|display_name|username|prompt|question|answer)$/,
            `${table}.${column}`,
          );
      }
    });
  }

  it('knows every index that copies text', () => {
    const sql = opened(migrations.workspace);
    const virtual = sql.prepare("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'").pluck().all();
    assert.deepEqual(virtual.sort(), Object.keys(map.indexes).sort());
  });

  it('knows every file that a used installation has', async () => {
    const test = await testInstallation();
    const { workspace } = test.installation.workspaces.hold(cafeAurora(test.installation));
    writeSample(test.settings, { workspace: workspace.id, widget: 'w', email: 'e', password: 'p' });
    await addFile(workspace, { name: 'menu.txt', content: Readable.from(['Lemon cake']), by: null });
    await keepFile(workspace, Readable.from([Buffer.from('A letter')]));
    const files = readdirSync(test.settings.dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = files.map((entry) => relative(test.settings.dataDir, join(entry.parentPath, entry.name)));
    await test.end();
    for (const folder of ['/files/', '/attachments/']) assert.ok(paths.some((path) => path.includes(folder)));
    for (const path of paths)
      assert.ok(
        map.folders.some((folder) => folder.path.test(path)),
        path,
      );
  });
});
