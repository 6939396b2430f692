import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import type { Sql } from './connect.ts';

/** The database is newer than this release, or a migration was changed after it ran. */
export class MigrationError extends Error {}

interface Migration {
  name: string;
  text: string;
  hash: string;
}

const read = new Map<string, Migration[]>();

function migrationsIn(folder: string): Migration[] {
  const known = read.get(folder);
  if (known) return known;
  const found = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      return { name, text, hash: createHash('sha256').update(text).digest('hex') };
    });
  read.set(folder, found);
  return found;
}

/**
 * Brings a database forward to this release: each file of `folder` once, in the order of names, each in one
 * transaction. Returns the names that ran. Throws MigrationError when the database knows a migration we don't (it was
 * written by a newer release) or knows one of ours with other contents.
 */
export function migrate(sql: Sql, folder: string, now: number): string[] {
  const migrations = migrationsIn(folder);
  const newest = migrations.at(-1);
  // `user_version` counts migrations, so that opening an up-to-date database costs one read.
  if (newest && sql.pragma('user_version', { simple: true }) === migrations.length) {
    const last = sql.prepare('SELECT name, hash FROM migrations ORDER BY name DESC LIMIT 1').get() as { name: string; hash: string };
    if (last.name === newest.name && last.hash === newest.hash) return [];
  }
  sql.exec('CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY NOT NULL, hash TEXT NOT NULL, applied_at INTEGER NOT NULL)');
  const applied = new Map(
    (sql.prepare('SELECT name, hash FROM migrations').all() as { name: string; hash: string }[]).map((row) => [row.name, row.hash]),
  );
  for (const name of applied.keys()) {
    if (!migrations.some((migration) => migration.name === name)) {
      throw new MigrationError(
        `The data was written by a newer release of Deskbell (it has ${name}). Start that release, or restore the backup made before the upgrade.`,
      );
    }
  }
  return migrations
    .filter((migration) => apply(sql, migration, applied.get(migration.name), migrations, now))
    .map((migration) => migration.name);
}

function apply(sql: Sql, migration: Migration, appliedHash: string | undefined, all: Migration[], now: number): boolean {
  if (appliedHash === migration.hash) return false;
  if (appliedHash !== undefined)
    throw new MigrationError(`The migration ${migration.name} was changed after it had run. Install an unchanged release.`);
  sql
    .transaction(() => {
      sql.exec(migration.text);
      sql.prepare('INSERT INTO migrations (name, hash, applied_at) VALUES (?, ?, ?)').run(migration.name, migration.hash, now);
      sql.pragma(`user_version = ${all.indexOf(migration) + 1}`);
    })
    .immediate();
  return true;
}
