/** A session with an MCP server, by the protocol's own SDK: begun for one look or one call, and ended behind it. */
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js';
import type { JsonObject } from '../../providers/index.ts';
import type { Workspace } from '../../workspace.ts';
import { faultOf, McpFault } from './mcp-fault.ts';
import { ANSWER_BYTES, strictFetch } from './strict-fetch.ts';

export interface Place {
  url: string;
  token: string | null;
}

export interface Session {
  list(): Promise<Tool[]>;
  call(tool: string, values: JsonObject): Promise<CallToolResult>;
}

/** For a whole session. */
const PATIENCE_MS = 20_000;
const PAGES = 20;
const TOOLS = 200;
/** A stream's last event is read by then. */
const LAST_EVENT_MS = 100;

/** Throws McpFault, or the signal's reason. */
export async function withServer<T>(
  ws: Workspace,
  { url, token }: Place,
  act: (session: Session) => Promise<T>,
  { signal, patienceMs = PATIENCE_MS }: { signal: AbortSignal; patienceMs?: number },
): Promise<T> {
  const late = AbortSignal.timeout(patienceMs);
  const broken = new AbortController();
  const { heard, ended } = answersIn(() => broken.abort(new McpFault('Its answer broke off.', { maybeDone: true })));
  const { Client, StreamableHTTPClientTransport } = await loaded();
  const client = new Client({ name: 'Deskbell', version: '1' });
  client.onerror = (cause) => {
    if (isFatal(cause)) broken.abort(faultOf(cause));
  };
  let transport: Ending | undefined;
  try {
    const fetch = ws.installation.outbound.to(new URL(url).origin, { timeoutMs: patienceMs, maxBytes: ANSWER_BYTES });
    const way = new StreamableHTTPClientTransport(new URL(url), {
      fetch: strictFetch(fetch, { ended, fault: (fault) => broken.abort(fault) }),
      requestInit: { headers: { 'user-agent': 'Deskbell', ...(token === null ? {} : { authorization: `Bearer ${token}` }) } },
    });
    transport = way;
    // The SDK's own listener is called after it.
    way.onmessage = heard;
    const options = { signal: AbortSignal.any([signal, late, broken.signal]), timeout: patienceMs };
    await client.connect(way, options);
    return await act(await sessionOf(client, options));
  } catch (cause) {
    signal.throwIfAborted();
    if (late.aborted) throw new McpFault(`It didn’t answer within ${patienceMs / 1000} seconds.`, { maybeDone: true, cause });
    throw faultOf(broken.signal.aborted ? broken.signal.reason : cause);
  } finally {
    void leave(ws, client, transport);
  }
}

interface Ending {
  terminateSession(): Promise<void>;
}

/** Its server may forget the session. Nobody waits for that, and whoever doesn't know the word for it forgets by itself. */
async function leave(ws: Workspace, client: Client, transport: Ending | undefined): Promise<void> {
  try {
    await transport?.terminateSession();
    await client.close();
  } catch (err) {
    ws.installation.log.debug({ err }, 'an MCP session was left open');
  }
}

/** Loaded at the first use: it is no part of a start. */
async function loaded() {
  const [client, transport] = await Promise.all([
    import('@modelcontextprotocol/sdk/client/index.js'),
    import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
  ]);
  return { ...client, ...transport };
}

/** Not `client.listTools`: it makes code out of the schemas that a server gives for its answers. */
async function sessionOf(client: Client, options: RequestOptions): Promise<Session> {
  const { CallToolResultSchema, ListToolsResultSchema } = await import('@modelcontextprotocol/sdk/types.js');
  return {
    async list() {
      const tools: Tool[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < PAGES; page++) {
        const params = cursor === undefined ? {} : { cursor };
        const listed = await client.request({ method: 'tools/list', params }, ListToolsResultSchema, options);
        tools.push(...listed.tools);
        if (tools.length > TOOLS) break;
        if (listed.nextCursor === undefined) return tools;
        cursor = listed.nextCursor;
      }
      throw new McpFault(`It lists more than ${TOOLS} tools, or lists them without an end.`);
    },
    call: (tool, values) =>
      client.request({ method: 'tools/call', params: { name: tool, arguments: values } }, CallToolResultSchema, options),
  };
}

/** Those that the SDK reports and then waits on; what fails while it is asked is thrown anyway. */
function isFatal(cause: Error): boolean {
  return cause instanceof SyntaxError || cause.name === 'ZodError' || cause.message.startsWith('SSE stream disconnected');
}

/** Sees that a stream has ended without the answer that it was opened for: the SDK would wait on. */
function answersIn(broken: () => void): { heard: (message: object) => void; ended: (id: unknown) => void } {
  const answered = new Set<unknown>();
  return {
    heard(message) {
      if ('id' in message && !('method' in message)) answered.add(message.id);
    },
    ended(id) {
      setTimeout(() => {
        // Nobody waits for an answer to a notice, which has no id.
        if (id !== undefined && !answered.has(id)) broken();
      }, LAST_EVENT_MS).unref();
    },
  };
}
