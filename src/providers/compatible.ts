/** Any host that speaks OpenAI's protocol, by its base URL: other vendors, and models on one's own machine. */
import { ProviderError, type AnswerRequest, type EmbeddingRequest, type Model, type Provider, type ProviderAccess } from './provider.ts';
import { chat, listModels, type Dialect } from './wire/chat-completions.ts';
import { embed } from './wire/embeddings.ts';
import { SOUNDS, transcribe } from './wire/transcriptions.ts';

/** `idleMs`: silence after which a call is given up; 30 s outside tests. */
export function compatibleProvider({ idleMs }: { idleMs: number }): Provider {
  return {
    id: 'compatible',
    name: 'OpenAI-compatible',
    needs: { key: 'maybe', baseUrl: true },
    check: async (access) => {
      const host = hostOf(access);
      // OpenRouter lists its models to everybody: only this tells whether the key works.
      const proof = host.name === OPENROUTER ? '/key' : undefined;
      return usable(await listModels(access, host, { idleMs }, proof));
    },
    answer: (access, request) => chat(access, request, dialectOf(hostOf(access), request), { idleMs }),
    embedder: {
      // Every host known to us takes as much: Cohere 96 texts, Gemini 100, Mistral 16,000 tokens.
      texts: 32,
      tokens: 12_000,
      embed: (access, request) => {
        const { baseUrl, name } = hostOf(access);
        const dialect = { baseUrl, name, fields: { encoding_format: 'float' } };
        return embed(access, { ...request, texts: withMarks(request) }, dialect, { idleMs });
      },
    },
    transcriber: {
      takes: SOUNDS,
      modelOf: (models) => models.find(({ hears }) => hears)?.id ?? null,
      transcribe: (access, recording) => transcribe(access, recording, hostOf(access), { idleMs }),
    },
  };
}

/** Models that were trained to be told what they read; without it they find markedly less. */
const MARKS: readonly [model: RegExp, marks: Record<EmbeddingRequest['purpose'], string>][] = [
  [/\be5-(?!mistral)/i, { question: 'query: ', passage: 'passage: ' }],
  [/\bnomic-embed-text/i, { question: 'search_query: ', passage: 'search_document: ' }],
];

function withMarks({ model, texts, purpose }: EmbeddingRequest): readonly string[] {
  const marks = MARKS.find(([name]) => name.test(model))?.[1];
  return marks ? texts.map((text) => `${marks[purpose]}${text}`) : texts;
}

interface Host {
  baseUrl: string;
  /** For sentences. */
  name: string;
}

function hostOf({ baseUrl }: ProviderAccess): Host {
  const name = baseUrl === null ? undefined : URL.parse(baseUrl)?.host;
  if (baseUrl === null || name === undefined)
    throw new ProviderError('unreachable', 'This key needs a base URL: the address where its host speaks the OpenAI protocol.');
  return { baseUrl, name };
}

const OPENROUTER = 'openrouter.ai';
const AZURE = /\.(openai\.azure|services\.ai\.azure|cognitiveservices\.azure)\.com$/;
/** Gemini counts its thinking as output: without room for it, it would eat up a short answer. */
const THINKING_ROOM = 2048;

/** Switches against training and keeping go only to hosts known to take them; one that doesn't know them would refuse. */
function dialectOf({ baseUrl, name }: Host, { maxTokens }: AnswerRequest): Dialect {
  const plain: Dialect = { baseUrl, name, required: {}, optional: { max_tokens: maxTokens } };
  if (name === OPENROUTER) return { ...plain, required: { provider: { data_collection: 'deny', zdr: true } } };
  if (AZURE.test(name)) return { ...plain, required: { store: false } };
  if (name === 'generativelanguage.googleapis.com')
    return { ...plain, optional: { max_tokens: maxTokens + THINKING_ROOM, reasoning_effort: 'low' } };
  return plain;
}

const EMBEDS = /embed|\bbge-|\be5-|\bgte-|minilm/i;
const HEARS = /whisper|transcribe|parakeet|voxtral.*transcri|canary-/i;
const OTHER_WORK = /\btts\b|dall-e|moderation|diarize|realtime|rerank|stable-diffusion|\bsora/i;

/** Hosts say little about their models: their names tell most. */
function usable(models: Model[]): Model[] {
  return models.filter(({ id }) => !OTHER_WORK.test(id)).map((model) => ({ ...model, ...workOf(model.id) }));
}

function workOf(id: string): Pick<Model, 'embeds' | 'hears'> {
  if (EMBEDS.test(id)) return { embeds: true };
  return HEARS.test(id) ? { hears: true } : {};
}
