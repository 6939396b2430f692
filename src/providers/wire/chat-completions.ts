/** The Chat Completions protocol, which OpenAI made and everybody else speaks a dialect of. */
import type OpenAI from 'openai';
import { z } from 'zod';
import { ProviderError, type AnswerEvent, type AnswerRequest, type Model, type ProviderAccess, type Usage } from '../provider.ts';
import { callDelta, CallsHeard, roundMessages, toolFields } from './chat-calls.ts';
import { failureOf, messageIn, refusedBy, type FarSide } from './failure.ts';
import { withOptionalFields, type Fields } from './optional-fields.ts';
import { chatTurn, withoutSight } from './pictures.ts';
import { cutOff, notAnApi, readJson, readStream, saidNothing } from './read-stream.ts';
import { ThinkingFilter } from './thinking.ts';
import { alternating } from './turns.ts';

/** What a host's dialect adds to the common request. */
export interface Dialect {
  /** Where it is spoken; with `/v1`. */
  baseUrl: string;
  /** For sentences. */
  name: string;
  /** Sent always. */
  required: Fields;
  /** Left out where the host or the model refuses them. */
  optional: Fields;
}

export interface Speaking {
  /** ms of silence after which a call is given up. */
  idleMs: number;
}

/** Loaded at the first call: it would cost the boot 100 ms. */
let loading: Promise<typeof OpenAI> | null = null;

/** 15 µs a client: made for each call, so that the key is held no longer than that. */
export async function clientFor(access: ProviderAccess, baseURL: string, { idleMs }: Speaking): Promise<OpenAI> {
  loading ??= import('openai').then((module) => module.default);
  const Client = await loading;
  const { key, fetch } = access;
  // The SDK wants a key even where the host has none; nothing of it is sent.
  const auth = key ? { apiKey: key.reveal() } : { apiKey: 'none', defaultHeaders: { authorization: null } };
  // Null keeps the SDK from looking for more in the environment.
  return new Client({
    ...auth,
    baseURL,
    fetch,
    maxRetries: 0,
    timeout: idleMs,
    organization: null,
    project: null,
    adminAPIKey: null,
    logLevel: 'off',
  });
}

const modelList = z.object({
  data: z.array(z.object({ id: z.string().min(1), name: z.string().nullish(), created: z.number().nullish() })),
});

/**
 * Asks for the models; what they are good for is the caller's to tell. Newest first, where the host tells. `proof` is a
 * path that answers only to a key that works, for a host that lists its models to everybody.
 */
export async function listModels(
  access: ProviderAccess,
  dialect: Pick<Dialect, 'baseUrl' | 'name'>,
  speaking: Speaking,
  proof?: string,
): Promise<Model[]> {
  const far: FarSide = { name: dialect.name, signal: access.signal };
  try {
    const client = await clientFor(access, dialect.baseUrl, speaking);
    if (proof !== undefined) await client.get(proof, { signal: access.signal });
    const response = await client.models.list({ signal: access.signal }).asResponse();
    const body = modelList.safeParse(await readJson(response, far));
    if (!body.success) throw notAnApi(far, 'JSON of another shape');
    const newestFirst = body.data.data.sort((a, b) => (b.created ?? 0) - (a.created ?? 0));
    return newestFirst.map(({ id, name }) => ({ id, ...(name ? { name } : {}) }));
  } catch (cause) {
    throw failureOf(cause, far);
  }
}

/** Streams an answer. See the contract. */
export async function* chat(
  access: ProviderAccess,
  request: AnswerRequest,
  dialect: Dialect,
  speaking: Speaking,
): AsyncGenerator<AnswerEvent, void> {
  const far: FarSide = { name: dialect.name, model: request.model, signal: access.signal };
  const response = await askFor(access, request, dialect, speaking, far);
  const answer = new Answer(far, request.model);
  const listening = { ...far, idleMs: speaking.idleMs, isLast: ({ data }: { data: string }) => data === '[DONE]' };
  try {
    for await (const batch of readStream(response, listening)) {
      const text = batch.map(({ data }) => (data === '[DONE]' ? '' : answer.take(data))).join('');
      if (text !== '') yield { type: 'delta', text };
      if (batch.some(listening.isLast)) break;
    }
  } catch (cause) {
    // Cut or silent after its last word: the answer is whole, only its token count is missing.
    if (!answer.isWhole || access.signal.aborted) throw cause;
  }
  yield* answer.ending();
}

