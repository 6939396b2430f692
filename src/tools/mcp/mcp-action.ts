/** A tool of an MCP server, as a person approved it. */
import type { JsonObject } from '../../providers/index.ts';

export interface McpAction {
  /** As its server calls it. */
  tool: string;
  /** What a model may set: the server's own schema, made plain. */
  parameters: JsonObject;
  /** Of name, description, schema, and whether it only looks, as the server wrote them: another one is another tool. */
  hash: string;
}

/** One that a server lists. */
export interface OfferedTool extends McpAction {
  title: string;
  description: string;
  /** By its server's word it only looks. */
  looksOnly: boolean;
}
