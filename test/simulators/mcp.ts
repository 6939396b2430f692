/** An MCP server over streamable HTTP for tests: refuses what the protocol refuses, and misbehaves on demand. */
import assert from 'node:assert/strict';
import type http from 'node:http';
import { httpSimulator, type HttpSimulator } from './http.ts';

export interface McpTool {
  name: string;
  description: string;
  inputSchema: object;
  annotations?: object;
}

export interface McpServer extends HttpSimulator {
  tools: McpTool[];
  /** What each call returns. */
  result: object;
  /** Calls that arrived. */
  calls: { name: string; arguments: object }[];
  /** What goes wrong from now on, at this method; null for nothing. */
  fault: { at: string; does: (response: http.ServerResponse) => void } | null;
  /** Answers are streams of events, each open until the next request comes, and a tool takes longer than a stream is waited for. */
  events: boolean;
}

const TOOL_MS = 150;

interface Message {
  id?: number;
  method: string;
  params: { name?: string; arguments?: object; cursor?: string };
}

const SESSION = 'session-1';

export async function mcpServer(): Promise<McpServer> {
  const state: Omit<McpServer, keyof HttpSimulator> = { tools: [], result: { content: [] }, calls: [], fault: null, events: false };
  const open: http.ServerResponse[] = [];
  const far = await httpSimulator((request, response) => {
    if (request.method !== 'POST') return void response.writeHead(request.method === 'DELETE' ? 200 : 405).end();
    for (const stream of open.splice(0)) stream.end();
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => answer(state, request, response, JSON.parse(body) as Message, open));
  });
  return Object.assign(state, far);
}

function answer(
  state: Omit<McpServer, keyof HttpSimulator>,
  request: http.IncomingMessage,
  response: http.ServerResponse,
  message: Message,
  open: http.ServerResponse[],
): void {
  assert.match(request.headers.accept ?? '', /application\/json.*text\/event-stream/);
  const first = message.method === 'initialize';
  if (!first && (request.headers['mcp-session-id'] !== SESSION || request.headers['mcp-protocol-version'] === undefined))
    return void response.writeHead(400).end();
  if (state.fault?.at === message.method) return state.fault.does(response);
  if (message.id === undefined) return void response.writeHead(202).end();
  const type = state.events ? 'text/event-stream' : 'application/json';
  response.writeHead(200, { 'content-type': type, ...(first ? { 'mcp-session-id': SESSION } : {}) });
  const json = JSON.stringify({ jsonrpc: '2.0', id: message.id, result: resultOf(state, message) });
  if (!state.events) return void response.end(json);
  open.push(response);
  response.flushHeaders();
  setTimeout(() => response.write(`event: message\ndata: ${json}\n\n`), message.method === 'tools/call' ? TOOL_MS : 0);
}

function resultOf(state: Omit<McpServer, keyof HttpSimulator>, { method, params }: Message): object {
  if (method === 'initialize')
    return { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'stand-in', version: '1' } };
  if (method === 'tools/call') {
    state.calls.push({ name: params.name ?? '', arguments: params.arguments ?? {} });
    return state.result;
  }
  // One to a page: who doesn't follow the cursor sees the first alone.
  const at = Number(params.cursor ?? 0);
  return { tools: state.tools.slice(at, at + 1), ...(at + 1 < state.tools.length ? { nextCursor: String(at + 1) } : {}) };
}
