/** A stand-in for OpenAI, and for hosts that speak its protocol in their own dialect. Refuses what the real ones refuse. */
import { aiSimulator, type AiOptions, type AiSimulator, type Body, type Protocol, type Refusal } from './http-ai.ts';
import { callDeltas, refuseCalls, refuseTools } from './openai-calls.ts';
import { wordsIn, wrongWithChat } from './ai-pictures.ts';
import { transcription } from './openai-audio.ts';
import { embeddings } from './openai-embeddings.ts';
import { error, noModel } from './openai-errors.ts';

/** 'openai' is OpenAI itself; 'compatible' takes the plain old fields alone, one system message and strict turns, as many do. */
export interface OpenAiOptions extends AiOptions {
  dialect?: 'openai' | 'compatible';
}

/** Starts a stand-in; `url` is its base URL, with `/v1`. */
export async function openaiSimulator(options: OpenAiOptions = {}): Promise<AiSimulator> {
  const { dialect = 'openai' } = options;
  const models =
    options.models ??
    (dialect === 'openai'
      ? ['gpt-6-luna', 'gpt-5-mini', 'gpt-4.1-mini', 'text-embedding-3-small', 'gpt-transcribe', 'gpt-4o-transcribe-diarize', 'gpt-5.2-pro']
      : ['mistral-small', 'mistral-embed', 'whisper-large-v3']);
  return aiSimulator(dialect === 'openai' ? openai : compatible, '/v1', { ...options, models });
}

const FIELDS = {
  openai: new Set([
    'model',
    'messages',
    'stream',
    'stream_options',
    'max_completion_tokens',
    'max_tokens',
    'temperature',
    'top_p',
    'store',
    'prompt_cache_key',
    'reasoning_effort',
    'n',
    'stop',
    'seed',
    'user',
    'metadata',
    'service_tier',
    'tools',
    'tool_choice',
    'response_format',
  ]),
  compatible: new Set([
    'model',
    'messages',
    'stream',
    'stream_options',
    'max_tokens',
    'temperature',
    'top_p',
    'stop',
    'seed',
    'tools',
    'tool_choice',
  ]),
};

/** Models that look at no pictures. */
const BLIND = /^(gpt-3\.5|gpt-4$|deepseek|codestral)/;

const isReasoning = (model: string) => /^(gpt-[5-9]|o\d)/.test(model);

function refuseMessages(messages: unknown, model: string): Refusal | null {
  if (!Array.isArray(messages) || messages.length === 0)
    return error(400, "Invalid 'messages': empty array. Expected an array with minimum length 1.", {
      param: 'messages',
      code: 'empty_array',
    });
  for (const [index, message] of (messages as Body[]).entries()) {
    if (!['system', 'developer', 'user', 'assistant', 'tool'].includes(String(message['role'])))
      return error(400, `Invalid value: '${String(message['role'])}'.`, { param: `messages[${index}].role`, code: 'invalid_value' });
    if (Array.isArray(message['content'])) {
      const wrong = wrongWithChat(message['role'], message['content'] as Body[], BLIND.test(model));
      if (wrong?.is === 'blind')
        return error(400, 'Invalid content type. image_url is only supported by certain models.', {
          param: `messages.[${index}].content.[0].type`,
        });
      if (wrong) return error(400, wrong.says, { param: `messages[${index}].${wrong.at}`, code: 'invalid_value' });
    } else if (typeof message['content'] !== 'string' && !(message['content'] === null && Array.isArray(message['tool_calls'])))
      return error(400, `Invalid value for 'content': expected a string.`, { param: `messages.[${index}].content` });
  }
  return refuseCalls(messages as Body[]);
}

function refuseCommon(body: Body, models: readonly string[], fields: ReadonlySet<string>): Refusal | null {
  const unknown = Object.keys(body).find((field) => !fields.has(field));
  if (unknown !== undefined) return error(400, `Unknown parameter: '${unknown}'.`, { param: unknown, code: 'unknown_parameter' });
  if (typeof body['model'] !== 'string') return error(400, 'you must provide a model parameter');
  if (!models.includes(body['model'])) return noModel(body['model']);
  if (body['stream'] !== true) return error(400, 'This stand-in streams only.', { param: 'stream' });
  const temperature = body['temperature'];
  if (temperature !== undefined && (typeof temperature !== 'number' || temperature < 0 || temperature > 2))
    return error(400, "Invalid 'temperature'.", { param: 'temperature' });
  return refuseTools(body) ?? refuseMessages(body['messages'], body['model']);
}

function refuseOpenAi(body: Body, models: readonly string[]): Refusal | null {
  const common = refuseCommon(body, models, FIELDS.openai);
  if (common) return common;
  const model = String(body['model']);
  const unsupported = (field: string, more = '') =>
    error(400, `Unsupported parameter: '${field}' is not supported with this model.${more}`, {
      param: field,
      code: 'unsupported_parameter',
    });
  if (isReasoning(model)) {
    if ('max_tokens' in body) return unsupported('max_tokens', " Use 'max_completion_tokens' instead.");
    if ('temperature' in body && body['temperature'] !== 1 && body['reasoning_effort'] !== 'none') return unsupported('temperature');
    if (body['reasoning_effort'] === 'none' && /^gpt-5(-|$)/.test(model))
      return error(400, "Unsupported value: 'none' is not supported with this model.", {
        param: 'reasoning_effort',
        code: 'unsupported_value',
      });
  } else if ('reasoning_effort' in body) return unsupported('reasoning_effort');
  return null;
}

