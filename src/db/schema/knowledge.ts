/** What the business knows: sources, and the chunks they are searched by. `chunks_fts` stands in the migration. */
import { sqliteTable, integer, text, blob, index, uniqueIndex } from '../drizzle.ts';

export const sources = sqliteTable(
  'sources',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    kind: text('kind', { enum: ['text', 'qa', 'file'] }).notNull(),
    title: text('title').notNull(),
    state: text('state', { enum: ['waiting', 'reading', 'ready', 'failed', 'removing'] }).notNull(),
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
  },
  (t) => [index('sources_state').on(t.state)],
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
  },
  (t) => [uniqueIndex('chunks_position').on(t.sourceId, t.generation, t.position), index('chunks_language').on(t.language)],
);