async function askFor(
  access: ProviderAccess,
  request: AnswerRequest,
  dialect: Dialect,
  speaking: Speaking,
  far: FarSide,
): Promise<Response> {
  try {
    const client = await clientFor(access, dialect.baseUrl, speaking);
    const system = request.context === '' ? request.system : `${request.system}\n\n${request.context}`;
    // One system message, not two: many models' templates take no more, and the cached prefix is the same.
    const messages = [{ role: 'system' as const, content: system }, ...alternating(request.turns).map(chatTurn), ...roundMessages(request)];
    const calling = toolFields(request);
    const optional = {
      stream_options: { include_usage: true },
      ...dialect.optional,
      ...calling.optional,
      ...(request.temperature === null ? {} : { temperature: request.temperature }),
    };
    return await withOptionalFields(access, request.model, optional, (fields) =>
      client.chat.completions
        .create(
          { model: request.model, messages, stream: true, ...dialect.required, ...calling.required, ...fields },
          { signal: access.signal },
        )
        .asResponse(),
    );
  } catch (cause) {
    throw failureOf(withoutSight(cause, request, dialect.name), far);
  }
}

const chunk = z.object({
  choices: z
    .array(
      z.object({
        delta: z
          .object({ content: z.string().nullish(), refusal: z.string().nullish(), tool_calls: z.array(callDelta).nullish() })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z
    .object({
      prompt_tokens: z.number(),
      completion_tokens: z.number(),
      prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
    })
    .nullish(),
  error: z.unknown().optional(),
});

/** One answer as its chunks come in. */
class Answer {
  readonly #far: FarSide;
  readonly #model: string;
  readonly #thinking = new ThinkingFilter();
  readonly #calls = new CallsHeard();
  #usage: Usage | null = null;
  #reason: 'stop' | 'length' | 'refused' | null = null;
  #refused = false;
  #said = false;

  constructor(far: FarSide, model: string) {
    this.#far = far;
    this.#model = model;
  }

  get isWhole(): boolean {
    return this.#reason !== null;
  }

  /** The text of a chunk. Throws ProviderError for an error in the stream, and for what is no chunk. */
  take(data: string): string {
    const { choices, usage, error } = this.#parse(data);
    if (error !== undefined && error !== null) throw this.#inStream(error);
    if (usage)
      this.#usage = {
        inputTokens: usage.prompt_tokens,
        cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
        outputTokens: usage.completion_tokens,
      };
    const choice = choices?.[0];
    if (choice?.delta?.refusal) this.#refused = true;
    for (const call of choice?.delta?.tool_calls ?? []) this.#calls.take(call);
    if (choice?.finish_reason) this.#finish(choice.finish_reason);
    const text = this.#thinking.pass(choice?.delta?.content ?? '');
    this.#said ||= text !== '';
    return text;
  }

  /** The last events. Throws `broken` when the answer never ended, or said nothing. */
  *ending(): Generator<AnswerEvent, void> {
    if (this.#reason === null) throw cutOff(this.#far);
    const reason = this.#refused ? 'refused' : this.#reason;
    const text = this.#thinking.rest();
    if (text !== '') yield { type: 'delta', text };
    // Hosts end with "stop" as well when something is called; what was cut off or refused isn't called.
    const calls = reason === 'stop' && this.#calls.any;
    if (calls) yield this.#calls.told(this.#model);
    if (this.#usage) yield { type: 'usage', usage: this.#usage };
    if (!this.#said && text === '' && reason !== 'refused' && !calls) throw saidNothing(this.#far, reason);
    yield { type: 'end', reason: calls ? 'calls' : reason };
  }

  #finish(reason: string): void {
    if (reason === 'error')
      throw new ProviderError(
        'overloaded',
        `${this.#far.name} failed in the middle of an answer. Try again later, or choose another model.`,
      );
    this.#reason = reason === 'length' ? 'length' : reason === 'content_filter' ? 'refused' : 'stop';
  }

  #parse(data: string): z.infer<typeof chunk> {
    try {
      return chunk.parse(JSON.parse(data));
    } catch (cause) {
      throw new ProviderError('broken', `${this.#far.name} sent something that is no answer. Check the base URL, or try again later.`, {
        cause,
      });
    }
  }

  /** Some hosts answer 200 and fail afterwards; the code is then a status, or a word. */
  #inStream(error: unknown): ProviderError {
    const code = typeof error === 'object' && error !== null && 'code' in error ? Number(error.code) : NaN;
    return refusedBy(
      { status: code >= 400 ? code : 500, body: JSON.stringify(error), message: messageIn(error) ?? 'no reason given' },
      this.#far,
    );
  }
}