function refuseCompatible(body: Body, models: readonly string[]): Refusal | null {
  const unknown = Object.keys(body).find((field) => !FIELDS.compatible.has(field));
  if (unknown !== undefined)
    return {
      status: 422,
      body: { detail: [{ type: 'extra_forbidden', loc: ['body', unknown], msg: 'Extra inputs are not permitted', input: body[unknown] }] },
    };
  const common = refuseCommon(body, models, FIELDS.compatible);
  if (common) return common;
  const roles = (body['messages'] as Body[]).map(({ role }) => role);
  if (roles.indexOf('system', 1) !== -1) return error(400, 'System message must be at the beginning.');
  const calls = (body['messages'] as Body[]).findIndex((message) => 'tool_calls' in message);
  const turns = roles.slice(0, calls === -1 ? undefined : calls).filter((role) => role !== 'system');
  if (turns.some((role, index) => role !== (index % 2 === 0 ? 'user' : 'assistant')) || turns.at(-1) !== 'user')
    return error(400, 'Conversation roles must alternate user/assistant/user/assistant/...');
  return null;
}

/** A chunk as OpenAI writes it. */
function chunk(model: string, choices: unknown[], more: Body = {}): string {
  return `data: ${JSON.stringify({ id: 'chatcmpl-Bx7Kq', object: 'chat.completion.chunk', created: 1_795_500_000, model, service_tier: 'default', choices, ...more })}\n\n`;
}

const delta = (delta: Body, reason: string | null = null) => [{ index: 0, delta, logprobs: null, finish_reason: reason }];

/** Tools stand before everything else in what is cached. */
const offered = ({ tools }: Body) => (tools === undefined ? [] : [JSON.stringify(tools)]);

const openai: Protocol = {
  paths: { models: '/models', answer: '/chat/completions' },
  refuseHeaders: ({ authorization }, key) => {
    if (key === null ? authorization === undefined : authorization === `Bearer ${key}`) return null;
    return error(401, `Incorrect API key provided: ${authorization === undefined ? 'none' : 'sk-wrong***'}.`, { code: 'invalid_api_key' });
  },
  refuseBody: refuseOpenAi,
  embeddings: { path: '/embeddings', answer: (body, models) => embeddings(body, models, 'openai') },
  transcriptions: { path: '/audio/transcriptions', answer: transcription },
  promptOf: (body) =>
    [
      ...offered(body),
      ...(body['messages'] as Body[]).map(
        ({ content, tool_calls }) => `${wordsIn(content)}${tool_calls ? JSON.stringify(tool_calls) : ''}`,
      ),
    ].join('\n'),
  models: (ids) => ({
    object: 'list',
    data: ids.map((id, index) => ({ id, object: 'model', created: 1_700_000_000 - index, owned_by: 'system' })),
  }),
  refusals: {
    'wrong-key': error(401, 'Incorrect API key provided: sk-test-***. You can find your API key at your account.', {
      code: 'invalid_api_key',
    }),
    forbidden: error(403, 'You have insufficient permissions for this operation.'),
    'no-credit': error(429, 'You exceeded your current quota, please check your plan and billing details.', {
      type: 'insufficient_quota',
      code: 'insufficient_quota',
    }),
    'no-model': noModel('gpt-gone'),
    rate: error(429, 'Rate limit reached for requests per min (RPM): Limit 500.', { type: 'requests', code: 'rate_limit_exceeded' }),
    'server-error': error(500, 'The server had an error while processing your request. Sorry about that!', { type: 'server_error' }),
    overloaded: error(503, 'The engine is currently overloaded, please try again later.', { type: 'server_error' }),
  },
  refuseField: (field) =>
    error(400, `Unsupported parameter: '${field}' is not supported with this model.`, { param: field, code: 'unsupported_parameter' }),
  frames: {
    begin: (model) => chunk(model, delta({ role: 'assistant', content: '', refusal: null })),
    token: (model, text) => chunk(model, delta({ content: text })),
    calls: (model, calls) => calls.flatMap((call, at) => callDeltas(at, call).map((piece) => chunk(model, delta(piece)))),
    stop: (model, reason) =>
      chunk(model, delta({}, { refusal: 'content_filter', calls: 'tool_calls', stop: 'stop', length: 'length' }[reason])),
    end: (model, { input, cached, written, output }, body) => {
      const wanted = (body['stream_options'] as Body | undefined)?.['include_usage'] === true;
      const usage = {
        prompt_tokens: input,
        completion_tokens: output,
        total_tokens: input + output,
        prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written, audio_tokens: 0 },
      };
      return `${wanted ? chunk(model, [], { usage }) : ''}data: [DONE]\n\n`;
    },
    error: () =>
      `data: ${JSON.stringify({ error: { message: 'The server had an error while processing your request.', type: 'server_error', param: null, code: null } })}\n\n`,
    malformed: 'data: {"id":"chatcmpl-Bx7Kq","choices":[{"index":0,"del\n\n',
  },
};

const compatible: Protocol = {
  ...openai,
  refuseBody: refuseCompatible,
  embeddings: { path: '/embeddings', answer: (body, models) => embeddings(body, models, 'compatible') },
  refusals: {
    ...openai.refusals,
    'no-credit': {
      status: 402,
      body: { error: { message: 'Insufficient Balance', type: 'unknown_error', code: 'invalid_request_error' } },
    },
  },
};
