/**
 * The contract of an AI provider. The core decides what to ask and what a failure means for the customer; a provider's
 * file only speaks its protocol. It stores nothing, reads no settings of its own, and reaches the network only by the
 * `fetch` it is given. The contract suite in test/providers runs every provider through the same situations.
 */
import type { Language } from '../lib/catalogue.ts';
import type { Secret } from '../lib/secret.ts';

export type Fetch = typeof globalThis.fetch;

/** What each call gets. */
export interface ProviderAccess {
  /** Null for a host that wants no key (a model on one's own machine). */
  key: Secret | null;
  /** Where the protocol is spoken: OpenAI style with `/v1`, Anthropic without. Null takes the vendor's own. */
  baseUrl: string | null;
  /** The only way out. */
  fetch: Fetch;
  /** Aborts the call; the provider lets go of the connection and throws the signal's reason. */
  signal: AbortSignal;
  /** Optional request fields this host refused before, each as `field@model`; they are left out. */
  refusedFields: readonly string[];
  /** Told when the host refuses an optional field with 400; the call is then made again without it. */
  onRefusedField(field: string): void;
}

export interface Model {
  id: string;
  name?: string;
  /** It makes embeddings and can't chat. */
  embeds?: boolean;
  /** It writes down what was spoken and can't chat. */
  hears?: boolean;
}

/** Whether a bot may answer by it. */
export function chats({ embeds, hears }: Pick<Model, 'embeds' | 'hears'>): boolean {
  return !embeds && !hears;
}

export interface Turn {
  role: 'user' | 'assistant';
  text: string;
  /** What the customer shows with it; only to models that see. */
  pictures?: readonly Picture[];
}

export interface Picture {
  /** Ours, by which a run's page names it. */
  id: number;
  name: string;
  /** image/png, image/jpeg, image/gif or image/webp, as its content shows. */
  mime: string;
  /** 3.75 MB at most: what Anthropic takes. */
  bytes: Uint8Array;
}

/** A passage of knowledge given to the model, and quoted by the built-in provider. */
export interface GivenPassage {
  n: number;
  title: string;
  path: string;
  text: string;
  /** 0 to 1, comparable within one search. */
  score: number;
}

/** What a model may call instead of answering at once. */
export interface Tool {
  /** As the model calls it: `[a-z][a-z0-9_]{0,63}`, and unlike every other of the request. */
  name: string;
  /** What it does and when it is called, for the model. */
  description: string;
  /** JSON Schema of its arguments: an object. */
  parameters: JsonObject;
}

export interface JsonObject {
  [name: string]: unknown;
}

export interface ToolCall {
  /** As the model wrote it: it may be no tool there is. */
  name: string;
  /** As the model wrote it: meant to be a JSON object, and not always one. '' where it takes no arguments. */
  input: string;
}

/** One time that a model called tools, with what came of it: what it needs to go on. */
export interface ToolRound {
  /** What it said before. */
  text: string;
  /** At least one. */
  calls: readonly ToolCall[];
  /** One for each call, in their order. */
  results: readonly { text: string; failed: boolean }[];
  /** Of the `calls` event; null for calls that were made by another model, or long ago. */
  kept: KeptThought | null;
}

/** What a model wants to read again with its calls: its own thinking, its signatures. For the same model alone, and kept nowhere. */
export interface KeptThought {
  model: string;
  blocks: readonly JsonObject[];
}

export interface AnswerRequest {
  model: string;
  /** The byte-stable prefix: instructions and rules. Providers mark its end for caching. */
  system: string;
  /** What changes from question to question: passages, hints. Sent after the prefix, before the turns. */
  context: string;
  /** Oldest first; the last is the customer's question. */
  turns: Turn[];
  /** The same passages as in `context`, as data; only `quote` reads them. */
  passages: GivenPassage[];
  /** What sentences of ours are said in; a model is told by `system`, so only `quote` reads it. */
  language: Language;
  maxTokens: number;
  temperature: number | null;
  /** Groups requests that share a prefix, for providers that want a hint. */
  cacheKey: string;
  /** What it may call; always in one order, since it is part of the prefix that is cached. */
  tools?: readonly Tool[];
  /** What it called for this answer so far, oldest first; all of it comes after `turns`. */
  rounds?: readonly ToolRound[];
  /** It is told to answer without calling any more. The tools stay in the request: they are part of the prefix. */
  mustAnswer?: boolean;
}

export interface Usage {
  /** All tokens read, cached ones included. */
  inputTokens: number;
  cachedTokens: number;
  /** Of `inputTokens`, those written into the provider's cache, where it tells; some charge more for them. */
  writtenTokens?: number;
  outputTokens: number;
}

