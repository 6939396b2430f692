import type { JsonObject } from '../providers/index.ts';
import type { Workspace } from '../workspace.ts';
import { callHttp, type Outcome } from './call-http.ts';
import type { Fills } from './fills.ts';
import { callMcp } from './mcp/call-mcp.ts';
import { isHttp, isMcp, type Tool } from './tools.queries.ts';

/** Never throws but the signal's reason. `values` fit the tool's parameters. */
export async function callTool(ws: Workspace, tool: Tool, values: JsonObject, fills: Fills, signal: AbortSignal): Promise<Outcome> {
  if (isHttp(tool)) return await callHttp(ws, tool, values, fills, signal);
  if (isMcp(tool)) return await callMcp(ws, tool, values, signal);
  throw new Error(`tool ${tool.id} is of no kind`);
}
