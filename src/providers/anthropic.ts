/** Anthropic, by its Messages protocol. */
import type Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';
import {
  ProviderError,
  type AnswerEvent,
  type AnswerRequest,
  type Model,
  type Provider,
  type ProviderAccess,
  type Usage,
} from './provider.ts';
import type { StreamEvent } from './wire/event-stream.ts';
import { failureOf, messageIn, refusedBy, type FarSide } from './wire/failure.ts';
import { blockStart, CallsHeard, roundMessages, toolFields } from './wire/message-calls.ts';
import { withOptionalFields, type Fields } from './wire/optional-fields.ts';
import { messageTurn, withoutSight } from './wire/pictures.ts';
import { cutOff, notAnApi, readJson, readStream, saidNothing } from './wire/read-stream.ts';
import { alternating } from './wire/turns.ts';

const BASE_URL = 'https://api.anthropic.com';
const NAME = 'Anthropic';

/** `idleMs`: silence after which a call is given up; 30 s outside tests. */
export function anthropicProvider({ idleMs }: { idleMs: number }): Provider {
  return {
    id: 'anthropic',
    name: NAME,
    needs: { key: 'yes', baseUrl: false },
    check: (access) => listModels(access, idleMs),
    answer: (access, request) => answer(access, request, idleMs),
    embedder: null,
    transcriber: null,
  };
}

/** Loaded at the first call: it would cost the boot 100 ms. */
let loading: Promise<typeof Anthropic> | null = null;

/** 15 µs a client: made for each call, so that the key is held no longer than that. */
async function clientFor({ key, baseUrl, fetch }: ProviderAccess, timeout: number): Promise<Anthropic> {
  loading ??= import('@anthropic-ai/sdk').then((module) => module.default);
  const Client = await loading;
  return new Client({
    apiKey: key?.reveal() ?? '',
    baseURL: baseUrl ?? BASE_URL,
    fetch,
    maxRetries: 0,
    timeout,
    webhookKey: null,
    openTelemetry: false,
    logLevel: 'off',
  });
}

const modelList = z.object({ data: z.array(z.object({ id: z.string().min(1), display_name: z.string().nullish() })) });

async function listModels(access: ProviderAccess, idleMs: number): Promise<Model[]> {
  const far: FarSide = { name: NAME, signal: access.signal };
  try {
    const client = await clientFor(access, idleMs);
    // The longest page there is: it holds them all.
    const response = await client.models.list({ limit: 1000 }, { signal: access.signal }).asResponse();
    const body = modelList.safeParse(await readJson(response, far));
    if (!body.success) throw notAnApi(far, 'JSON of another shape');
    return body.data.data.map(({ id, display_name: name }) => ({ id, ...(name ? { name } : {}) }));
  } catch (cause) {
    throw failureOf(cause, far);
  }
}

async function* answer(access: ProviderAccess, request: AnswerRequest, idleMs: number): AsyncGenerator<AnswerEvent, void> {
  const far: FarSide = { name: NAME, model: request.model, signal: access.signal };
  const response = await askFor(access, request, idleMs, far);
  const message = new Message(far, request.model);
  const listening = { ...far, idleMs, isLast: ({ name }: StreamEvent) => name === 'message_stop' };
  try {
    for await (const batch of readStream(response, listening)) {
      const text = batch.map((event) => message.take(event)).join('');
      if (text !== '') yield { type: 'delta', text };
      if (batch.some(listening.isLast)) break;
    }
  } catch (cause) {
    // Cut or silent after its last word: the answer is whole.
    if (!message.isWhole || access.signal.aborted) throw cause;
  }
  yield* message.ending();
}

async function askFor(access: ProviderAccess, request: AnswerRequest, idleMs: number, far: FarSide): Promise<Response> {
  const { fields, room } = leastThinking(request.model);
  // The mark ends the stable prefix; what changes from question to question comes after it. Empty blocks are refused.
  const stable =
    request.system === '' ? [] : [{ type: 'text' as const, text: request.system, cache_control: { type: 'ephemeral' as const } }];
  const system = request.context === '' ? stable : [...stable, { type: 'text' as const, text: request.context }];
  const messages = [...alternating(request.turns).map(messageTurn), ...roundMessages(request)];
  const calling = toolFields(request);
  try {
    const client = await clientFor(access, idleMs);
    return await withOptionalFields(access, request.model, fields, (optional) =>
      client.messages
        .create(
          { model: request.model, max_tokens: request.maxTokens + room, system, messages, stream: true, ...calling, ...optional },
          { signal: access.signal },
        )
        .asResponse(),
    );
  } catch (cause) {
    throw failureOf(withoutSight(cause, request, NAME), far);
  }
}

/** Thinking counts as output: without room for it, it would eat up a short answer. */
const THINKING_ROOM = 2048;

/**
 * The least a model thinks: a customer waits for the first word, and everything needed stands in the passages. Up to
 * version 4 models don't think unless told; later ones do, and differ in how they are told not to. Temperature is gone
 * from this protocol.
 */
