/** Reads an answer's body as it comes, and sees what the SDKs' own iterators hide: cuts, silence, a page instead of a stream. */
import { ProviderError } from '../provider.ts';
import { EventStreamReader, type StreamEvent } from './event-stream.ts';
import { failureOf, type FarSide } from './failure.ts';

/** How long a finished stream may take to close, so that its connection can be used again. */
const CLOSING_MS = 1000;

export interface Listening extends FarSide {
  /** ms without a byte after which the far side counts as silent. */
  idleMs: number;
  /** Whether this event is the protocol's last word. */
  isLast(event: StreamEvent): boolean;
}

/**
 * The events of a streamed answer, in batches as the network brings them. Ends when the body ends, which alone proves
 * nothing: the caller knows whether the answer was complete. Throws ProviderError, or the signal's reason.
 */
export async function* readStream(response: Response, listening: Listening): AsyncGenerator<StreamEvent[], void> {
  const reader = bodyOf(response, listening).getReader();
  const events = new EventStreamReader();
  let waiting = true;
  let silent = false;
  let over = false;
  // One timer, set forward with each byte; while the caller is busy with a batch, nobody listens and nobody is silent.
  const timer = setTimeout(() => {
    if (!waiting) return void timer.refresh();
    silent = true;
    quietly(reader.cancel());
  }, listening.idleMs);
  try {
    for (;;) {
      waiting = true;
      timer.refresh();
      const { done, value } = await reader.read();
      waiting = false;
      listening.signal.throwIfAborted();
      if (silent)
        throw new ProviderError(
          'silent',
          `${listening.name} stopped in the middle of an answer and said nothing for ${listening.idleMs / 1000} seconds. Try again later, or choose another model.`,
        );
      if (done) return void (over = true);
      const batch = events.read(value);
      over = batch.some(listening.isLast);
      if (batch.length > 0) yield batch;
    }
  } catch (cause) {
    const broken = cause instanceof TypeError || cause instanceof RangeError;
    throw broken && !listening.signal.aborted ? cutOff(listening, cause) : failureOf(cause, listening);
  } finally {
    clearTimeout(timer);
    void letGo(reader, over);
  }
}

function bodyOf(response: Response, far: FarSide): ReadableStream<Uint8Array> {
  const type = response.headers.get('content-type') ?? '';
  if (response.body && type.startsWith('text/event-stream')) return response.body;
  if (response.body) quietly(response.body.cancel());
  throw notAnApi(far, type);
}

/** The JSON of a list. Throws `broken` for what is none, and lets go of it unread. */
export async function readJson(response: Response, far: FarSide): Promise<unknown> {
  const type = response.headers.get('content-type') ?? '';
  if (!type.includes('json')) {
    if (response.body) quietly(response.body.cancel());
    throw notAnApi(far, type);
  }
  try {
    return await response.json();
  } catch (cause) {
    throw cause instanceof SyntaxError ? notAnApi(far, 'broken JSON') : cause;
  }
}

/** What a wrong base URL gives: a page, with status 200. */
export function notAnApi(far: FarSide, type: string): ProviderError {
  const what = type.includes('html') ? 'a web page' : `something else (${type || 'no content type'})`;
  return new ProviderError('broken', `${far.name} answered with ${what} instead of an AI's answer. Check the base URL.`);
}

/** The connection ended in the middle: what came is not an answer. */
export function cutOff(far: FarSide, cause?: unknown): ProviderError {
  return new ProviderError('broken', `${far.name} broke off in the middle of an answer. It is not used. Try again later.`, { cause });
}

/** A whole answer without a word: most often a model that reasoned until its length was used up. */
export function saidNothing(far: FarSide, reason: 'stop' | 'length'): ProviderError {
  const why = reason === 'length' ? 'used up the length of the answer before its first word' : 'ended without a word';
  return new ProviderError('broken', `${far.model ?? far.name} ${why}. Choose a longer answer or another model.`);
}

/** A stream that is over is read to its end, so that its connection is kept; any other is closed, so that nobody writes on. */
async function letGo(reader: ReadableStreamDefaultReader<Uint8Array>, over: boolean): Promise<void> {
  if (!over) return quietly(reader.cancel());
  const timer = setTimeout(() => quietly(reader.cancel()), CLOSING_MS);
  await Promise.allSettled([readToEnd(reader)]);
  clearTimeout(timer);
}

async function readToEnd(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  for (let done = false; !done;) ({ done } = await reader.read());
}

/** Closing what is broken already fails, and nobody needs to know. */
function quietly(closing: Promise<void>): void {
  void Promise.allSettled([closing]);
}
