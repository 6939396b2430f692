/** A stand-in for Anthropic's Messages protocol. Refuses what the real one refuses. */
import { callEvents, refuseBlocks, refuseTools, thinkingEvents } from './anthropic-calls.ts';
import { wrongWithMessage } from './ai-pictures.ts';
import { aiSimulator, type AiOptions, type AiSimulator, type Body, type Counts, type Protocol, type Refusal } from './http-ai.ts';

/** Starts a stand-in; `url` is its base URL, without `/v1`. */
export function anthropicSimulator(options: AiOptions = {}): Promise<AiSimulator> {
  return aiSimulator(anthropic, '', { ...options, models: options.models ?? ['claude-haiku-5-5', 'claude-opus-5-5', 'claude-sonnet-4-6'] });
}

function error(status: number, type: string, message: string): Refusal {
  return { status, body: { type: 'error', error: { type, message }, request_id: 'req_011CSTestTestTest' } };
}

const invalid = (message: string) => error(400, 'invalid_request_error', message);

const FIELDS = new Set([
  'model',
  'max_tokens',
  'messages',
  'system',
  'stream',
  'stop_sequences',
  'metadata',
  'thinking',
  'output_config',
  'tools',
  'tool_choice',
  'service_tier',
]);
const VERSIONS = new Set(['2023-06-01', '2026-10-21']);
/** Models that always think, and those that can be told not to. */
const ALWAYS_THINKS = /^claude-(opus-5-5|fable|mythos)/;

function refuseSystem(system: unknown): Refusal | null {
  if (system === undefined || typeof system === 'string') return null;
  if (!Array.isArray(system)) return invalid('system: Input should be a valid list');
  for (const [index, block] of (system as Body[]).entries()) {
    if (block['type'] !== 'text' || typeof block['text'] !== 'string') return invalid(`system.${index}: Input should be a text block`);
    if (block['text'].trim() === '') return invalid(`system: text content blocks must be non-empty`);
    const control = block['cache_control'] as Body | undefined;
    if (control && control['type'] !== 'ephemeral') return invalid(`system.${index}.cache_control: unknown type`);
  }
  return null;
}

/** Models that look at no pictures. */
const BLIND = /^claude-2/;

function refuseMessages(messages: unknown, model: string): Refusal | null {
  if (!Array.isArray(messages) || messages.length === 0) return invalid('messages: at least one message is required');
  for (const [index, message] of (messages as Body[]).entries()) {
    const expected = index % 2 === 0 ? 'user' : 'assistant';
    if (message['role'] !== expected)
      return invalid(`messages: roles must alternate between "user" and "assistant", but found "${String(message['role'])}" at ${index}`);
    const wrong = Array.isArray(message['content'])
      ? wrongWithMessage(message['role'], message['content'] as Body[], BLIND.test(model))
      : null;
    if (wrong?.is === 'blind') return invalid(`messages.${index}.content.0: image input is not supported by this model: it has no vision`);
    if (wrong) return invalid(`messages.${index}.${wrong.at}: ${wrong.says}`);
    if (!Array.isArray(message['content']) && (typeof message['content'] !== 'string' || message['content'].trim() === ''))
      return invalid(`messages.${index}: all messages must have non-empty content`);
  }
  return (messages as Body[]).at(-1)?.['role'] === 'user' ? null : invalid('This model does not support assistant message prefill.');
}

