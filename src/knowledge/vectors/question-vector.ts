import { setTimeout as pause } from 'node:timers/promises';
import { noteFailure, ProviderError } from '../../providers/index.ts';
import { estimateTokens } from '../../lib/tokens.ts';
import type { Workspace } from '../../workspace.ts';
import { unit } from './half-floats.ts';
import { demandBudget, openEmbedder, spend, type LiveModel } from './models.ts';

/** Longer than this nobody is kept waiting: words have answered already. What comes later is kept for the next time. */
export const PATIENCE_MS = 500;
/** A call that takes longer is given up. */
const LONGEST_CALL_MS = 10_000;
/** After a failure words answer alone for a while: nobody waits for what won't come. */
const REST_MS = 30_000;
/** Two megabytes. */
const KEPT_AT_MOST = 500;
const LONGEST_QUESTION = 2000;

/** What was asked lately, in memory alone: customers' words are stored nowhere for this. */
const asked = new Map<string, Promise<Float32Array | null>>();
/** Until when a workspace's provider is left alone, by the steady clock. */
const resting = new Map<string, number>();

/**
 * The vector of a question, of length 1; null when the provider failed or wasn't quick enough. Rejects with the signal's
 * reason alone.
 */
export async function questionVector(
  ws: Workspace,
  model: LiveModel,
  question: string,
  signal?: AbortSignal,
): Promise<Float32Array | null> {
  const text = question.slice(0, LONGEST_QUESTION);
  const key = `${ws.id} ${model.id} ${text}`;
  let vector = asked.get(key);
  if (!vector) {
    if ((resting.get(ws.id) ?? -Infinity) > ws.clock.steady()) return null;
    // Nobody may be left without an answer by this: not by a full disk either, where what it cost can't be written down.
    vector = ask(ws, model, text).catch((err: unknown) => {
      ws.installation.log.error({ err, workspace: ws.id }, 'a question could not be sent for its meaning');
      return null;
    });
    // A failure isn't kept: what the provider can't do now it may do in a minute.
    void vector.then((made) => made === null && asked.delete(key));
  }
  // A Map keeps the order of insertion: put again, it is the latest.
  asked.delete(key);
  asked.set(key, vector);
  const [oldest] = asked.keys();
  if (asked.size > KEPT_AT_MOST && oldest !== undefined) asked.delete(oldest);
  return within(vector, signal);
}

async function within(vector: Promise<Float32Array | null>, signal: AbortSignal | undefined): Promise<Float32Array | null> {
  const over = new AbortController();
  try {
    const late = pause(PATIENCE_MS, null, { ref: false, signal: signal ? AbortSignal.any([over.signal, signal]) : over.signal });
    return await Promise.race([vector, late.catch(() => null)]);
  } finally {
    over.abort();
    signal?.throwIfAborted();
  }
}

/** Not aborted with who asked: it is paid for either way, and the next who asks the same has it. */
async function ask(ws: Workspace, model: LiveModel, text: string): Promise<Float32Array | null> {
  const { workspace, release } = ws.installation.workspaces.hold(ws.id);
  try {
    demandBudget(workspace, model, estimateTokens(text));
    const { embedder, access } = openEmbedder(workspace, model, AbortSignal.timeout(LONGEST_CALL_MS));
    const { vectors, tokens } = await embedder.embed(access, { model: model.model, texts: [text], purpose: 'question' });
    workspace.write(() => spend(workspace, model, tokens ?? estimateTokens(text)));
    const [vector] = vectors;
    return vector && vector.length === model.dimensions ? unit(vector) : null;
  } catch (error) {
    rest(workspace, model, error);
    return null;
  } finally {
    release();
  }
}

function rest(ws: Workspace, model: LiveModel, error: unknown): void {
  const wait = error instanceof ProviderError ? (error.retryAfter ?? REST_MS) : REST_MS;
  resting.set(ws.id, ws.clock.steady() + wait);
  ws.installation.log.warn({ err: error, workspace: ws.id, model: model.model }, 'a question was searched by words alone');
  if (error instanceof ProviderError) noteFailure(ws, model.keyId, error);
}

/** Forgets what was asked and what failed. */
export function forgetQuestions(): void {
  asked.clear();
  resting.clear();
}
