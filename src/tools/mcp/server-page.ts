/** The page of an MCP server: how it is, what it offers, and what has changed since a person approved it. */
import type { Workspace } from '../../workspace.ts';
import { isObject } from '../openapi/plain-schema.ts';
import type { McpTool } from '../tools.queries.ts';
import type { OfferedTool } from './mcp-action.ts';
import { toolsOfServer, type ToolServer } from './servers.queries.ts';

export function serverPage(
  ws: Workspace,
  server: ToolServer,
  typed: Record<string, unknown> | null,
  errors: Record<string, string>,
): object {
  const chosen = toolsOfServer(ws, server.id);
  const { id, name, url, service, policyUrl, trouble, checkedAt, offered } = server;
  return {
    server: { id, name, url, trouble, checkedAt },
    form: typed ?? { name, service, policyUrl },
    errors,
    offers: offered.map((each) =>
      offerView(
        each,
        chosen.find(({ action }) => action.tool === each.tool),
      ),
    ),
    gone: chosen.filter(({ offWhy }) => offWhy === 'gone').map(({ title }) => title),
  };
}

function offerView(each: OfferedTool, before: McpTool | undefined): object {
  const { hash, title, description, looksOnly, parameters } = each;
  const properties = parameters['properties'];
  return {
    hash,
    title,
    description,
    used: before?.offWhy === null,
    changes: before ? before.changes : !looksOnly,
    off: before !== undefined && before.offWhy !== null ? { says: changesIn(each, before), was: before.description } : null,
    wants: isObject(properties) ? Object.keys(properties).join(', ') : '',
  };
}

/** In words for people: what is another than they approved. */
function changesIn(now: OfferedTool, before: McpTool): string {
  const parts = [
    now.description !== before.description && now.description !== '' ? 'what it says of itself' : '',
    JSON.stringify(now.parameters) === JSON.stringify(before.action.parameters) ? '' : 'what it wants to know',
  ].filter((part) => part !== '');
  if (now.hash === before.action.hash) return 'Its server had changed it or taken it away. Now it is again as you approved it.';
  return `Its server changed ${parts.length === 0 ? 'how it describes it' : parts.join(' and ')} since you approved it.`;
}
