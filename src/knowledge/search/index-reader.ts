/** The read side of one workspace's index. It lives in a worker thread, on a read-only connection of its own. */
import Database from 'better-sqlite3';

/** What a term's frequencies may lag behind the index: each costs up to a millisecond at 100,000 chunks. */
const STATISTICS_LIVE_MS = 2000;
/** Up to so many chunks counting costs next to nothing. */
const COUNTED_ALWAYS = 2000;

export interface Candidate {
  chunkId: number;
  sourceId: number;
  title: string;
  path: string;
  /** A space before, between and after. */
  line: string;
  language: string | null;
}

/** A subselect and not a join: only what is looked at closely is asked whether it is in use. */
const CANDIDATES = `
  SELECT id AS chunkId, source_id AS sourceId, coalesce((SELECT nullif(title, '') FROM pages WHERE id = page_id), (SELECT title FROM sources WHERE id = source_id)) AS title, path,
    ' ' || words || ' ' AS line, language
  FROM chunks WHERE id IN (SELECT value FROM json_each(?)) AND enabled
    AND (SELECT s.generation = chunks.generation AND s.enabled AND s.state <> 'removing' FROM sources s WHERE s.id = source_id)`;

/** A subselect: SQLite's STAT4 prepares a join anew whenever its parameters are bound. */
const REST =
  'SELECT text, page, coalesce((SELECT url FROM pages WHERE id = page_id), (SELECT url FROM sources WHERE id = source_id)) AS url FROM chunks WHERE id = ?';

/** Each language by one seek: DISTINCT would walk the whole index. */
const LANGUAGES = `
  WITH RECURSIVE each(language) AS (
    SELECT min(language) FROM chunks
    UNION ALL SELECT (SELECT min(language) FROM chunks WHERE language > each.language) FROM each WHERE each.language IS NOT NULL)
  SELECT language FROM each WHERE language IS NOT NULL`;

export class IndexReader {
  readonly #sql: Database.Database;
  readonly #steady: () => number;
  readonly #version: Database.Statement;
  readonly #languagesOf: Database.Statement;
  readonly #count: Database.Statement;
  readonly #frequency: Database.Statement;
  readonly #longer: Database.Statement;
  readonly #having: Database.Statement;
  readonly #candidates: Database.Statement;
  readonly #rest: Database.Statement;
  readonly #vocabulary: Database.Statement;
  readonly #frequencies = new Map<string, number>();
  #seen = -1;
  #countedAt = -Infinity;
  #languages: string[] = [];
  #total = 0;
  #counts: { of: number; at: number; read: ReadonlyMap<string, number> } | undefined;

  /** `file` is a workspace's database, `steady` a clock in ms. Every statement is read to its end, so no read transaction stays open. */
  constructor(file: string, steady: () => number) {
    this.#steady = steady;
    this.#sql = new Database(file, { readonly: true, fileMustExist: true });
    this.#version = this.#sql.prepare('PRAGMA data_version').pluck();
    this.#languagesOf = this.#sql.prepare(LANGUAGES).pluck();
    this.#count = this.#sql.prepare('SELECT count(*) FROM chunks').pluck();
    this.#frequency = this.#sql.prepare('SELECT doc FROM chunks_vocabulary WHERE term = ?').pluck();
    this.#longer = this.#sql.prepare('SELECT term FROM chunks_vocabulary WHERE term > ? AND term < ? LIMIT ?').pluck();
    this.#vocabulary = this.#sql.prepare('SELECT term, doc FROM chunks_vocabulary').raw();
    this.#having = this.#sql.prepare('SELECT rowid FROM chunks_fts WHERE chunks_fts MATCH ?').pluck();
    this.#candidates = this.#sql.prepare(CANDIDATES);
    this.#rest = this.#sql.prepare(REST);
  }

  /** Takes note of what was written since: languages at once, figures after a while. Call it once before each search. */
  refresh(): void {
    const version = Number(this.#version.get());
    if (version === this.#seen) return;
    this.#seen = version;
    this.#languages = this.#languagesOf.all() as string[];
    const now = this.#steady();
    if (this.#total > COUNTED_ALWAYS && now - this.#countedAt < STATISTICS_LIVE_MS) {
      // What was unknown may have been written now.
      for (const [term, count] of this.#frequencies) if (count === 0) this.#frequencies.delete(term);
      return;
    }
    this.#countedAt = now;
    this.#total = Number(this.#count.get());
    this.#frequencies.clear();
  }

  /** Languages that the workspace's chunks are written in. */
  get languages(): readonly string[] {
    return this.#languages;
  }

  /** Number of chunks, at least 1. */
  get total(): number {
    return Math.max(1, this.#total);
  }

  /** In how many chunks the term stands. */
  frequency(term: string): number {
    const known = this.#frequencies.get(term);
    if (known !== undefined) return known;
    const count = Number(this.#frequency.get(term) ?? 0);
    if (this.#frequencies.size > 20_000) this.#frequencies.clear();
    this.#frequencies.set(term, count);
    return count;
  }

  /**
   * In how many chunks each term stands, by one walk over the index: for a small one, 3 ms with 300 chunks. The same map until
   * something was written, and for two seconds more.
   */
  counts(): ReadonlyMap<string, number> {
    const now = this.#steady();
    const known = this.#counts;
    if (known && (known.of === this.#seen || now - known.at < STATISTICS_LIVE_MS)) return known.read;
    const read = new Map(this.#vocabulary.all() as [string, number][]);
    this.#counts = { of: this.#seen, at: now, read };
    return read;
  }

  /** Up to `most` indexed terms that begin with this one and are longer. */
  longerTerms(beginning: string, most: number): string[] {
    return this.#longer.all(beginning, `${beginning}\u{10ffff}`, most) as string[];
  }

  /** Ids of the chunks that hold a term, whether in use or not. */
  having(term: string): number[] {
    return this.#having.all(`"${term.replaceAll('"', '""')}"`) as number[];
  }

  /** Those of the chunks that are in use. */
  candidates(ids: readonly number[]): Candidate[] {
    return this.#candidates.all(JSON.stringify(ids)) as Candidate[];
  }

  /** What a candidate that is shown has besides; undefined when it was removed meanwhile. */
  rest(id: number): { text: string; page: number | null; url: string | null } | undefined {
    return this.#rest.get(id) as { text: string; page: number | null; url: string | null } | undefined;
  }

  close(): void {
    this.#sql.close();
  }
}