function leastThinking(model: string): { fields: Fields; room: number } {
  if (/^claude-sonnet-5-5/.test(model)) return { fields: { thinking: { type: 'between_tools' } }, room: 0 };
  if (/^claude-(haiku-5|sonnet-5|opus-5(?!-\d\b))/.test(model)) return { fields: { thinking: { type: 'disabled' } }, room: 0 };
  if (/^claude-(opus|fable|mythos)-[5-9]/.test(model)) return { fields: { output_config: { effort: 'low' } }, room: THINKING_ROOM };
  return { fields: {}, room: 0 };
}

const usage = z.object({
  input_tokens: z.number().nullish(),
  cache_read_input_tokens: z.number().nullish(),
  cache_creation_input_tokens: z.number().nullish(),
  output_tokens: z.number().nullish(),
});

const event = z.object({
  type: z.string(),
  message: z.object({ usage: usage.nullish() }).nullish(),
  index: z.number().nullish(),
  content_block: blockStart.nullish(),
  delta: z
    .object({
      type: z.string().nullish(),
      text: z.string().nullish(),
      partial_json: z.string().nullish(),
      thinking: z.string().nullish(),
      signature: z.string().nullish(),
      stop_reason: z.string().nullish(),
    })
    .nullish(),
  usage: usage.nullish(),
  error: z.unknown().optional(),
});

/** The kinds of errors in a stream that began well, as the statuses they would have been. */
const STATUS_OF: Record<string, number> = {
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  rate_limit_error: 429,
  invalid_request_error: 400,
  overloaded_error: 529,
};

/** One message as its events come in. */
class Message {
  readonly #far: FarSide;
  readonly #model: string;
  readonly #calls = new CallsHeard();
  /** Cumulative: a later event's numbers replace an earlier one's. */
  #usage: z.infer<typeof usage> = {};
  #reason: 'stop' | 'length' | 'refused' | null = null;
  #said = false;

  constructor(far: FarSide, model: string) {
    this.#far = far;
    this.#model = model;
  }

  get isWhole(): boolean {
    return this.#reason !== null;
  }

  /** The text of an event. Thinking is left out. Throws ProviderError for an error in the stream, and for what is no event. */
  take({ data }: StreamEvent): string {
    const { type, message, index, content_block: block, delta, usage: counts, error } = this.#parse(data);
    if (type === 'error') throw this.#inStream(error);
    this.#count(message?.usage);
    this.#count(counts);
    if (block) this.#calls.begin(index ?? 0, block);
    if (delta) this.#calls.take(index ?? 0, delta);
    if (delta?.stop_reason) this.#reason = reasonOf(delta.stop_reason);
    const text = delta?.type === 'text_delta' ? (delta.text ?? '') : '';
    this.#said ||= text !== '';
    return text;
  }

  /** The last events. Throws `broken` when the answer never ended, or said nothing. */
  *ending(): Generator<AnswerEvent, void> {
    if (this.#reason === null) throw cutOff(this.#far);
    // What was cut off or refused isn't called.
    const calls = this.#reason === 'stop' && this.#calls.any;
    if (calls) yield this.#calls.told(this.#model);
    yield { type: 'usage', usage: this.#counted() };
    if (!this.#said && this.#reason !== 'refused' && !calls) throw saidNothing(this.#far, this.#reason);
    yield { type: 'end', reason: calls ? 'calls' : this.#reason };
  }

  #count(counts: z.infer<typeof usage> | null | undefined): void {
    for (const key of usage.keyof().options) this.#usage[key] = counts?.[key] ?? this.#usage[key];
  }

  /** `input_tokens` leaves out what was read from the cache or written into it. */
  #counted(): Usage {
    const cachedTokens = this.#usage.cache_read_input_tokens ?? 0;
    const writtenTokens = this.#usage.cache_creation_input_tokens ?? 0;
    return {
      inputTokens: (this.#usage.input_tokens ?? 0) + cachedTokens + writtenTokens,
      cachedTokens,
      writtenTokens,
      outputTokens: this.#usage.output_tokens ?? 0,
    };
  }

  #parse(data: string): z.infer<typeof event> {
    try {
      return event.parse(JSON.parse(data));
    } catch (cause) {
      throw new ProviderError('broken', `${NAME} sent something that is no answer. Try again later.`, { cause });
    }
  }

  #inStream(error: unknown): ProviderError {
    const type = typeof error === 'object' && error !== null && 'type' in error ? String(error.type) : '';
    return refusedBy(
      { status: STATUS_OF[type] ?? 500, body: JSON.stringify(error), message: messageIn(error) ?? 'no reason given' },
      this.#far,
    );
  }
}

function reasonOf(stopReason: string): 'stop' | 'length' | 'refused' {
  if (stopReason === 'refusal') return 'refused';
  return stopReason === 'max_tokens' || stopReason === 'model_context_window_exceeded' ? 'length' : 'stop';
}
