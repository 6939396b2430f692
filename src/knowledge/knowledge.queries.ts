/** What the knowledge pages show. */
import { and, asc, count, desc, eq, ne } from '../db/drizzle.ts';
import { questions, sources } from '../db/schema/workspace.ts';
import { bytesText, pluralText, spanText, wordText } from '../web/formats.ts';
import type { Workspace } from '../workspace.ts';
import type { Source, SourceKind, SourceState } from './source.ts';

export const SOURCES_A_PAGE = 100;

export interface ListedSource {
  id: number;
  title: string;
  kind: SourceKind;
  icon: string;
  /** What it is, in a few words: "8 pages, 4.1 MB". */
  about: string;
  state: SourceState;
  enabled: boolean;
  says: string | null;
  passages: number;
  /** Passages that a person wrote anew and whose source says something else by now, or nothing like it. */
  conflicts: number;
  readAt: number | null;
  progress: { done: number; total: number; says: string } | null;
}

export interface Standing {
  sources: number;
  passages: number;
  reading: number;
  failed: number;
  /** As in ListedSource, of all. */
  conflicts: number;
}

const ICONS: Record<string, string> = {
  'application/pdf': 'file-type-pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'file-type-docx',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'file-type-ppt',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'file-type-xls',
  'application/vnd.oasis.opendocument.presentation': 'presentation',
  'application/vnd.oasis.opendocument.spreadsheet': 'file-spreadsheet',
  'application/epub+zip': 'book-2',
  'text/csv': 'file-type-csv',
  'text/html': 'file-type-html',
};

const KIND_ICONS: Partial<Record<SourceKind, string>> = { qa: 'message-question', page: 'link', site: 'world', feed: 'shopping-bag' };

/** Columns of a source but for its text, which may be a megabyte. */
const listed = {
  id: sources.id,
  title: sources.title,
  kind: sources.kind,
  state: sources.state,
  enabled: sources.enabled,
  says: sources.says,
  readAt: sources.readAt,
  updatedAt: sources.updatedAt,
  pages: sources.pages,
  fileMime: sources.fileMime,
  fileBytes: sources.fileBytes,
  progressDone: sources.progressDone,
  progressTotal: sources.progressTotal,
};

type Row = Pick<Source, keyof typeof listed>;

/** A page of the list, what was added last first. */
export function listSources(ws: Workspace, page = 1): ListedSource[] {
  const rows = ws.db
    .select(listed)
    .from(sources)
    .where(ne(sources.state, 'removing'))
    .orderBy(desc(sources.id))
    .limit(SOURCES_A_PAGE)
    .offset((page - 1) * SOURCES_A_PAGE)
    .all();
  return rows.map((row) => listedSource(ws, row));
}

/** One of them; undefined when there is none, or it is being removed. */
export function listedSourceOf(ws: Workspace, id: number): ListedSource | undefined {
  const row = ws.db
    .select(listed)
    .from(sources)
    .where(and(eq(sources.id, id), ne(sources.state, 'removing')))
    .get();
  return row && listedSource(ws, row);
}

function listedSource(ws: Workspace, row: Row): ListedSource {
  const { id, title, kind, state, enabled, says, readAt } = row;
  return {
    id,
    title,
    kind,
    icon: KIND_ICONS[kind] ?? ICONS[row.fileMime ?? ''] ?? 'file-text',
    about: aboutSource(ws, row),
    state,
    enabled,
    says,
    passages: passagesOf(ws, id),
    conflicts: conflictsIn(ws, id),
    readAt,
    progress: state === 'reading' && row.progressTotal > 0 ? progressOf(row, ws.clock.now()) : null,
  };
}

function aboutSource(ws: Workspace, { id, kind, pages, fileBytes }: Row): string {
  switch (kind) {
    case 'text':
      return 'Text';
    case 'qa': {
      const pairs = ws.db.select({ n: count() }).from(questions).where(eq(questions.sourceId, id)).get();
      return pluralText(pairs?.n ?? 0, 'pair');
    }
    case 'page':
      return 'Web page';
    case 'site':
      return pluralText(ws.prepare('SELECT count(*) FROM pages WHERE source_id = ?').pluck().get(id) as number, 'page');
    case 'feed':
      return pluralText(ws.prepare('SELECT count(*) FROM pages WHERE source_id = ?').pluck().get(id) as number, 'item');
    case 'file':
      return [...(pages === null ? [] : [pluralText(pages, 'page')]), bytesText(fileBytes ?? 0)].join(', ');
  }
}

function progressOf({ progressDone: done, progressTotal: total, updatedAt }: Row, now: number): ListedSource['progress'] {
  const left = done === 0 ? 0 : ((now - updatedAt) / done) * (total - done);
  // Less than a few seconds isn't worth a promise.
  const wait = left < 5000 ? '' : left < 60_000 ? `, about ${Math.ceil(left / 10_000) * 10} s left` : `, about ${spanText(left)} left`;
  return { done, total, says: `page ${done} of ${total}${wait}` };
}

function passagesOf(ws: Workspace, id: number): number {
  const row = ws
    .prepare(
      'SELECT count(*) AS n FROM chunks c JOIN sources s ON s.id = c.source_id WHERE c.source_id = ? AND c.generation = s.generation AND c.enabled',
    )
    .get(id) as { n: number };
  return row.n;
}

function conflictsIn(ws: Workspace, id: number): number {
  return ws.prepare("SELECT count(*) FROM edits WHERE source_id = ? AND state <> 'kept'").pluck().get(id) as number;
}

/** How things stand with all of it. */
export function standing(ws: Workspace): Standing {
  const row = ws
    .prepare(
      `SELECT count(*) AS sources, coalesce(sum(state IN ('exploring', 'waiting', 'reading')), 0) AS reading, coalesce(sum(state = 'failed'), 0) AS failed,
        (SELECT count(*) FROM chunks c JOIN sources s ON s.id = c.source_id
          WHERE c.generation = s.generation AND c.enabled AND s.enabled AND s.state <> 'removing') AS passages,
        (SELECT count(*) FROM edits e JOIN sources s ON s.id = e.source_id WHERE e.state <> 'kept' AND s.state <> 'removing') AS conflicts
       FROM sources WHERE state <> 'removing'`,
    )
    .get();
  return row as Standing;
}

/** The line above the list, and what is wrong. */
export function lineOfKnowledge({ sources: all, passages, reading, failed, conflicts }: Standing): { line: string; trouble: string } {
  const line =
    all === 0
      ? 'Your bots know nothing yet.'
      : passages === 0
        ? reading > 0
          ? 'What you gave is being read.'
          : 'There is nothing yet that your bots could look up.'
        : `Your bots can look things up in ${pluralText(passages, 'passage')}.`;
  const troubles = [
    ...(failed === 0 ? [] : [`${capital(wordText(failed))} couldn’t be read.`]),
    ...(conflicts === 0 ? [] : [`${capital(wordText(conflicts))} of your edits ${conflicts === 1 ? 'waits' : 'wait'} for a decision.`]),
  ];
  return { line, trouble: troubles.join(' ') };
}

export interface ShownQuestion {
  id: number;
  question: string;
  answer: string;
}

/** The pairs of a source of questions, in their order. */
export function questionsOf(ws: Workspace, sourceId: number): ShownQuestion[] {
  return ws.db
    .select({ id: questions.id, question: questions.question, answer: questions.answer })
    .from(questions)
    .where(eq(questions.sourceId, sourceId))
    .orderBy(asc(questions.position))
    .all();
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
