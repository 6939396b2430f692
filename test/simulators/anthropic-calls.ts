/** What Anthropic's protocol asks of tools, and how it tells calls. */
import type { Body, Refusal, SaidCall } from './http-ai.ts';

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const ID = /^[a-zA-Z0-9_-]+$/;

type Refuse = (message: string) => Refusal;

/** Stands in the stand-in's own thinking, and is wanted back with it. */
export const SIGNATURE = 'EqQBCgIYAhIM1gbcDa9GJwZA2b3h';

/** What is wrong with the tools of a request. */
export function refuseTools(body: Body, invalid: Refuse): Refusal | null {
  const tools = body['tools'] ?? [];
  if (!Array.isArray(tools)) return invalid('tools: Input should be a valid list');
  for (const [index, tool] of (tools as Body[]).entries()) {
    const unknown = Object.keys(tool).find((field) => !['name', 'description', 'input_schema', 'cache_control', 'type'].includes(field));
    if (unknown !== undefined) return invalid(`tools.${index}.custom.${unknown}: Extra inputs are not permitted`);
    if (!NAME.test(String(tool['name'])))
      return invalid(`tools.${index}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`);
    if ((tool['input_schema'] as Body | undefined)?.['type'] !== 'object')
      return invalid(`tools.${index}.custom.input_schema.type: Field required`);
  }
  const names = (tools as Body[]).map(({ name }) => name);
  if (new Set(names).size < names.length) return invalid('tools: Tool names must be unique.');
  return 'tool_choice' in body && tools.length === 0 ? invalid('tool_choice: may only be specified while providing tools.') : null;
}

/** What is wrong with blocks of calls and results; null where messages hold none. */
export function refuseBlocks(
  messages: Body[],
  { thinks, invalid, hasTools }: { thinks: boolean; invalid: Refuse; hasTools: boolean },
): Refusal | null {
  for (const [index, { content }] of messages.entries()) {
    if (!Array.isArray(content)) continue;
    const blocks = content as Body[];
    if (blocks.length === 0) return invalid(`messages.${index}: all messages must have non-empty content`);
    const calls = blocks.filter(({ type }) => type === 'tool_use');
    if (calls.length === 0) continue;
    if (!hasTools) return invalid('Requests which include `tool_use` or `tool_result` blocks must define tools');
    for (const { id, name, input } of calls)
      if (!ID.test(String(id)) || !NAME.test(String(name)) || typeof input !== 'object' || input === null || Array.isArray(input))
        return invalid(`messages.${index}.content.0.tool_use.input: Input should be a valid dictionary`);
    const [first] = blocks;
    if (thinks && (first?.['type'] !== 'thinking' || first['signature'] !== SIGNATURE))
      return invalid(
        `messages.${index}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${String(first?.['type'])}\`.`,
      );
    const next = messages[index + 1]?.['content'];
    const told = Array.isArray(next)
      ? (next as Body[]).filter(({ type }) => type === 'tool_result').map((block) => block['tool_use_id'])
      : [];
    const missing = calls.map(({ id }) => id).filter((id) => !told.includes(id));
    if (missing.length > 0)
      return invalid(
        `messages.${index + 1}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(', ')}.`,
      );
  }
  return null;
}

/** The events of one call: its block, with the arguments in pieces. */
export function callEvents(index: number, { name, input }: SaidCall, frame: (name: string, data: Body) => string): string[] {
  const text = typeof input === 'string' ? input : JSON.stringify(input);
  return [
    frame('content_block_start', { index, content_block: { type: 'tool_use', id: `toolu_01Test${index}`, name, input: {} } }),
    frame('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json: '' } }),
    ...(text.match(/.{1,7}/gs) ?? []).map((piece) =>
      frame('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json: piece } }),
    ),
    frame('content_block_stop', { index }),
  ];
}

/** What a model thinks before it calls, with the signature that proves it was the model's. */
export function thinkingEvents(index: number, frame: (name: string, data: Body) => string): string[] {
  return [
    frame('content_block_start', { index, content_block: { type: 'thinking', thinking: '', signature: '' } }),
    frame('content_block_delta', { index, delta: { type: 'thinking_delta', thinking: 'The customer asks for their order.' } }),
    frame('content_block_delta', { index, delta: { type: 'signature_delta', signature: SIGNATURE } }),
    frame('content_block_stop', { index }),
  ];
}
