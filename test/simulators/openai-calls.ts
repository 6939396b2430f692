/** What OpenAI's protocol asks of tools, and how it tells calls. */
import type { Body, Refusal, SaidCall } from './http-ai.ts';
import { error } from './openai-errors.ts';

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** What is wrong with the tools of a request. */
export function refuseTools(body: Body): Refusal | null {
  const tools = body['tools'];
  if (tools === undefined)
    return 'tool_choice' in body
      ? error(400, "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.", { param: 'tool_choice' })
      : null;
  if (!Array.isArray(tools) || tools.length === 0)
    return error(400, "Invalid 'tools': empty array. Expected an array with minimum length 1, but got an empty array instead.", {
      param: 'tools',
      code: 'empty_array',
    });
  for (const [index, tool] of (tools as Body[]).entries()) {
    const fn = tool['function'] as Body | undefined;
    if (tool['type'] !== 'function' || !fn)
      return error(400, `Missing required parameter: 'tools[${index}].function'.`, { param: `tools[${index}].function` });
    if (typeof fn['name'] !== 'string' || !NAME.test(fn['name']))
      return error(400, `Invalid 'tools[${index}].function.name': string does not match pattern.`, {
        param: `tools[${index}].function.name`,
        code: 'invalid_value',
      });
    const parameters = fn['parameters'] as Body | undefined;
    if (parameters?.['type'] !== 'object')
      return error(
        400,
        `Invalid schema for function '${fn['name']}': schema must be a JSON Schema of 'type: "object"', got 'type: "None"'.`,
        { param: `tools[${index}].function.parameters`, code: 'invalid_function_parameters' },
      );
  }
  const choice = body['tool_choice'];
  if (choice !== undefined && choice !== 'none' && choice !== 'auto' && choice !== 'required')
    return error(400, "Invalid value for 'tool_choice'.", { param: 'tool_choice' });
  return null;
}

/** What is wrong with a message that calls, or that tells a result; null for any other. */
export function refuseCalls(messages: Body[]): Refusal | null {
  let open: string[] = [];
  for (const [index, message] of messages.entries()) {
    if (message['role'] === 'tool') {
      const id = String(message['tool_call_id']);
      if (!open.includes(id))
        return error(400, `Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.`, {
          param: `messages.[${index}].role`,
        });
      if (typeof message['content'] !== 'string') return error(400, `Missing required parameter: 'messages[${index}].content'.`);
      open = open.filter((each) => each !== id);
      continue;
    }
    if (open.length > 0) return unanswered(open);
    const calls = message['tool_calls'];
    if (calls === undefined) continue;
    if (message['role'] !== 'assistant' || !Array.isArray(calls) || calls.length === 0)
      return error(400, `Invalid 'messages[${index}].tool_calls'.`);
    for (const call of calls as Body[]) {
      const fn = call['function'] as Body | undefined;
      if (call['type'] !== 'function' || !NAME.test(String(fn?.['name'])) || !isJson(fn?.['arguments']))
        return error(400, `Invalid 'messages[${index}].tool_calls[0].function'.`);
      open.push(String(call['id']));
    }
  }
  return open.length > 0 ? unanswered(open) : null;
}

function unanswered(ids: string[]): Refusal {
  return error(
    400,
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${ids.join(', ')}`,
    { param: 'messages' },
  );
}

function isJson(text: unknown): boolean {
  try {
    JSON.parse(String(text));
    return typeof text === 'string';
  } catch {
    return false;
  }
}

/** The deltas of one call: its head, then its arguments in pieces. */
export function callDeltas(index: number, { name, input }: SaidCall): Body[] {
  const text = typeof input === 'string' ? input : JSON.stringify(input);
  const pieces = text.match(/.{1,7}/gs) ?? [];
  return [
    { tool_calls: [{ index, id: `call_${index}xYz`, type: 'function', function: { name, arguments: '' } }] },
    ...pieces.map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ];
}
