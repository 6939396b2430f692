/** What the stand-in for OpenAI answers when it is asked for vectors. */
import type { Body, Refusal } from './http-ai.ts';
import { meaningOf } from './meanings.ts';
import { error, noModel } from './openai-errors.ts';

interface EmbeddingRules {
  fields: ReadonlySet<string>;
  texts: number;
  /** Of one text and of all together; four characters each. */
  tokens: [one: number, all: number];
  /** The size of a model's vectors. */
  dimensions: number;
}

const EMBEDDINGS: Record<'openai' | 'compatible', EmbeddingRules> = {
  openai: {
    fields: new Set(['model', 'input', 'encoding_format', 'dimensions', 'user']),
    texts: 2048,
    tokens: [8192, 300_000],
    dimensions: 1536,
  },
  compatible: { fields: new Set(['model', 'input', 'encoding_format']), texts: 96, tokens: [8192, 16_384], dimensions: 1024 },
};

/** A text that no model of these stand-ins takes. */
export const UNTAKEN = 'a text that the model refuses';

function refuseTexts(body: Body, models: readonly string[], { fields, texts, tokens: [one, all] }: EmbeddingRules): Refusal | null {
  const unknown = Object.keys(body).find((field) => !fields.has(field));
  if (unknown !== undefined) return error(400, `Unknown parameter: '${unknown}'.`, { param: unknown, code: 'unknown_parameter' });
  const model = String(body['model']);
  if (!models.includes(model)) return noModel(model);
  if (!model.includes('embed')) return error(403, `You are not allowed to generate embeddings from this model: ${model} is not supported`);
  const input = body['input'];
  if (!Array.isArray(input) || input.length === 0 || input.length > texts || input.some((text) => typeof text !== 'string' || text === ''))
    return error(400, "'$.input' is invalid.", { param: 'input' });
  const counts = (input as string[]).map((text) => text.length / 4);
  if (
    (input as string[]).some((text) => text.includes(UNTAKEN)) ||
    counts.some((count) => count > one) ||
    counts.reduce((a, b) => a + b) > all
  )
    return error(400, "This model's maximum context length is 8192 tokens.", { param: 'input' });
  return null;
}

/** Vectors, or what is wrong with the request. */
export function embeddings(body: Body, models: readonly string[], dialect: keyof typeof EMBEDDINGS): Refusal {
  const rules = EMBEDDINGS[dialect];
  const refusal = refuseTexts(body, models, rules);
  if (refusal) return refusal;
  const texts = body['input'] as string[];
  const size = typeof body['dimensions'] === 'number' ? body['dimensions'] : rules.dimensions;
  const vectors = texts.map((text) => meaningOf(text, size));
  const shown = (vector: Float32Array) =>
    body['encoding_format'] === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector];
  const tokens = texts.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0);
  const data = vectors.map((vector, index) => ({ object: 'embedding', index, embedding: shown(vector) })).reverse();
  return { status: 200, body: { object: 'list', data, model: body['model'], usage: { prompt_tokens: tokens, total_tokens: tokens } } };
}
