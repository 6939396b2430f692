/** The MCP servers of a workspace. */
import { and, asc, eq, isNull, sql } from '../../db/drizzle.ts';
import { tools, toolServers } from '../../db/schema/workspace.ts';
import type { Workspace } from '../../workspace.ts';
import { isMcp, type McpTool } from '../tools.queries.ts';
import type { Place } from './with-server.ts';

export type ToolServer = typeof toolServers.$inferSelect;

export function listServers(ws: Workspace): ToolServer[] {
  return ws.db
    .select()
    .from(toolServers)
    .where(isNull(toolServers.removedAt))
    .orderBy(sql`${toolServers.name} collate nocase`, asc(toolServers.id))
    .all();
}

/** Undefined when there is none, or it was removed. */
export function serverById(ws: Workspace, id: number): ToolServer | undefined {
  return ws.db
    .select()
    .from(toolServers)
    .where(and(eq(toolServers.id, id), isNull(toolServers.removedAt)))
    .get();
}

/** Those of its tools that a person has chosen. */
export function toolsOfServer(ws: Workspace, serverId: number): McpTool[] {
  return ws.db
    .select()
    .from(tools)
    .where(and(eq(tools.serverId, serverId), isNull(tools.removedAt)))
    .orderBy(asc(tools.id))
    .all()
    .filter(isMcp);
}

/** The place a server's token is sealed for. */
export function tokenPlace(id: number): { table: string; column: string; row: number } {
  return { table: 'tool_servers', column: 'token_sealed', row: id };
}

/** Its token is opened for one session: let it go when that is over. */
export function placeOfServer(ws: Workspace, { id, url, tokenSealed }: ToolServer): Place {
  return { url, token: tokenSealed === null ? null : ws.open(tokenPlace(id), tokenSealed).reveal() };
}
