import { ProviderError, noteFailure } from '../../providers/index.ts';
import { TryLater, type JobKind } from '../../jobs/job.ts';
import { enqueue } from '../../jobs/enqueue.ts';
import type { Workspace } from '../../workspace.ts';
import { EXAMPLES } from './examples.ts';
import { toStored, unit } from './half-floats.ts';
import { missingBatches, type Missing } from './missing.ts';
import { demandBudget, liveModels, NoBudget, openEmbedder, spend, tellVectors, type LiveModel, type OpenEmbedder } from './models.ts';
import { learnBackground } from './scale.ts';

/** Credit may be added at the provider, where nobody tells us. */
const CREDIT_AGAIN_MS = 3600_000;
const RATE_AGAIN_MS = 20_000;
const LONGEST_WAIT_MS = 600_000;

/**
 * Gives every passage its vector, by the model that serves and by one that is to take its place. What a model has read is
 * never read again: after a kill it goes on where it was. A model that has read everything begins to serve.
 */
export const embedChunks: JobKind = {
  atOnce: 2,
  async run(ws, job, signal) {
    const waits: number[] = [];
    for (const model of liveModels(ws)) {
      const wait = await fill(ws, model, signal, job.attempts);
      if (wait !== undefined) waits.push(wait);
    }
    if (waits.length > 0) throw new TryLater(Math.min(...waits), 'a model is waited for');
    await job.finish(() => undefined);
  },
  onParked(ws) {
    ws.prepare("UPDATE embedding_models SET says = ? WHERE state <> 'retired'").run(
      'This failed again and again. Try it once more; if it fails, the log of the server says why.',
    );
    tellVectors(ws);
  },
};

/** Returns how long to wait before it is tried again; undefined when there is nothing more to do. */
async function fill(ws: Workspace, model: LiveModel, signal: AbortSignal, attempts: number): Promise<number | undefined> {
  try {
    const open = openEmbedder(ws, model, signal);
    if (model.background === null) await learn(ws, model, open);
    for await (const batch of missingBatches(ws, model.id, open.embedder)) {
      signal.throwIfAborted();
      if (!isLive(ws, model)) return undefined;
      await embedBatch(ws, model, open, batch);
    }
    ws.durable(() => serve(ws, model));
    return undefined;
  } catch (error) {
    if (error instanceof NoBudget) return rests(ws, model, error.says);
    if (!(error instanceof ProviderError)) throw error;
    return stopped(ws, model, error, attempts);
  }
}

const LEARNT = `
  UPDATE embedding_models SET background_mean = @mean, background_spread = @spread, background_of = @of, dimensions = @dimensions
  WHERE id = @id`;

/** Shows the model the examples, once. */
async function learn(ws: Workspace, model: LiveModel, { embedder, access }: OpenEmbedder): Promise<void> {
  const read = async (texts: string[], purpose: 'passage' | 'question') => {
    const { vectors, tokens } = await embedder.embed(access, { model: model.model, texts, purpose });
    return { vectors: vectors.map(unit), tokens: tokens ?? 0 };
  };
  const questions = await read(
    EXAMPLES.map(({ question }) => question),
    'question',
  );
  const passages = await read(
    EXAMPLES.flatMap(({ fits, beside }) => [fits, beside]),
    'passage',
  );
  const background = learnBackground({
    questions: questions.vectors,
    fits: passages.vectors.filter((_, at) => at % 2 === 0),
    beside: passages.vectors.filter((_, at) => at % 2 === 1),
  });
  const dimensions = questions.vectors[0]?.length ?? 0;
  ws.write(() => {
    spend(ws, model, questions.tokens + passages.tokens);
    if (background) ws.prepare(LEARNT).run({ ...background, dimensions, id: model.id });
  });
  if (!background)
    throw new ProviderError('no-model', `${model.model} doesn’t tell meanings apart across languages. Choose one that knows many.`);
  model.dimensions = dimensions;
}

