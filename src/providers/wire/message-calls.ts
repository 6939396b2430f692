/** Calls of tools in Anthropic's Messages protocol: how they are offered, how they come in, and how they are told again. */
import type Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';
import type { AnswerRequest, KeptThought, ToolCall, ToolRound } from '../provider.ts';
import { idOf, inputOf, nameOf } from './calls.ts';

type Message = Anthropic.MessageParam;

/** What is sent where there are tools. */
export function toolFields({
  tools = [],
  mustAnswer = false,
}: AnswerRequest): Pick<Anthropic.MessageCreateParams, 'tools' | 'tool_choice'> {
  if (tools.length === 0) return {};
  return {
    tools: tools.map(({ name, description, parameters }) => ({
      name,
      description,
      input_schema: { ...parameters, type: 'object' },
    })),
    ...(mustAnswer ? { tool_choice: { type: 'none' } } : {}),
  };
}

/** What was called for this answer so far, with its results. */
export function roundMessages({ model, rounds = [] }: AnswerRequest): Message[] {
  return rounds.flatMap((round, at) => [
    { role: 'assistant', content: called(round, at, model) },
    { role: 'user', content: resultsOf(round, at) },
  ]);
}

function called({ text, calls, kept }: ToolRound, at: number, model: string): Anthropic.ContentBlockParam[] {
  return [
    ...(kept?.model === model ? kept.blocks.flatMap((block) => thought.safeParse(block).data ?? []) : []),
    ...(text.trim() === '' ? [] : [{ type: 'text' as const, text }]),
    ...calls.map(({ name, input }, n) => ({ type: 'tool_use' as const, id: idOf(at, n), name: nameOf(name), input: inputOf(input) })),
  ];
}

function resultsOf({ results }: ToolRound, at: number): Anthropic.ToolResultBlockParam[] {
  return results.map(({ text, failed }, n) => ({ type: 'tool_result', tool_use_id: idOf(at, n), content: text, is_error: failed }));
}

const thought = z.discriminatedUnion('type', [
  z.object({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
  z.object({ type: z.literal('redacted_thinking'), data: z.string() }),
]);

/** The beginning of a block, as far as it concerns calls. */
export const blockStart = z.object({
  type: z.string(),
  name: z.string().nullish(),
  thinking: z.string().nullish(),
  signature: z.string().nullish(),
  data: z.string().nullish(),
});

export interface BlockDelta {
  type?: string | null | undefined;
  partial_json?: string | null | undefined;
  thinking?: string | null | undefined;
  signature?: string | null | undefined;
}

/** Calls, and the thinking that goes with them, as their pieces come in. */
export class CallsHeard {
  readonly #blocks = new Map<number, { type: string; name: string; input: string; thinking: string; signature: string; data: string }>();

  get any(): boolean {
    return [...this.#blocks.values()].some(({ type }) => type === 'tool_use');
  }

  begin(index: number, { type, name, thinking, signature, data }: z.infer<typeof blockStart>): void {
    if (type === 'text') return;
    this.#blocks.set(index, {
      type,
      name: name ?? '',
      input: '',
      thinking: thinking ?? '',
      signature: signature ?? '',
      data: data ?? '',
    });
  }

  take(index: number, delta: BlockDelta): void {
    const block = this.#blocks.get(index);
    if (!block) return;
    block.input += delta.partial_json ?? '';
    block.thinking += delta.thinking ?? '';
    block.signature += delta.signature ?? '';
  }

  told(model: string): { type: 'calls'; calls: ToolCall[]; kept: KeptThought } {
    const blocks = [...this.#blocks.values()];
    return {
      type: 'calls',
      calls: blocks.filter(({ type }) => type === 'tool_use').map(({ name, input }) => ({ name, input })),
      kept: { model, blocks: blocks.flatMap((block) => thought.safeParse(block).data ?? []) },
    };
  }
}
