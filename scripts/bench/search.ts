/**
 * A search of 100,000 chunks, by words alone and with meaning, as a bot does it: asked on one thread, answered by another.
 * Beside it, bare FTS5 with every word of the question, and every vector looked at exactly. The provider's own time isn't in
 * it: questions are asked a second time.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { closeInstallation, openInstallation } from '../../src/installation.ts';
import { closeSearch, search as searchKnowledge } from '../../src/knowledge/index.ts';
import { cosine, fromStored, unit } from '../../src/knowledge/vectors/half-floats.ts';
import { liveModels } from '../../src/knowledge/vectors/models.ts';
import { questionVector } from '../../src/knowledge/vectors/question-vector.ts';
import { addKey } from '../../src/providers/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { percentile } from './http-load.ts';
import type { Report } from './report.ts';
import { fillChunks, fillVectors, madeVector, questionAbout } from './search-data.ts';

const CHUNKS = 100_000;
const MODEL = 'bench-embed';
const QUESTIONS = 150;
const PASSAGES = 6;
/** All vectors are looked at for so many questions: each costs 60 ms. */
const EXACTLY = 40;

/** `seconds` is at most what each of the measurements takes, the data not counted. */
export async function search(seconds: number, chunks = CHUNKS): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-bench-'));
  const env = { DATA_DIR: join(folder, 'data'), KEYS_DIR: join(folder, 'keys'), LOG_LEVEL: 'warn', ALLOW_PRIVATE_ADDRESSES: '1' };
  const installation = await openInstallation(readConfig(env));
  const provider = await standIn();
  const id = installation.workspaces.create({ name: 'Bench', language: 'en', timezone: 'UTC', currency: 'EUR' });
  try {
    return await installation.workspaces.use(id, (ws) => measure(ws, { url: provider.url, seconds, chunks }));
  } finally {
    provider.end();
    await closeSearch();
    await closeInstallation(installation);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(ws: Workspace, { url, seconds, chunks }: { url: string; seconds: number; chunks: number }): Promise<Report> {
  const texts = fillChunks(ws, chunks);
  const questions = Array.from({ length: QUESTIONS }, (_, n) => questionAbout(texts[(n * 7) % texts.length] ?? ''));
  const asking = (query: string) => searchKnowledge(ws, { query, limit: PASSAGES });
  for (const query of questions.slice(0, 5)) await asking(query);
  const keyless = await timesOf(questions, seconds, asking);
  const bare = await timesOf(questions, seconds, (query) => bareSearch(ws, query));
  const added = await addKey(ws, { provider: 'compatible', name: '', key: '', baseUrl: url }, 'system');
  if (!added.ok) throw new Error(added.says);
  fillVectors(ws, { keyId: added.keyId, model: MODEL });
  for (const query of questions) await asking(query);
  const hybrid = await timesOf(questions, seconds, asking);
  const { times, recall } = await exactly(ws, questions);
  const both = { p50: percentile(bare, 0.5) + percentile(times, 0.5), p95: percentile(bare, 0.95) + percentile(times, 0.95) };
  return report({ keyless, hybrid, bare, both, recall });
}

function report(found: {
  keyless: number[];
  hybrid: number[];
  bare: number[];
  both: { p50: number; p95: number };
  recall: number;
}): Report {
  const figures = {
    keylessP50: percentile(found.keyless, 0.5),
    keylessP95: percentile(found.keyless, 0.95),
    hybridP50: percentile(found.hybrid, 0.5),
    hybridP95: percentile(found.hybrid, 0.95),
    recallAt6: found.recall,
  };
  const compared = {
    keylessP50: percentile(found.bare, 0.5),
    keylessP95: percentile(found.bare, 0.95),
    hybridP50: found.both.p50,
    hybridP95: found.both.p95,
    recallAt6: 1,
  };
  const most = { keylessP50: 5, keylessP95: 12, hybridP50: 8, hybridP95: 20 };
  const keys = Object.keys(most) as (keyof typeof most)[];
  return {
    name: 'search',
    figures,
    compared,
    ratios: Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, value / compared[key as keyof typeof compared]])),
    targets: {
      ...Object.fromEntries(keys.map((key) => [key, `at most ${most[key]} ms`])),
      recallAt6: 'at least 0.99 of the exact best six',
    },
    met: { ...Object.fromEntries(keys.map((key) => [key, figures[key] <= most[key]])), recallAt6: found.recall >= 0.99 },
  };
}

async function timesOf(questions: readonly string[], seconds: number, act: (query: string) => unknown): Promise<number[]> {
  const times: number[] = [];
  const until = performance.now() + 1000 * seconds;
  for (const query of questions) {
    const began = performance.now();
    await act(query);
    times.push(performance.now() - began);
    if (performance.now() > until) break;
  }
  return times;
}

/** FTS5 as it comes: every word, ranked by BM25. */
function bareSearch(ws: Workspace, query: string): unknown {
  const match = query
    .split(' ')
    .map((word) => `"${word}"`)
    .join(' OR ');
  return ws
    .prepare('SELECT c.id, c.text FROM chunks_fts f JOIN chunks c ON c.id = f.rowid WHERE f.chunks_fts MATCH ? ORDER BY f.rank LIMIT 6')
    .all(match);
}

/** Every vector looked at, and how many of the best six the product's own search for meaning finds. */
async function exactly(ws: Workspace, questions: readonly string[]): Promise<{ times: number[]; recall: number }> {
  const rows = ws.sql.prepare('SELECT id, vector FROM embeddings').all() as { id: number; vector: Buffer }[];
  const vectors = rows.map(({ id, vector }) => ({ id, vector: fromStored(vector) }));
  const [model] = liveModels(ws);
  if (!model) throw new Error('no model serves');
  const { VectorIndex } = await import('../../src/knowledge/vectors/vector-index.ts');
  const index = new VectorIndex(join(ws.folder, 'workspace.db'), () => performance.now());
  await index.ready(model.id);
  const times: number[] = [];
  let found = 0;
  for (const question of questions.slice(0, EXACTLY)) {
    const asked = await questionVector(ws, model, question);
    if (!asked) throw new Error('the stand-in of the provider was too slow');
    const began = performance.now();
    const best = vectors.map(({ id, vector }) => ({ id, near: cosine(asked, vector) })).sort((a, b) => b.near - a.near);
    times.push(performance.now() - began);
    const mine = new Set(
      index
        .nearest(asked, 400)
        .slice(0, PASSAGES)
        .map(({ id }) => id),
    );
    found += best.slice(0, PASSAGES).filter(({ id }) => mine.has(id)).length;
  }
  index.close();
  return { times, recall: found / (PASSAGES * Math.min(EXACTLY, questions.length)) };
}

/** A provider whose vectors lie where those of the passages lie. */
async function standIn(): Promise<{ url: string; end(): void }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const listed = { data: [{ id: 'bench-chat' }, { id: MODEL }] };
      const embedded = { data: [{ index: 0, embedding: [...unit(madeVector())] }], usage: { prompt_tokens: 10 } };
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(request.url?.endsWith('/models') === true ? listed : embedded));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    end: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
