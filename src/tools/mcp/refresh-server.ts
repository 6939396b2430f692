/** Looks anew at what a server offers. What isn't any more as a person approved it is off until they approve it again. */
import { and, eq, isNull } from '../../db/drizzle.ts';
import { tools, toolServers } from '../../db/schema/workspace.ts';
import { audit } from '../../web/audit.ts';
import type { Workspace } from '../../workspace.ts';
import type { OfferedTool } from './mcp-action.ts';
import { McpFault } from './mcp-fault.ts';
import { listOffered } from './read-offered.ts';
import { listServers, placeOfServer, toolsOfServer, type ToolServer } from './servers.queries.ts';
import { withServer } from './with-server.ts';

/** Null when it is well; else what went wrong, which its page says until it is well again. Throws the signal's reason. */
export async function refreshServer(ws: Workspace, server: ToolServer, signal: AbortSignal): Promise<string | null> {
  try {
    keepOffered(ws, server.id, await withServer(ws, placeOfServer(ws, server), listOffered, { signal }));
    return null;
  } catch (error) {
    if (!(error instanceof McpFault)) throw error;
    keepTrouble(ws, server.id, error.says);
    return error.says;
  }
}

/** Each night, one after the other. */
export async function refreshServers(ws: Workspace): Promise<void> {
  for (const server of listServers(ws)) await refreshServer(ws, server, new AbortController().signal);
}

/** It was reached, and lists these. */
export function keepOffered(ws: Workspace, serverId: number, offered: OfferedTool[]): void {
  ws.durable(() => {
    ws.db.update(toolServers).set({ offered, trouble: null, checkedAt: ws.clock.now() }).where(stands(serverId)).run();
    for (const tool of toolsOfServer(ws, serverId)) {
      const now = offered.find((each) => each.tool === tool.action.tool);
      // One that is off stays off, also when it is as it was: only a person switches it on.
      const offWhy = !now ? 'gone' : now.hash !== tool.action.hash || tool.offWhy !== null ? 'changed' : null;
      if (offWhy === tool.offWhy) continue;
      ws.db.update(tools).set({ offWhy }).where(eq(tools.id, tool.id)).run();
      audit(ws, { actor: 'system', action: 'tool.switched-off', subject: `tool ${tool.id}`, detail: { why: offWhy } });
    }
  });
}

function keepTrouble(ws: Workspace, serverId: number, trouble: string): void {
  ws.write(() => ws.db.update(toolServers).set({ trouble, checkedAt: ws.clock.now() }).where(stands(serverId)).run());
}

function stands(serverId: number) {
  return and(eq(toolServers.id, serverId), isNull(toolServers.removedAt));
}