/** One call, or several where a text is refused: then halves of it, so that one text keeps no other from being found. */
async function embedBatch(ws: Workspace, model: LiveModel, open: OpenEmbedder, batch: readonly Missing[]): Promise<void> {
  try {
    const texts = batch.map(({ text }) => text);
    demandBudget(
      ws,
      model,
      batch.reduce((sum, each) => sum + each.tokens, 0),
    );
    const { vectors, tokens } = await open.embedder.embed(open.access, { model: model.model, texts, purpose: 'passage' });
    if (vectors.some(({ length }) => length !== model.dimensions))
      throw new ProviderError('no-model', `${model.model} gives vectors of another size than before. Choose it anew.`);
    const known = tokens ?? batch.reduce((sum, each) => sum + each.tokens, 0);
    keep(
      ws,
      model,
      batch.map(({ hash }, at) => ({ hash, vector: vectors[at] ?? null })),
      known,
    );
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'refused') throw error;
    const [only] = batch;
    if (only && batch.length === 1) {
      keep(ws, model, [{ hash: only.hash, vector: null }], 0);
      return;
    }
    const half = Math.ceil(batch.length / 2);
    await embedBatch(ws, model, open, batch.slice(0, half));
    await embedBatch(ws, model, open, batch.slice(half));
  }
}

/** Not of a passage that was removed while the model read it: then nothing would take its vector away. */
const KEEP = `
  INSERT INTO embeddings (model_id, hash, vector) SELECT @model, @hash, @vector WHERE EXISTS (SELECT 1 FROM chunks WHERE hash = @hash)
  ON CONFLICT DO NOTHING`;

function keep(ws: Workspace, model: LiveModel, made: { hash: string; vector: Float32Array | null }[], tokens: number): void {
  ws.write(() => {
    spend(ws, model, tokens);
    ws.prepare('UPDATE embedding_models SET says = NULL WHERE id = ?').run(model.id);
    const live = isLive(ws, model);
    for (const { hash, vector } of live ? made : [])
      ws.prepare(KEEP).run({ model: model.id, hash, vector: vector && toStored(unit(vector)) });
    tellVectors(ws);
  });
}

/** Nobody took it back meanwhile. */
function isLive(ws: Workspace, { id }: LiveModel): boolean {
  return liveModels(ws).some((live) => live.id === id);
}

/** It takes the place of the one before, whose vectors go afterwards; inside a transaction. */
function serve(ws: Workspace, model: LiveModel): void {
  if (!isLive(ws, model)) return;
  ws.prepare('UPDATE embedding_models SET says = NULL WHERE id = ?').run(model.id);
  if (model.state === 'filling') {
    ws.prepare("UPDATE embedding_models SET state = 'retired', says = NULL WHERE state = 'serving'").run();
    ws.prepare("UPDATE embedding_models SET state = 'serving', serving_since = ? WHERE id = ?").run(ws.clock.now(), model.id);
    enqueue(ws, { kind: 'clear-vectors', key: 'all' });
  }
  tellVectors(ws);
}

/** Until the next day, or until somebody raises the budget: looked at each hour. */
function rests(ws: Workspace, model: LiveModel, says: string): number {
  ws.write(() => {
    ws.prepare('UPDATE embedding_models SET says = ? WHERE id = ?').run(says, model.id);
    tellVectors(ws);
  });
  return CREDIT_AGAIN_MS;
}

/** Writes down why it doesn't go on, and tells when it does; undefined means when somebody asks. */
function stopped(ws: Workspace, model: LiveModel, error: ProviderError, attempts: number): number | undefined {
  noteFailure(ws, model.keyId, error);
  ws.write(() => {
    ws.prepare('UPDATE embedding_models SET says = ? WHERE id = ?').run(error.says, model.id);
    tellVectors(ws);
  });
  switch (error.kind) {
    case 'wrong-key':
    case 'no-model':
    case 'refused':
      return undefined;
    case 'no-credit':
      return CREDIT_AGAIN_MS;
    case 'rate':
      return error.retryAfter ?? RATE_AGAIN_MS;
    default:
      return Math.min(LONGEST_WAIT_MS, error.retryAfter ?? 2000 * 2 ** attempts);
  }
}
