/** What the business knows: sources, and the chunks they are searched by. `chunks_fts` stands in the migration. */
import { sqliteTable, integer, text, real, blob, index, uniqueIndex, sql } from '../drizzle.ts';
import { providerKeys } from './providers.ts';

/** Which pages of a site are read. */
export interface SiteRules {
  /** Where the crawl begins; only addresses of its host are followed. */
  start: string;
  /** Links followed from the start; a page out of the sitemap has depth 0. */
  depth: number;
  /** Pages at most. */
  most: number;
  /** Beginnings of paths: only these (all when empty), but none of those. */
  only: string[];
  not: string[];
  /** A page that has vanished is dropped after so many days. */
  keepGoneDays: number;
  /** Where its pages are known from; null until somebody looked. Only without a sitemap are links followed. */
  from: 'sitemap' | 'links' | null;
}

/** Which column of a feed says what: the names of its columns, or of a JSON item's keys, joined by dots. */
export interface FeedRules {
  url: string;
  /** All columns that the feed has; empty until it was looked at. */
  columns: string[];
  /** Tells one item from another; where it is null the link does, or the title. */
  id: string | null;
  title: string | null;
  description: string | null;
  price: string | null;
  currency: string | null;
  stock: string | null;
  link: string | null;
  /** Further columns that are read out as "name: value". */
  more: string[];
  /** An item that has vanished is dropped after so many days. */
  keepGoneDays: number;
}

export type SourceRules = { site: SiteRules } | { feed: FeedRules };

export const sources = sqliteTable(
  'sources',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    kind: text('kind', { enum: ['text', 'qa', 'file', 'page', 'site', 'feed'] }).notNull(),
    title: text('title').notNull(),
    /** 'exploring' looks which pages a site has, 'found' waits for its owner's yes. */
    state: text('state', { enum: ['exploring', 'found', 'waiting', 'reading', 'paused', 'ready', 'failed', 'removing'] }).notNull(),
    /** Why it failed, in plain words, with what to do. */
    says: text('says'),
    /** Written text as typed; for files what was read stands in the chunks. */
    text: text('text'),
    url: text('url'),
    language: text('language'),
    fileName: text('file_name'),
    fileMime: text('file_mime'),
    fileBytes: integer('file_bytes'),
    /** Name of the sealed file in the workspace's `files/` folder. */
    filePath: text('file_path'),
    fileKeySealed: blob('file_key_sealed', { mode: 'buffer' }),
    contentHash: text('content_hash'),
    /** Where several pages were read. */
    pages: integer('pages'),
    progressDone: integer('progress_done').notNull().default(0),
    progressTotal: integer('progress_total').notNull().default(0),
    /** Which of its chunks count: a new reading is written beside the one in use, in small transactions, and takes over by this number. */
    generation: integer('generation').notNull().default(0),
    enabled: integer('enabled', { mode: 'boolean' }).notNull().default(true),
    createdBy: integer('created_by'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    readAt: integer('read_at'),
    /** How a site is crawled, or a feed's fields are read. */
    rules: text('rules', { mode: 'json' }).$type<SourceRules>(),
    /** Read again by itself after so many hours; null when only by hand. */
    refreshHours: integer('refresh_hours'),
    /** The list of its pages is to be fetched first; 'anew': what is known of them doesn't count, since the rules have changed. */
    listing: text('listing', { enum: ['refresh', 'anew'] }),
    /** The version of a feed's list that its items are from, as its server names it; null where not all of them are. */
    etag: text('etag'),
    lastModified: text('last_modified'),
  },
  (t) => [index('sources_state').on(t.state)],
);

/** What a source is made of where it is more than one document: the pages of a site or the items of a feed. */
export const pages = sqliteTable(
  'pages',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    sourceId: integer('source_id')
      .notNull()
      .references(() => sources.id, { onDelete: 'cascade' }),
    /** What it is known by from one reading to the next: a page's address, an item's id. */
    key: text('key').notNull(),
    /** Where a visitor may read it. */
    url: text('url'),
    title: text('title').notNull().default(''),
    /** 'found' waits to be read; 'skipped' says itself that it isn't to be read (noindex, another's canonical, robots.txt); 'gone' has vanished and is dropped later. */
    state: text('state', { enum: ['found', 'ready', 'failed', 'skipped', 'gone'] }).notNull(),
    says: text('says'),
    depth: integer('depth').notNull().default(0),
    etag: text('etag'),
    lastModified: text('last_modified'),
    contentHash: text('content_hash'),
    language: text('language'),
    failures: integer('failures').notNull().default(0),
    foundAt: integer('found_at').notNull(),
    readAt: integer('read_at'),
    goneAt: integer('gone_at'),
    /** Still to be fetched. */
    due: integer('due', { mode: 'boolean' }).notNull().default(true),
    /** Whether the sitemap names it. */
    listed: integer('listed', { mode: 'boolean' }).notNull().default(true),
    /** Its address with every number as one sign: a calendar's pages look alike. */
    shape: text('shape').notNull().default(''),
  },
  (t) => [
    uniqueIndex('pages_key').on(t.sourceId, t.key),
    index('pages_state').on(t.sourceId, t.state),
    index('pages_due').on(t.sourceId, t.due, t.failures, t.depth),
    index('pages_shape').on(t.sourceId, t.shape),
  ],
);

