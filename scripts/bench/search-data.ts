/** A made-up knowledge of a set size with made-up vectors, written straight into a workspace's tables: reading it would take minutes. */
import { chunkHash } from '../../src/knowledge/chunk-hash.ts';
import { indexedWords } from '../../src/knowledge/search/words.ts';
import { toStored, unit } from '../../src/knowledge/vectors/half-floats.ts';
import type { Workspace } from '../../src/workspace.ts';

export const DIMENSIONS = 512;
/** As many as a hundred thousand passages of one language have. */
const VOCABULARY = 60_000;
const WORDS_EACH = 110;
const CHUNKS_A_SOURCE = 500;
/** Vectors lie around middles, as texts lie around subjects: so many around each. */
const OF_A_SUBJECT = 66;
const AT_A_TIME = 2000;
const SYLLABLES = ['ba', 'ke', 'lo', 'mi', 'nu', 'ra', 'se', 'ti', 'vo', 'za', 'fen', 'gor', 'hul', 'jas', 'pem', 'wix'];

/** The same figures in every run. */
let seed = 11;
function chance(): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0;
  return (seed >>> 0) / 2 ** 32;
}

function bell(): number {
  return chance() + chance() + chance() - 1.5;
}

/** A word of the made-up language; low numbers are frequent, each as often as its number is small. */
function word(): string {
  let text = '';
  for (let rest = Math.floor(VOCABULARY ** chance()) + 40; rest > 0; rest = Math.floor(rest / SYLLABLES.length))
    text += SYLLABLES[rest % SYLLABLES.length];
  return text;
}

function sentence(words: number): string {
  return Array.from({ length: words }, word).join(' ');
}

/** Writes sources with chunks of them; returns some of their texts. */
export function fillChunks(ws: Workspace, chunks: number): string[] {
  const now = ws.clock.now();
  const source = ws.sql.prepare(
    "INSERT INTO sources (kind, title, state, generation, enabled, created_at, updated_at) VALUES ('text', ?, 'ready', 0, 1, ?, ?)",
  );
  const chunk = ws.sql.prepare(
    "INSERT INTO chunks (source_id, generation, position, path, text, words, language, hash, created_at) VALUES (?, 0, ?, ?, ?, ?, 'en', ?, ?)",
  );
  const kept: string[] = [];
  let sourceId: number | bigint = 0;
  for (let from = 0; from < chunks; from += AT_A_TIME) {
    ws.write(() => {
      for (let n = from; n < Math.min(chunks, from + AT_A_TIME); n += 1) {
        if (n % CHUNKS_A_SOURCE === 0) sourceId = source.run(`Source ${n / CHUNKS_A_SOURCE}`, now, now).lastInsertRowid;
        const [path, text] = [sentence(2), `${sentence(WORDS_EACH)}.`];
        chunk.run(sourceId, n % CHUNKS_A_SOURCE, path, text, indexedWords(`${path}\n${text}`, 'en'), chunkHash(path, text), now);
        if (n % Math.ceil(chunks / 1000) === 0) kept.push(text);
      }
    });
  }
  return kept;
}

let middles: Float32Array[] = [];

/** A vector near one of the subjects. */
export function madeVector(): Float32Array {
  const middle = middles[Math.floor(chance() * middles.length)] ?? new Float32Array(DIMENSIONS);
  return unit(middle.map((value) => value + 0.8 * bell()));
}

/** Gives every chunk a vector of a model that serves. */
export function fillVectors(ws: Workspace, { keyId, model }: { keyId: number; model: string }): void {
  const hashes = ws.sql.prepare('SELECT hash FROM chunks ORDER BY id').pluck().all() as string[];
  const subjects = Math.ceil(hashes.length / OF_A_SUBJECT);
  middles = Array.from({ length: subjects }, () => Float32Array.from({ length: DIMENSIONS }, () => bell() + 0.2));
  ws.write(() =>
    ws.sql
      .prepare(
        `INSERT INTO embedding_models
         (provider_key_id, provider, model, state, dimensions, background_mean, background_spread, background_of, agreed_at)
         VALUES (?, 'compatible', ?, 'serving', ?, 0.1, 0.1, 81, ?)`,
      )
      .run(keyId, model, DIMENSIONS, ws.clock.now()),
  );
  const insert = ws.sql.prepare('INSERT INTO embeddings (model_id, hash, vector) VALUES (1, ?, ?)');
  for (let from = 0; from < hashes.length; from += AT_A_TIME)
    ws.write(() => hashes.slice(from, from + AT_A_TIME).forEach((hash) => insert.run(hash, toStored(madeVector()))));
}

/** A question about a text: some of its words, and some that everybody uses. */
export function questionAbout(text: string): string {
  const words = text.split(' ');
  return Array.from({ length: 8 }, (_, n) => (n < 5 ? words[Math.floor(chance() * words.length)] : word())).join(' ');
}
