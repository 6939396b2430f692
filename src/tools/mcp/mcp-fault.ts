import { OutboundError } from '../../lib/outbound.ts';

/** What went wrong with an MCP server. `says` is for people, and of ours: no word of the server's stands in it. */
export class McpFault extends Error {
  readonly says: string;
  /** A call that was under way may have happened. */
  readonly maybeDone: boolean;

  constructor(says: string, { maybeDone = false, cause }: { maybeDone?: boolean; cause?: unknown } = {}) {
    super(says, { cause });
    this.name = 'McpFault';
    this.says = says;
    this.maybeDone = maybeDone;
  }
}

export function faultOf(cause: unknown): McpFault {
  if (cause instanceof McpFault) return cause;
  if (cause instanceof OutboundError) return new McpFault(cause.says, { maybeDone: cause.maybeSent, cause });
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  // JSON-RPC's own numbers: a refusal by the protocol. Only "internal error" leaves open what was done.
  if (typeof code === 'number') return new McpFault(`It refused, by its protocol’s error ${code}.`, { maybeDone: code === -32603, cause });
  return new McpFault('It answers, but not as an MCP server should.', { maybeDone: true, cause });
}
