/** Transcription by OpenAI's protocol. */
import { z } from 'zod';
import type { ProviderAccess, Recording, Transcript, Usage } from '../provider.ts';
import { clientFor, type Dialect, type Speaking } from './chat-completions.ts';
import { failureOf, type FarSide } from './failure.ts';
import { notAnApi, readJson } from './read-stream.ts';

/** By the end of its name a host tells what a file is, and some by nothing else. */
const ENDINGS: Record<string, string> = {
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/wav': 'wav',
  'audio/flac': 'flac',
  // What browsers and phones record without a picture in it.
  'video/mp4': 'mp4',
  'video/webm': 'webm',
};

export const SOUNDS: readonly string[] = Object.keys(ENDINGS);

const counted = z.discriminatedUnion('type', [
  z.object({ type: z.literal('tokens'), input_tokens: z.number(), output_tokens: z.number() }),
  z.object({ type: z.literal('duration'), seconds: z.number() }),
]);

// Hosts differ in what they count and how: what isn't known is left, and the call is counted by us.
const answer = z.object({ text: z.string(), usage: counted.nullish().catch(null) });

/** Asks for a transcript. See `Transcriber.transcribe`. */
export async function transcribe(
  access: ProviderAccess,
  { model, mime, bytes }: Recording,
  { baseUrl, name }: Pick<Dialect, 'baseUrl' | 'name'>,
  speaking: Speaking,
): Promise<Transcript> {
  const far: FarSide = { name, model, signal: access.signal };
  try {
    const client = await clientFor(access, baseUrl, speaking);
    // The same class for hosts that want a File with a name; none of its sender's own words goes along.
    const file = new File([new Uint8Array(bytes)], `voice.${ENDINGS[mime] ?? 'ogg'}`, { type: mime });
    const response = await client.audio.transcriptions.create({ file, model }, { signal: access.signal }).asResponse();
    const body = answer.safeParse(await readJson(response, far));
    if (!body.success) throw notAnApi(far, 'JSON of another shape');
    return { text: body.data.text.trim(), usage: body.data.usage ? usageOf(body.data.usage) : null };
  } catch (cause) {
    throw failureOf(cause, far);
  }
}

function usageOf(usage: z.infer<typeof counted>): Usage {
  if (usage.type === 'duration') return { inputTokens: Math.ceil(usage.seconds), cachedTokens: 0, outputTokens: 0 };
  return { inputTokens: usage.input_tokens, cachedTokens: 0, outputTokens: usage.output_tokens };
}
