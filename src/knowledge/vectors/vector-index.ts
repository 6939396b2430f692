/** The vectors of one workspace's model, as a search thread has them: signs in memory, the rest in the database. */
import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { Bits } from './bits.ts';
import { cosine, fromStored } from './half-floats.ts';
import { backgroundOf, type Background } from './scale.ts';

export interface NearVector {
  /** Of `embeddings`. */
  id: number;
  cosine: number;
}

interface Row {
  id: number;
  vector: Buffer;
}

/** Ten milliseconds of the thread. */
const SLICE = 2000;
/** A mean of fewer is made again when there are so many times more. */
const MEAN_OF = 2000;
const GROWN = 4;
/** Looking for what was removed reads an index of all: not after every write. */
const LOOKS_AGAIN_MS = 2000;
/** What a question's cosines are worth is told by so many passages; a quarter of a megabyte. */
const SAMPLE = 256;

/** Subselects: SQLite's STAT4 prepares a statement anew whenever a parameter beside a column is bound. */
const NEWER =
  'SELECT id, vector FROM embeddings WHERE id > (SELECT ?) AND model_id = (SELECT ?) AND vector IS NOT NULL ORDER BY id LIMIT ?';
const COUNT = `
  SELECT (SELECT count(*) FROM embeddings WHERE model_id = (SELECT @model)) - (
    SELECT count(*) FROM embeddings WHERE model_id = (SELECT @model) AND vector IS NULL)`;
const IDS = 'SELECT id FROM embeddings WHERE model_id = (SELECT ?)';
const THESE = 'SELECT id, vector FROM embeddings WHERE id IN (SELECT value FROM json_each(?))';
const OF_CHUNK = `
  SELECT vector FROM embeddings WHERE hash = (SELECT hash FROM chunks WHERE id = (SELECT ?)) AND model_id = (SELECT ?) AND vector IS NOT NULL`;
const CHUNKS = 'SELECT id FROM chunks WHERE hash = (SELECT hash FROM embeddings WHERE id = (SELECT ?))';

export class VectorIndex {
  readonly #sql: Database.Database;
  readonly #steady: () => number;
  readonly #statements: Record<'version' | 'newer' | 'count' | 'ids' | 'these' | 'ofChunk' | 'chunks', Database.Statement>;
  #model = 0;
  #bits: Bits | undefined;
  #last = 0;
  #meanOf = 0;
  #sample: Float16Array[] = [];
  /** How many vectors there were when it was taken. */
  #sampledAt = 0;
  #seen = -1;
  /** Something may have been removed that is still in memory. */
  #unsure = false;
  #lookedAt = -Infinity;
  #loading: Promise<void> | undefined;

  /** `file` is a workspace's database, `steady` a clock in ms. Every statement is read to its end, so no read transaction stays open. */
  constructor(file: string, steady: () => number) {
    this.#steady = steady;
    this.#sql = new Database(file, { readonly: true, fileMustExist: true });
    const prepare = (text: string): Database.Statement => this.#sql.prepare(text);
    this.#statements = {
      version: prepare('PRAGMA data_version').pluck(),
      newer: prepare(NEWER),
      count: prepare(COUNT).pluck(),
      ids: prepare(IDS).pluck(),
      these: prepare(THESE).raw(),
      ofChunk: prepare(OF_CHUNK).pluck(),
      chunks: prepare(CHUNKS).pluck(),
    };
  }

  /** What it holds in memory. */
  get bytes(): number {
    return this.#bits?.bytes ?? 0;
  }

  /** How many vectors there are. */
  get count(): number {
    return this.#bits?.count ?? 0;
  }

  /** Reads what this model has written since; the first time all of it, with a breath after each few. */
  ready(model: number): Promise<void> {
    this.#loading ??= this.#load(model).finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  /** At least `most` of the nearest, all where there are fewer; the nearest first. The vector is of length 1. */
  nearest(vector: Float32Array, most: number): NearVector[] {
    return this.#read(this.#bits?.nearest(vector, most) ?? [])
      .map(([id, stored]) => ({ id, cosine: cosine(vector, fromStored(stored)) }))
      .sort((a, b) => b.cosine - a.cosine);
  }

  /** Cosines of passages that have, but for a few, nothing to do with it. */
  background(vector: Float32Array): Background {
    return backgroundOf(this.#sample.map((each) => cosine(vector, each)));
  }

  /** The cosine of one chunk; null when it has no vector. */
  cosineOf(chunkId: number, vector: Float32Array): number | null {
    const stored = this.#statements.ofChunk.get(chunkId, this.#model) as Buffer | undefined;
    return stored ? cosine(vector, fromStored(stored)) : null;
  }

  /** Chunks that say what a vector was made of, whether in use or not. */
  chunksOf(id: number): number[] {
    return this.#statements.chunks.all(id) as number[];
  }

  close(): void {
    this.#sql.close();
  }

  async #load(model: number): Promise<void> {
    if (model !== this.#model) this.#forget(model);
    const version = Number(this.#statements.version.get());
    if (version === this.#seen && !this.#unsure) return;
    this.#unsure = true;
    await this.#readNewer();
    this.#dropRemoved();
    if (this.#meanOf < MEAN_OF && this.count > GROWN * this.#meanOf) {
      this.#forget(model);
      await this.#readNewer();
    }
    if (this.count > 2 * this.#sampledAt) this.#takeSample();
    this.#seen = version;
  }

  async #readNewer(): Promise<void> {
    for (;;) {
      const rows = this.#statements.newer.all(this.#last, this.#model, SLICE) as Row[];
      if (rows.length === 0) return;
      const read = rows.map(({ id, vector }) => ({ id, vector: fromStored(vector) }));
      if (!this.#bits) {
        this.#bits = new Bits(meanOf(read.map(({ vector }) => vector)));
        this.#meanOf = read.length;
      }
      for (const { id, vector } of read) this.#bits.add(id, vector);
      this.#last = rows.at(-1)?.id ?? this.#last;
      if (rows.length < SLICE) return;
      await setImmediate();
    }
  }

  /** What is gone from the database goes from memory, too. */
  #dropRemoved(): void {
    const now = this.#steady();
    if (!this.#bits || now - this.#lookedAt < LOOKS_AGAIN_MS) return;
    this.#lookedAt = now;
    this.#unsure = false;
    const left = Number(this.#statements.count.get({ model: this.#model }));
    if (left >= this.#bits.count) return;
    this.#bits.keep(new Set(this.#statements.ids.all(this.#model) as number[]));
    this.#takeSample();
  }

  #takeSample(): void {
    this.#sample = this.#read(this.#bits?.spread(SAMPLE) ?? []).map(([, stored]) => fromStored(stored));
    this.#sampledAt = this.count;
  }

  /** Sorted, since what lies together on the disk is read together. */
  #read(ids: number[]): [id: number, stored: Buffer][] {
    return this.#statements.these.all(JSON.stringify(ids.sort((a, b) => a - b))) as [number, Buffer][];
  }

  #forget(model: number): void {
    this.#model = model;
    this.#bits = undefined;
    this.#last = 0;
    this.#meanOf = 0;
    this.#sample = [];
    this.#sampledAt = 0;
    this.#seen = -1;
  }
}

function meanOf(vectors: readonly Float16Array[]): Float32Array {
  const mean = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (let at = 0; at < mean.length; at += 1) mean[at] = (mean[at] ?? 0) + (vector[at] ?? 0) / vectors.length;
  return mean;
}
