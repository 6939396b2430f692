/** The embeddings of OpenAI's protocol. */
import { z } from 'zod';
import { ProviderError, type EmbeddingRequest, type Embeddings, type ProviderAccess } from '../provider.ts';
import { clientFor, type Speaking } from './chat-completions.ts';
import { failureOf, type FarSide } from './failure.ts';
import { withOptionalFields, type Fields } from './optional-fields.ts';
import { notAnApi, readJson } from './read-stream.ts';

interface EmbeddingDialect {
  baseUrl: string;
  /** For sentences. */
  name: string;
  /** Left out where the host or the model refuses them. */
  fields: Fields;
}

// The vectors themselves are looked at below: a schema over two hundred thousand numbers costs longer than the whole call.
const answer = z.object({
  data: z.array(z.object({ index: z.int().min(0), embedding: z.unknown() })),
  usage: z.object({ prompt_tokens: z.number() }).nullish(),
});

/** Asks for the vectors of texts. See `Embedder.embed`. */
export async function embed(
  access: ProviderAccess,
  { model, texts }: EmbeddingRequest,
  { baseUrl, name, fields }: EmbeddingDialect,
  speaking: Speaking,
): Promise<Embeddings> {
  const far: FarSide = { name, model, signal: access.signal };
  try {
    const client = await clientFor(access, baseUrl, speaking);
    const { signal } = access;
    // Not by `embeddings.create`: it asks for base64 where nothing is said, and not every host has that.
    const response = await withOptionalFields(access, model, fields, (optional) =>
      client.post('/embeddings', { body: { model, input: texts, ...optional }, signal }).asResponse(),
    );
    const body = answer.safeParse(await readJson(response, far));
    if (!body.success) throw notAnApi(far, 'JSON of another shape');
    return { vectors: vectorsOf(body.data.data, texts.length, far), tokens: body.data.usage?.prompt_tokens ?? null };
  } catch (cause) {
    throw failureOf(cause, far);
  }
}

function vectorsOf(data: { index: number; embedding?: unknown }[], wanted: number, far: FarSide): Float32Array[] {
  const vectors = data.toSorted((a, b) => a.index - b.index).map(({ embedding }) => vectorOf(embedding));
  const size = vectors[0]?.length ?? 0;
  const sound = vectors.length === wanted && vectors.every((vector) => vector.length === size && isVector(vector));
  if (!sound || size === 0) throw new ProviderError('broken', `${far.name} sent something that is no embedding. Try again later.`);
  return vectors;
}

function vectorOf(embedding: unknown): Float32Array {
  if (Array.isArray(embedding)) return Float32Array.from(embedding, Number);
  if (typeof embedding !== 'string') return new Float32Array();
  const bytes = Buffer.from(embedding, 'base64');
  // A copy, since the bytes may lie where no float may begin.
  return new Float32Array(Uint8Array.from(bytes).buffer, 0, Math.floor(bytes.length / 4));
}

function isVector(vector: Float32Array): boolean {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Number.isFinite(sum) && sum > 0;
}
