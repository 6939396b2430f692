/** The tools of a workspace. */
import { z } from 'zod';
import { and, asc, eq, inArray, isNull, sql } from '../db/drizzle.ts';
import { tools } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';

export type Tool = typeof tools.$inferSelect;

/** Those that are there, by what people call them. */
export function listTools(ws: Workspace): Tool[] {
  return ws.db
    .select()
    .from(tools)
    .where(isNull(tools.removedAt))
    .orderBy(sql`${tools.title} collate nocase`, asc(tools.id))
    .all();
}

/** Undefined when there is none, or it was removed. */
export function toolById(ws: Workspace, id: number): Tool | undefined {
  return ws.db
    .select()
    .from(tools)
    .where(and(eq(tools.id, id), isNull(tools.removedAt)))
    .get();
}

/** Of these, those that are still there, in a lasting order: it is part of what providers cache. */
export function toolsById(ws: Workspace, ids: readonly number[]): Tool[] {
  if (ids.length === 0) return [];
  return ws.db
    .select()
    .from(tools)
    .where(and(inArray(tools.id, [...ids]), isNull(tools.removedAt)))
    .orderBy(asc(tools.id))
    .all();
}

/** The place a tool's headers are sealed for. */
export function placeOf(id: number): { table: string; column: string; row: number } {
  return { table: 'tools', column: 'headers_sealed', row: id };
}

const sealed = z.record(z.string(), z.string());

/** Opened for one call: let it go when that is over. */
export function headersOf(ws: Workspace, { id, headersSealed }: Pick<Tool, 'id' | 'headersSealed'>): Record<string, string> {
  if (headersSealed === null) return {};
  return sealed.parse(JSON.parse(ws.open(placeOf(id), headersSealed).reveal()));
}
