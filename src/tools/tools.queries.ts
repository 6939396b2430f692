/** The tools of a workspace. */
import { z } from 'zod';
import { and, asc, eq, isNull, sql } from '../db/drizzle.ts';
import { tools } from '../db/schema/workspace.ts';
import type { JsonObject } from '../providers/index.ts';
import type { Workspace } from '../workspace.ts';
import { parametersOfAction, type HttpAction } from './http-action.ts';
import type { McpAction } from './mcp/mcp-action.ts';

export type Tool = typeof tools.$inferSelect;
export type HttpTool = Tool & { action: HttpAction };
export type McpTool = Tool & { action: McpAction };

export function isHttp(tool: Tool): tool is HttpTool {
  return 'method' in tool.action;
}

export function isMcp(tool: Tool): tool is McpTool {
  return !isHttp(tool);
}

/** What a model may set, as JSON Schema. */
export function parametersOf({ action }: Pick<Tool, 'action'>): JsonObject {
  return 'method' in action ? parametersOfAction(action) : action.parameters;
}

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

/** The same of an action over HTTP alone. */
export function httpToolById(ws: Workspace, id: number): HttpTool | undefined {
  const tool = toolById(ws, id);
  return tool && isHttp(tool) ? tool : undefined;
}

const BY_IDS = `
  SELECT id, name, title, description, changes, action, headers_sealed AS headersSealed, service, policy_url AS policyUrl,
    created_at AS createdAt, updated_at AS updatedAt, removed_at AS removedAt, server_id AS serverId, off_why AS offWhy
  FROM tools WHERE id IN (SELECT value FROM json_each(?)) AND removed_at IS NULL ORDER BY id`;

/**
 * Of these, those that are still there, in a lasting order: it is part of what providers cache. By hand, since it stands before the
 * first word of an answer.
 */
export function toolsById(ws: Workspace, ids: readonly number[]): Tool[] {
  if (ids.length === 0) return [];
  const rows = ws.prepare(BY_IDS).all(JSON.stringify(ids)) as (Omit<Tool, 'changes' | 'action'> & { changes: number; action: string })[];
  return rows.map((row) => ({ ...row, changes: row.changes === 1, action: JSON.parse(row.action) as Tool['action'] }));
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
