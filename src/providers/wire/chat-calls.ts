/** Calls of tools in the Chat Completions protocol: how they are offered, how they come in, and how they are told again. */
import type OpenAI from 'openai';
import { z } from 'zod';
import type { AnswerRequest, JsonObject, KeptThought, ToolCall, ToolRound } from '../provider.ts';
import { idOf, inputOf, nameOf } from './calls.ts';
import type { Fields } from './optional-fields.ts';

type Message = OpenAI.ChatCompletionMessageParam;

/** What is sent where there are tools, and what else, where the host takes it. */
export function toolFields({ tools = [], mustAnswer = false }: AnswerRequest): { required: Fields; optional: Fields } {
  if (tools.length === 0) return { required: {}, optional: {} };
  return {
    required: {
      tools: tools.map(({ name, description, parameters }) => ({ type: 'function', function: { name, description, parameters } })),
    },
    optional: mustAnswer ? { tool_choice: 'none' } : {},
  };
}

/** What was called for this answer so far, with its results. */
export function roundMessages({ model, rounds = [] }: AnswerRequest): Message[] {
  return rounds.flatMap((round, at) => [called(round, at, model), ...resultsOf(round, at)]);
}

function called({ text, calls, kept }: ToolRound, at: number, model: string): Message {
  const signs = kept?.model === model ? kept.blocks : [];
  const tool_calls = calls.map(({ name, input }, n) => ({
    id: idOf(at, n),
    type: 'function' as const,
    function: { name: nameOf(name), arguments: JSON.stringify(inputOf(input)) },
    ...(signs[n] === undefined || Object.keys(signs[n]).length === 0 ? {} : { extra_content: signs[n] }),
  }));
  return { role: 'assistant', content: text === '' ? null : text, tool_calls };
}

function resultsOf({ results }: ToolRound, at: number): Message[] {
  return results.map(({ text }, n) => ({ role: 'tool', tool_call_id: idOf(at, n), content: text }));
}

export const callDelta = z.object({
  index: z.number().nullish(),
  id: z.string().nullish(),
  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
  /** Gemini's signature of its thinking, which it wants back with the call. */
  extra_content: z.record(z.string(), z.unknown()).nullish(),
});

type Delta = z.infer<typeof callDelta>;

interface Heard {
  index: number | null;
  id: string | null;
  name: string;
  input: string;
  sign: JsonObject;
}

/** Calls as their pieces come in. */
export class CallsHeard {
  readonly #calls: Heard[] = [];

  get any(): boolean {
    return this.#calls.length > 0;
  }

  take(delta: Delta): void {
    const call = this.#callOf(delta);
    if (call.name === '') call.name = delta.function?.name ?? '';
    call.input += delta.function?.arguments ?? '';
    Object.assign(call.sign, delta.extra_content);
  }

  told(model: string): { type: 'calls'; calls: ToolCall[]; kept: KeptThought } {
    return {
      type: 'calls',
      calls: this.#calls.map(({ name, input }) => ({ name, input })),
      kept: { model, blocks: this.#calls.map(({ sign }) => sign) },
    };
  }

  /**
   * The call that a piece belongs to. Its number tells, or its id: hosts that send calls whole give each of them the number 0, or
   * none at all, and some an empty id with each later piece.
   */
  #callOf(delta: Delta): Heard {
    const index = delta.index ?? null;
    const id = delta.id || null;
    const alone = index === null && id === null && Boolean(delta.function?.name);
    const same = (call: Heard): boolean => (id === null || call.id === id) && (index === null || call.index === index);
    const known = alone ? undefined : this.#calls.findLast(same);
    if (known) return known;
    const call: Heard = { index, id, name: '', input: '', sign: {} };
    this.#calls.push(call);
    return call;
  }
}
