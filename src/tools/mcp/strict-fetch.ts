/** The workspace's way out as the SDK gets it: it goes to one address, and what comes back is an MCP server's answer or a failure. */
import type { Fetch } from '../../lib/outbound.ts';
import { McpFault } from './mcp-fault.ts';

/** Of one answer that comes as a stream of events. */
export const ANSWER_BYTES = 1024 * 1024;

interface Heard {
  /** A stream of events is over, as its server wanted: the one that answered the request of this id. */
  ended: (id: unknown) => void;
  /** It can't be read on, and nobody else would say so. */
  fault: (fault: McpFault) => void;
}

export function strictFetch(fetch: Fetch, { ended, fault }: Heard): Fetch {
  return async (input, init) => {
    // The SDK would keep a second stream open for what a server says by itself. We only ask: this says that there is none.
    if ((init?.method ?? 'GET') === 'GET') return new Response(null, { status: 405 });
    const response = await fetch(input, { ...init, redirect: 'manual' });
    if (init?.method === 'DELETE') return response;
    const wrong = objectionTo(response);
    if (wrong) {
      await response.body?.cancel();
      throw wrong;
    }
    if (!response.body || typeOf(response) !== 'text/event-stream') return response;
    let bytes = 0;
    const counted = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes <= ANSWER_BYTES) return controller.enqueue(chunk);
        const tooLarge = new McpFault('Its answer is larger than 1 MB. Nothing of it was kept.', { maybeDone: true });
        fault(tooLarge);
        controller.error(tooLarge);
      },
      flush: () => ended((JSON.parse(init?.body as string) as { id?: unknown }).id),
    });
    return new Response(response.body.pipeThrough(counted), { status: response.status, headers: response.headers });
  };
}

function typeOf(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

function objectionTo(response: Response): McpFault | null {
  const { status } = response;
  if (status >= 300 && status < 400)
    return new McpFault(`It leads on to another address (${status}), which is not followed. Enter the right one.`);
  if (status === 401 || status === 403) return new McpFault(`It refuses the token (${status}). Enter the right one.`);
  if (status >= 400) return new McpFault(`It answered with ${status}. Check the address.`, { maybeDone: status >= 500 });
  if (status === 202 || ['application/json', 'text/event-stream'].includes(typeOf(response))) return null;
  return new McpFault('It answers, but not as an MCP server does. Check the address: many end in /mcp.', { maybeDone: true });
}
