/** Queries by drizzle over a connection. Loaded with the first that asks: the server listens 40 ms sooner without. */
import { createRequire } from 'node:module';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { once } from '../lib/once.ts';
import type { Sql } from './connect.ts';

export type { BetterSQLite3Database };

const require = createRequire(import.meta.url);
const driver = once(() => require('drizzle-orm/better-sqlite3') as typeof import('drizzle-orm/better-sqlite3'));

export function drizzle(sql: Sql): BetterSQLite3Database {
  return driver().drizzle(sql);
}
