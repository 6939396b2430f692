/** What a server lists, made ours: short, plain, and with a mark by which a change is seen. */
import { createHash } from 'node:crypto';
import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { clean } from '../../web/parse.ts';
import { most } from '../http-action.ts';
import { isObject, plainSchema } from '../openapi/plain-schema.ts';
import { readInput } from '../read-input.ts';
import type { OfferedTool } from './mcp-action.ts';
import type { Session } from './with-server.ts';

/** Within the session: what in a list can't be read, such as a schema nested without an end, is the server's fault like any other. */
export async function listOffered(session: Session): Promise<OfferedTool[]> {
  return readOffered(await session.list());
}

/** Those whose arguments can be checked; the names of others are left out, and so is the second of a name. */
function readOffered(listed: readonly Tool[]): OfferedTool[] {
  const read = new Map<string, OfferedTool>();
  for (const tool of listed) if (!read.has(tool.name) && tool.name.length <= 200) read.set(tool.name, offeredOf(tool));
  return [...read.values()].filter(({ parameters }) => canBeChecked(parameters));
}

function offeredOf({ name, title, description = '', inputSchema, annotations }: Tool): OfferedTool {
  const looksOnly = annotations?.readOnlyHint === true;
  return {
    tool: name,
    title: oneLine(title ?? annotations?.title ?? '') || oneLine(name) || 'Unnamed',
    description: clean(description).slice(0, most.description).trim().toWellFormed(),
    parameters: parametersIn(inputSchema),
    hash: createHash('sha256')
      .update(inOrder([name, description, inputSchema, looksOnly]))
      .digest('hex'),
    looksOnly,
  };
}

function oneLine(text: string): string {
  return clean(text).replace(/\s+/g, ' ').trim().slice(0, most.title).toWellFormed();
}

function parametersIn(schema: Tool['inputSchema']): OfferedTool['parameters'] {
  const plain = plainSchema(schema, (reference) => under(schema, reference));
  const open = 'anyOf' in plain || (schema['additionalProperties'] ?? false) !== false;
  return { ...plain, type: 'object', properties: plain['properties'] ?? {}, ...(open ? {} : { additionalProperties: false }) };
}

/** What `#/$defs/order` leads to, within the schema alone. */
function under(schema: unknown, reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined;
  let found = schema;
  for (const step of reference.slice(2).split('/')) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  }
  return found;
}

/** A schema that our own check can't read is one that we can't hold a model to. */
function canBeChecked(parameters: OfferedTool['parameters']): boolean {
  try {
    readInput('{}', parameters);
    return true;
  } catch {
    return false;
  }
}

/** JSON with the names in order: a server that only shuffles them has changed nothing. */
function inOrder(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    isObject(each) ? Object.fromEntries(Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1))) : each,
  );
}
