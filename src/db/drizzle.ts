/**
 * The one place that loads drizzle, with driver.ts beside it. Imported as ES modules it costs 270 ms and 200 MB at boot (it walks every dialect);
 * through `require` 55 ms and 25 MB. The types are the same.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const core = require('drizzle-orm/sqlite-core') as typeof import('drizzle-orm/sqlite-core');
const orm = require('drizzle-orm') as typeof import('drizzle-orm');

export const { sqliteTable, integer, real, text, blob, index, uniqueIndex, primaryKey, getTableConfig } = core;
export const { eq, ne, and, or, not, gt, gte, lt, lte, inArray, isNull, isNotNull, asc, desc, sql, count, max } = orm;
export type { SQL } from 'drizzle-orm';