/** What a person wrote in place of a passage. It outlives the passage: a refresh finds its new one, or keeps it by itself. */
export const edits = sqliteTable(
  'edits',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    sourceId: integer('source_id')
      .notNull()
      .references(() => sources.id, { onDelete: 'cascade' }),
    pageId: integer('page_id').references(() => pages.id, { onDelete: 'cascade' }),
    /** 'changed': the source says something else there now (`found`); 'alone': it says nothing like it any more. */
    state: text('state', { enum: ['kept', 'changed', 'alone'] }).notNull(),
    path: text('path').notNull().default(''),
    position: integer('position').notNull(),
    originalHash: text('original_hash').notNull(),
    original: text('original').notNull(),
    text: text('text').notNull(),
    found: text('found'),
    editedBy: integer('edited_by'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [index('edits_source').on(t.sourceId, t.pageId), index('edits_page').on(t.pageId)],
);

/** Questions with their answers, of sources of kind 'qa'. */
export const questions = sqliteTable(
  'questions',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    sourceId: integer('source_id')
      .notNull()
      .references(() => sources.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    question: text('question').notNull(),
    answer: text('answer').notNull(),
  },
  (t) => [index('questions_source').on(t.sourceId, t.position)],
);

export const chunks = sqliteTable(
  'chunks',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    sourceId: integer('source_id')
      .notNull()
      .references(() => sources.id, { onDelete: 'cascade' }),
    generation: integer('generation').notNull().default(0),
    position: integer('position').notNull(),
    /** Headings above it, "Menu › Cakes". */
    path: text('path').notNull().default(''),
    page: integer('page'),
    text: text('text').notNull(),
    /** The same as the index sees it: words by Intl.Segmenter, stemmed, joined by spaces. FTS5 reads this column. */
    words: text('words').notNull(),
    language: text('language'),
    enabled: integer('enabled', { mode: 'boolean' }).notNull().default(true),
    hash: text('hash').notNull(),
    createdAt: integer('created_at').notNull(),
    /** The page or item it was read from; null where the source is one document. */
    pageId: integer('page_id').references(() => pages.id, { onDelete: 'cascade' }),
    /** Set when a person wrote the text. */
    editId: integer('edit_id').references(() => edits.id, { onDelete: 'set null' }),
  },
  (t) => [
    uniqueIndex('chunks_position').on(t.sourceId, t.generation, sql`coalesce(page_id, 0)`, t.position),
    index('chunks_language').on(t.language),
    index('chunks_page').on(t.pageId),
    index('chunks_edit').on(t.editId),
    index('chunks_hash').on(t.hash),
    index('chunks_in_use').on(t.sourceId, t.generation, t.enabled),
  ],
);

/** Models that somebody agreed to search by, and what they have cost. */
export const embeddingModels = sqliteTable(
  'embedding_models',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    providerKeyId: integer('provider_key_id')
      .notNull()
      .references(() => providerKeys.id),
    provider: text('provider', { enum: ['openai', 'anthropic', 'compatible', 'quote'] }).notNull(),
    host: text('host'),
    model: text('model').notNull(),
    /** 'filling' makes its vectors while another 'serving' one answers; 'retired' is out of use, its vectors are gone or going. */
    state: text('state', { enum: ['filling', 'serving', 'retired'] }).notNull(),
    /** Null until its first answer. */
    dimensions: integer('dimensions'),
    /** Its cosines of passages that have nothing to do with a question: mean, standard deviation, and of how many. */
    backgroundMean: real('background_mean'),
    backgroundSpread: real('background_spread'),
    backgroundOf: integer('background_of'),
    tokens: integer('tokens').notNull().default(0),
    costMicros: integer('cost_micros').notNull().default(0),
    /** Null as long as its price isn't known. */
    currency: text('currency'),
    /** Why it doesn't go on, in plain words; null when all is well. */
    says: text('says'),
    agreedBy: integer('agreed_by'),
    agreedAt: integer('agreed_at').notNull(),
    servingSince: integer('serving_since'),
  },
  (t) => [
    uniqueIndex('embedding_models_live')
      .on(t.state)
      .where(sql`state <> 'retired'`),
  ],
);

/** Vectors by what a passage says. They go with the last chunk that says so, by triggers of the migration. */
export const embeddings = sqliteTable(
  'embeddings',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    modelId: integer('model_id')
      .notNull()
      .references(() => embeddingModels.id),
    /** That of its chunks. */
    hash: text('hash').notNull(),
    /** Length 1, as half-precision floats; null when the model refused the text. */
    vector: blob('vector', { mode: 'buffer' }),
  },
  (t) => [
    uniqueIndex('embeddings_hash').on(t.hash, t.modelId),
    index('embeddings_model').on(t.modelId),
    index('embeddings_refused')
      .on(t.modelId)
      .where(sql`vector is null`),
  ],
);
