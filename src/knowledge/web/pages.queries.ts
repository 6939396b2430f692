/** What the page of a web source shows. */
import { pluralText, spanText } from '../../web/formats.ts';
import type { Workspace } from '../../workspace.ts';
import type { Source } from '../source.ts';
import { rulesOf } from './change-site.ts';
import { keptMs } from './drop-gone.ts';
import type { PageState } from './page-rows.ts';

export const PAGES_A_PAGE = 50;
/** Folders that the preview names; the rest is summed. */
const FOLDERS_SHOWN = 12;
/** A request, its pause and the reading. */
const PAGE_MS = 600;

/** Which pages are listed. */
export const FILTERS = ['all', 'due', 'ready', 'failed', 'skipped', 'gone'] as const;
export type Filter = (typeof FILTERS)[number];

const WHERE: Record<Filter, string> = {
  all: '1',
  due: 'due = 1',
  ready: "state = 'ready'",
  failed: "state = 'failed'",
  skipped: "state = 'skipped'",
  gone: "state = 'gone'",
};

export type PageCounts = Record<Filter, number> & { passages: number };

/** How many pages of each kind a source has, and how many passages were read from them. */
export function pageCounts(ws: Workspace, sourceId: number): PageCounts {
  const sums = FILTERS.map((filter) => `coalesce(sum(${WHERE[filter]}), 0) AS "${filter}"`).join(', ');
  const counts = ws.prepare(`SELECT ${sums} FROM pages WHERE source_id = ?`).get(sourceId) as Record<Filter, number>;
  const passages = ws.prepare('SELECT count(*) FROM chunks WHERE source_id = ? AND generation = 0').pluck().get(sourceId) as number;
  return { ...counts, passages };
}

export interface ListedPage {
  id: number;
  key: string;
  url: string | null;
  title: string;
  state: PageState;
  due: boolean;
  says: string | null;
  passages: number;
  readAt: number | null;
  /** When its passages are dropped. */
  droppedAt: number | null;
}

/** Some pages of a source, those with trouble first. */
export function listPages(ws: Workspace, source: Source, filter: Filter, page: number): ListedPage[] {
  const rows = ws
    .prepare(
      `SELECT id, key, url, title, state, due, says, read_at AS readAt, gone_at AS goneAt,
        (SELECT count(*) FROM chunks c WHERE c.page_id = pages.id AND c.generation = 0) AS passages
       FROM pages WHERE source_id = ? AND ${WHERE[filter]}
       ORDER BY state = 'failed' DESC, depth, id LIMIT ? OFFSET ?`,
    )
    .all(source.id, PAGES_A_PAGE, (page - 1) * PAGES_A_PAGE) as (Omit<ListedPage, 'due' | 'droppedAt'> & {
    due: number;
    goneAt: number | null;
  })[];
  const kept = keptMs(source);
  return rows.map(({ goneAt, due, ...row }) => ({
    ...row,
    due: due === 1,
    droppedAt: row.state === 'gone' && goneAt !== null && kept !== null ? goneAt + kept : null,
  }));
}

export interface Preview {
  folders: { folder: string; pages: number }[];
  pages: number;
  /** An estimate, by the pages that were looked at. */
  passages: number;
  /** About how long the reading takes, in words. */
  time: string;
  byLinks: boolean;
}

/** What will be read: pages by their folders, and what may come of them. */
export function previewOf(ws: Workspace, source: Source, counts: PageCounts): Preview {
  const keys = ws.prepare("SELECT key FROM pages WHERE source_id = ? AND state IN ('found', 'ready')").pluck().all(source.id) as string[];
  const folders = new Map<string, number>();
  for (const key of keys) folders.set(folderOf(key), (folders.get(folderOf(key)) ?? 0) + 1);
  const sorted = [...folders].map(([folder, pages]) => ({ folder, pages })).sort((a, b) => b.pages - a.pages);
  const rest = sorted.slice(FOLDERS_SHOWN).reduce((sum, { pages }) => sum + pages, 0);
  return {
    folders: [...sorted.slice(0, FOLDERS_SHOWN), ...(rest > 0 ? [{ folder: 'elsewhere', pages: rest }] : [])],
    pages: keys.length,
    passages: Math.round((counts.passages / Math.max(1, counts.ready)) * keys.length),
    time: spanText(counts.due * PAGE_MS),
    byLinks: rulesOf(source).from === 'links',
  };
}

function folderOf(key: string): string {
  const [path = '/'] = key.split('?');
  const first = path.indexOf('/', 1);
  return first < 0 ? '/' : path.slice(0, first + 1);
}

/** The line of a web source: how it stands, and whether somebody is wanted. */
export function lineOfWeb(source: Source, counts: PageCounts): { line: string; wanted: boolean } {
  const noun = source.kind === 'feed' ? 'item' : 'page';
  const pages = pluralText(counts.all - counts.skipped, noun);
  const passages = pluralText(counts.passages, 'passage');
  const says = source.says === null ? '' : ` ${source.says}`;
  switch (source.state) {
    case 'exploring':
      if (source.kind === 'feed') return { line: 'The list is being looked at.', wanted: false };
      return {
        line: counts.all === 0 ? 'Its pages are being looked for.' : `Its pages are being looked for; ${pages} found so far.`,
        wanted: false,
      };
    case 'found':
      if (source.kind === 'feed') return { line: 'The list was found. Say which column says what: nothing is used before.', wanted: true };
      return { line: `${pages} found. Say which to read: nothing is used before.`, wanted: true };
    case 'paused':
      return { line: `Paused with ${pluralText(counts.due, noun)} still to be read. What was read is in use.`, wanted: false };
    case 'failed':
      return { line: source.says ?? 'This couldn’t be read.', wanted: true };
    case 'waiting':
    case 'reading':
      if (source.kind === 'feed')
        return { line: `The list is being read, ${pages} so far. What was read before is in use meanwhile.`, wanted: false };
      return { line: `It is being read, ${pluralText(counts.due, noun)} to go. What was read is in use meanwhile.`, wanted: false };
    default:
      if (!source.enabled) return { line: 'It is switched off: no bot looks things up in it.', wanted: false };
      return { line: `Bots can look things up in ${passages} of ${pages}.${says}`, wanted: false };
  }
}
