/** Makes an action's request. The one way out is the workspace's own; a stranger's answer is read within limits and never trusted. */
import { OutboundError } from '../lib/outbound.ts';
import type { JsonObject } from '../providers/index.ts';
import type { Workspace } from '../workspace.ts';
import { fillAction, type FilledRequest } from './fill-action.ts';
import type { Fills } from './fills.ts';
import { cut, errorFrom, pick } from './pick.ts';
import { headersOf, type HttpTool } from './tools.queries.ts';
import { withoutSecrets } from './without-secrets.ts';

export interface Sent {
  method: string;
  url: string;
  body: string | null;
}

export interface Outcome {
  /** 'uncertain': it may have happened. */
  state: 'done' | 'failed' | 'uncertain' | 'refused';
  /** For people: how it went. */
  says: string;
  /** For the model: data, at most 64 KB. */
  result: string;
  /** Null where nothing went out. */
  sent: Sent | null;
  /** Null where nothing came back. */
  status: number | null;
}

const TIMEOUT_MS = 10_000;
/** Of the whole answer, before something is picked from it. */
const ANSWER_BYTES = 1024 * 1024;

/** Never throws but the signal's reason. `values` fit the tool's parameters. */
export async function callHttp(ws: Workspace, tool: HttpTool, values: JsonObject, fills: Fills, signal: AbortSignal): Promise<Outcome> {
  const { request, refused } = fillAction(tool.action, values, fills);
  if (!request) return { state: 'refused', says: refused, result: refused, sent: null, status: null };
  const sent = { method: request.method, url: request.url, body: request.body };
  const headers = headersOf(ws, tool);
  try {
    const response = await send(ws, request, headers, signal);
    return { ...(await read(response, tool, headers)), sent, status: response.status };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof OutboundError)) throw error;
    // What only looks can be asked again; of what changes something nobody knows whether it did.
    const state = tool.changes && error.maybeSent ? 'uncertain' : 'failed';
    return { state, says: error.says, result: `${tool.service} could not be asked.`, sent, status: null };
  }
}

async function send(ws: Workspace, request: FilledRequest, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
  const { origin, method, url, body } = request;
  const fetch = ws.installation.outbound.to(origin, { timeoutMs: TIMEOUT_MS, maxBytes: ANSWER_BYTES });
  return await fetch(url, {
    method,
    headers: {
      accept: 'application/json, text/plain;q=0.9',
      'user-agent': 'Deskbell',
      ...(body === null ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === null ? {} : { body }),
    redirect: 'manual',
    signal,
  });
}

async function read(
  response: Response,
  tool: HttpTool,
  headers: Record<string, string>,
): Promise<Pick<Outcome, 'state' | 'says' | 'result'>> {
  const { status } = response;
  if (status >= 300 && status < 400) {
    await response.body?.cancel();
    return {
      state: 'failed',
      says: `It leads on to another address (${status}), which is not followed. Enter the right one.`,
      result: `${tool.service} could not be asked.`,
    };
  }
  const type = response.headers.get('content-type') ?? '';
  // The way out lets one go on for as long and as much as its server likes.
  if (type.toLowerCase().startsWith('text/event-stream')) {
    await response.body?.cancel();
    return {
      state: tool.changes ? 'uncertain' : 'failed',
      says: 'It answers by a stream of events, which isn’t read. Enter an address that answers at once.',
      result: `${tool.service} gave no answer that can be read.`,
    };
  }
  const text = withoutSecrets(await response.text(), Object.values(headers));
  if (!response.ok) {
    const state = tool.changes && status >= 500 ? 'uncertain' : 'failed';
    return { state, says: `It answered with ${status}.`, result: errorFrom(`${tool.service} answered with an error, ${status}.`, text) };
  }
  const parsed = jsonIn(text);
  if (parsed === undefined) {
    if (/^(image|audio|video|application\/(pdf|zip|octet-stream))/.test(type))
      return {
        state: 'done',
        says: `It answered with ${status}, and a file that no model reads.`,
        result: 'It was done. The answer is a file.',
      };
    return { state: 'done', says: `It answered with ${status}.`, result: cut(text) };
  }
  return { state: 'done', says: `It answered with ${status}.`, result: cut(JSON.stringify(pick(parsed, tool.action.pick))) };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