export type AnswerEvent =
  | { type: 'delta'; text: string }
  /** Once at most, and whole: what the model wants called before it goes on. The end's reason is then 'calls', and never otherwise. */
  | { type: 'calls'; calls: ToolCall[]; kept: KeptThought | null }
  | { type: 'usage'; usage: Usage }
  /**
   * Exactly one, last. 'length' means cut by maxTokens; 'refused' means the model's own refusal: what it wanted called is then not
   * told. Without it there was no answer.
   */
  | { type: 'end'; reason: 'stop' | 'length' | 'refused' | 'calls' };

export interface EmbeddingRequest {
  model: string;
  /** At least one, at most `Embedder.texts`, together at most `Embedder.tokens`. */
  texts: readonly string[];
  /** Some models want to be told which of the two they read. */
  purpose: 'passage' | 'question';
}

export interface Embeddings {
  /** One for each text, in their order; all of one length, none of them zero. Not normalised. */
  vectors: Float32Array[];
  /** Tokens read; null where the host doesn't tell. */
  tokens: number | null;
}

/** What turns texts into vectors by meaning. */
export interface Embedder {
  /** How many texts go into one call. */
  readonly texts: number;
  /** How many tokens go into one call, by our own estimate. */
  readonly tokens: number;
  /**
   * Throws ProviderError, or the signal's reason when aborted; `refused` means that one of the texts isn't taken. Answers
   * for all texts or fails. Never retries by itself: the core does.
   */
  embed(access: ProviderAccess, request: EmbeddingRequest): Promise<Embeddings>;
}

/** Something spoken. */
export interface Recording {
  model: string;
  /** What it is by its content, one of those that `Transcriber.takes`. */
  mime: string;
  /** Whole, 20 MB at most. */
  bytes: Uint8Array;
}

export interface Transcript {
  /** Trimmed; '' where nothing was said. */
  text: string;
  /** For models that are paid by time, a second counts as a token read. Null where the host doesn't tell. */
  usage: Usage | null;
}

/** What writes down what was spoken. */
export interface Transcriber {
  /** Types of files that it takes. */
  readonly takes: readonly string[];
  /** Which of a key's models to ask, the best first; null where none of them hears. */
  modelOf(models: readonly Model[]): string | null;
  /**
   * Throws ProviderError, or the signal's reason when aborted; `refused` means that the recording isn't taken, `no-model` that
   * the host has no such model, or no transcription at all. Never retries by itself: the core does.
   */
  transcribe(access: ProviderAccess, recording: Recording): Promise<Transcript>;
}

/** 'no-sight': the model, or its host, takes no pictures. */
export type ProviderErrorKind =
  'wrong-key' | 'no-credit' | 'no-model' | 'no-sight' | 'rate' | 'overloaded' | 'refused' | 'broken' | 'unreachable' | 'silent';

/** A failure as the core understands it. `says` is for the owner, in plain words with what to do; never for a customer. */
export class ProviderError extends Error {
  readonly kind: ProviderErrorKind;
  readonly says: string;
  /** ms to wait, where the provider said so. */
  readonly retryAfter?: number;

  constructor(kind: ProviderErrorKind, says: string, options: { retryAfter?: number; cause?: unknown } = {}) {
    super(`${kind}: ${says}`, { cause: options.cause });
    this.name = 'ProviderError';
    this.kind = kind;
    this.says = says;
    if (options.retryAfter !== undefined) this.retryAfter = options.retryAfter;
  }
}

export interface Provider {
  /** 'openai', 'anthropic', 'compatible', 'quote'. */
  readonly id: 'openai' | 'anthropic' | 'compatible' | 'quote';
  readonly name: string;
  /** Whether it needs a key and a base URL, for the form. */
  readonly needs: { key: 'yes' | 'no' | 'maybe'; baseUrl: boolean };

  /** Asks the provider whether the key works, and which models it opens. Costs nothing. Throws ProviderError. */
  check(access: ProviderAccess): Promise<Model[]>;

  /**
   * Answers as a stream of events. Throws ProviderError, or the signal's reason when aborted.
   * A stream that ends without a stop reason throws `broken`; one that is silent for 30 s throws `silent`.
   * Never retries by itself: the core does.
   */
  answer(access: ProviderAccess, request: AnswerRequest): AsyncIterable<AnswerEvent>;

  /** Null where it has no models that embed. */
  readonly embedder: Embedder | null;

  /** Null where it has no models that hear. */
  readonly transcriber: Transcriber | null;
}
