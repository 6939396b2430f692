/** OpenAI itself, by Chat Completions. */
import type { Model, Provider } from './provider.ts';
import { chat, listModels, type Dialect } from './wire/chat-completions.ts';
import { embed } from './wire/embeddings.ts';
import { SOUNDS, transcribe } from './wire/transcriptions.ts';

const BASE_URL = 'https://api.openai.com/v1';

/** `idleMs`: silence after which a call is given up; 30 s outside tests. */
export function openaiProvider({ idleMs }: { idleMs: number }): Provider {
  return {
    id: 'openai',
    name: 'OpenAI',
    needs: { key: 'yes', baseUrl: false },
    check: async (access) => usable(await listModels(access, { baseUrl: access.baseUrl ?? BASE_URL, name: 'OpenAI' }, { idleMs })),
    answer: (access, request) => {
      const { effort, room } = leastReasoning(request.model);
      const dialect: Dialect = {
        name: 'OpenAI',
        baseUrl: access.baseUrl ?? BASE_URL,
        // Nothing of a conversation stays in the account's own logs.
        required: { store: false, max_completion_tokens: request.maxTokens + room },
        optional: { prompt_cache_key: request.cacheKey, ...(effort === null ? {} : { reasoning_effort: effort }) },
      };
      return chat(access, request, dialect, { idleMs });
    },
    embedder: {
      // It takes 2,048 texts and 300,000 tokens; less keeps the answer small enough to be read beside a chat.
      texts: 128,
      tokens: 60_000,
      embed: (access, request) => {
        const size = SIZES.find(([model]) => model.test(request.model))?.[1];
        const fields = { encoding_format: 'base64', ...(size === undefined ? {} : { dimensions: size }) };
        return embed(access, request, { name: 'OpenAI', baseUrl: access.baseUrl ?? BASE_URL, fields }, { idleMs });
      },
    },
    transcriber: {
      takes: SOUNDS,
      // A list that was made by a release before this one names none.
      modelOf: (models) => HEARING.find((model) => models.some(({ id, hears }) => hears && id === model)) ?? HEARING[0] ?? null,
      transcribe: (access, recording) => transcribe(access, recording, { name: 'OpenAI', baseUrl: access.baseUrl ?? BASE_URL }, { idleMs }),
    },
  };
}

/**
 * These models' vectors may be cut short: a third of the disk and of the search's time for a hundredth of the quality.
 * Vectors of two sizes can't be compared, so a size that stands here is never changed.
 */
const SIZES: readonly [model: RegExp, size: number][] = [
  [/^text-embedding-3-small/, 512],
  [/^text-embedding-3-large/, 1024],
];

/** What writes down voice notes, the best first. The others of its kind tell voices apart, or hear a call while it lasts. */
const HEARING = ['gpt-transcribe', 'gpt-4o-transcribe', 'gpt-4o-mini-transcribe', 'whisper-1'];

/** Reasoning counts as output: without room for it, it would eat up a short answer. */
const REASONING_ROOM = 2048;

/**
 * The least a model reasons: a customer waits for the first word, and everything needed stands in the passages.
 * The "chat" models have no such setting.
 */
function leastReasoning(model: string): { effort: 'none' | 'minimal' | 'low' | null; room: number } {
  if (/^gpt-\d.*(chat|pro|codex)/.test(model)) return { effort: null, room: 0 };
  if (/^gpt-(5\.[1-9]|[6-9])/.test(model)) return { effort: 'none', room: 0 };
  if (/^gpt-5/.test(model)) return { effort: 'minimal', room: REASONING_ROOM };
  if (/^o\d/.test(model)) return { effort: 'low', room: REASONING_ROOM };
  return { effort: null, room: 0 };
}

/** The list holds everything OpenAI has; a bot needs what chats by this protocol and what hears, a search what embeds. */
const OTHER_WORK =
  /whisper|tts|dall-e|image|moderation|realtime|audio|transcribe|translate|sora|live|babbage|davinci|-instruct|deep-research|computer-use|codex|-pro(-|$)/;

function usable(models: Model[]): Model[] {
  return models
    .map((model) => (HEARING.includes(model.id) ? { ...model, hears: true } : model))
    .filter(({ id, hears }) => hears || !OTHER_WORK.test(id))
    .map((model) => (model.id.includes('embedding') ? { ...model, embeds: true } : model));
}
