/** Calls a tool of an MCP server: only one that its server still describes as a person approved it. */
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { JsonObject } from '../../providers/index.ts';
import type { Workspace } from '../../workspace.ts';
import type { Outcome } from '../call-http.ts';
import { cut, errorFrom } from '../pick.ts';
import type { McpTool } from '../tools.queries.ts';
import { withoutSecrets } from '../without-secrets.ts';
import { McpFault } from './mcp-fault.ts';
import { listOffered } from './read-offered.ts';
import { keepOffered } from './refresh-server.ts';
import { placeOfServer, serverById } from './servers.queries.ts';
import { withServer, type Session } from './with-server.ts';

type Came = Pick<Outcome, 'state' | 'says' | 'result'>;

/** Never throws but the signal's reason. `values` fit the tool's parameters. */
export async function callMcp(ws: Workspace, tool: McpTool, values: JsonObject, signal: AbortSignal): Promise<Outcome> {
  const server = tool.serverId === null ? undefined : serverById(ws, tool.serverId);
  if (!server || tool.offWhy !== null) return { ...changed(tool), sent: null, status: null };
  const place = placeOfServer(ws, server);
  const sent = { method: 'POST', url: server.url, body: JSON.stringify({ tool: tool.action.tool, arguments: values }) };
  let called = false;
  const act = async (session: Session): Promise<Outcome> => {
    const offered = await listOffered(session);
    if (!offered.some(({ hash, tool: name }) => name === tool.action.tool && hash === tool.action.hash)) {
      keepOffered(ws, server.id, offered);
      return { ...changed(tool), sent: null, status: null };
    }
    called = true;
    const came = read(await session.call(tool.action.tool, values), tool);
    return { ...came, result: withoutSecrets(came.result, place.token === null ? [] : [place.token]), sent, status: null };
  };
  try {
    return await withServer(ws, place, act, { signal });
  } catch (error) {
    if (!(error instanceof McpFault)) throw error;
    // What only looks can be asked again; of what changes something nobody knows whether it did.
    const state = tool.changes && called && error.maybeDone ? 'uncertain' : 'failed';
    return { state, says: error.says, result: `${tool.service} could not be asked.`, sent: called ? sent : null, status: null };
  }
}

function changed({ service }: McpTool): Came {
  return {
    state: 'failed',
    says: 'Its server has changed it since it was approved. It is off until somebody approves it again on the server’s page.',
    result: `${service} could not be asked.`,
  };
}

function read(result: CallToolResult, { service }: McpTool): Came {
  const text = textOf(result);
  if (result.isError === true)
    return { state: 'failed', says: 'It answered that this went wrong.', result: errorFrom(`${service} answered with an error.`, text) };
  return { state: 'done', says: 'It answered.', result: cut(text) };
}

/** Texts as they are; what a model can't be given here is named. */
function textOf({ content, structuredContent }: CallToolResult): string {
  const text = content.map(partOf).join('\n');
  return text === '' && structuredContent !== undefined ? JSON.stringify(structuredContent) : text;
}

function partOf(part: CallToolResult['content'][number]): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'image':
      return '[An image, which isn’t shown.]';
    case 'audio':
      return '[A recording, which isn’t heard.]';
    case 'resource_link':
      return `[A file, which isn’t read: ${part.name}]`;
    case 'resource':
      return `[A file, which isn’t read: ${part.resource.uri}]`;
  }
}