function refuseBody(body: Body, models: readonly string[]): Refusal | null {
  const unknown = Object.keys(body).find((field) => !FIELDS.has(field));
  if (unknown !== undefined) return invalid(`${unknown}: Extra inputs are not permitted`);
  const model = String(body['model']);
  if (!models.includes(model)) return error(404, 'not_found_error', `model: ${model}`);
  const limit = body['max_tokens'];
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1) return invalid('max_tokens: Field required');
  if (body['stream'] !== true) return invalid('stream: this stand-in streams only');
  const thinking = (body['thinking'] as Body | undefined)?.['type'];
  if (thinking === 'disabled' && ALWAYS_THINKS.test(model))
    return invalid(
      '"thinking.type.disabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
    );
  const asked = { thinks: ALWAYS_THINKS.test(model), invalid, hasTools: Array.isArray(body['tools']) };
  return (
    refuseTools(body, invalid) ??
    refuseSystem(body['system']) ??
    refuseMessages(body['messages'], model) ??
    refuseBlocks(body['messages'] as Body[], asked)
  );
}

const frame = (name: string, data: Body) => `event: ${name}\ndata: ${JSON.stringify({ type: name, ...data })}\n\n`;

const usage = ({ input, cached, written }: Counts, output: number) => ({
  input_tokens: input - cached - written,
  cache_creation_input_tokens: written,
  cache_read_input_tokens: cached,
  output_tokens: output,
});

const anthropic: Protocol = {
  paths: { models: '/v1/models', answer: '/v1/messages' },
  refuseHeaders: (headers, key) => {
    if (!VERSIONS.has(String(headers['anthropic-version']))) return invalid('anthropic-version: header is required');
    const given = headers['x-api-key'] ?? headers.authorization?.replace(/^Bearer /, '');
    return given === key ? null : error(401, 'authentication_error', 'invalid x-api-key');
  },
  refuseBody,
  promptOf: (body) => {
    const system = (Array.isArray(body['system']) ? (body['system'] as Body[]) : [{ text: body['system'] }]).map(({ text }) =>
      String(text),
    );
    const tools = body['tools'] === undefined ? [] : [JSON.stringify(body['tools'])];
    const said = (body['messages'] as Body[]).map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content)));
    return [...tools, ...system, ...said].join('\n');
  },
  models: (ids) => ({
    data: ids.map((id) => ({ type: 'model', id, display_name: id.replace('claude-', 'Claude '), created_at: '2026-10-01T00:00:00Z' })),
    has_more: false,
    first_id: ids[0] ?? null,
    last_id: ids.at(-1) ?? null,
  }),
  refusals: {
    'wrong-key': error(401, 'authentication_error', 'invalid x-api-key'),
    forbidden: error(403, 'permission_error', 'Your API key does not have permission to use the specified resource.'),
    'no-credit': error(402, 'billing_error', 'Your credit balance is too low to access the Anthropic API.'),
    'no-model': error(404, 'not_found_error', 'model: claude-gone'),
    rate: error(429, 'rate_limit_error', 'This request would exceed your organization’s rate limit.'),
    'server-error': error(500, 'api_error', 'Internal server error'),
    overloaded: error(529, 'overloaded_error', 'Overloaded'),
  },
  refuseField: (field) => invalid(`${field}: Extra inputs are not permitted`),
  frames: {
    begin: (model, counts) =>
      frame('message_start', {
        message: {
          id: 'msg_01Test',
          type: 'message',
          role: 'assistant',
          model,
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: usage(counts, 1),
        },
      }) +
      frame('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }) +
      frame('ping', {}),
    token: (_model, text) => frame('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
    calls: (model, calls) => [
      frame('content_block_stop', { index: 0 }),
      ...(ALWAYS_THINKS.test(model) ? thinkingEvents(1, frame) : []),
      ...calls.flatMap((call, at) => callEvents(at + 2, call, frame)),
    ],
    stop: (_model, reason, counts) =>
      (reason === 'calls' ? '' : frame('content_block_stop', { index: 0 })) +
      frame('message_delta', {
        delta: {
          stop_reason: { stop: 'end_turn', length: 'max_tokens', refusal: 'refusal', calls: 'tool_use' }[reason],
          stop_sequence: null,
        },
        usage: usage(counts, counts.output),
      }),
    end: () => frame('message_stop', {}),
    error: () => frame('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }),
    malformed: 'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"del\n\n',
  },
};
