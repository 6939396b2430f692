/** What its owner decides about a site: its rules, the yes, a pause. */
import { eq } from '../../db/drizzle.ts';
import type { SiteRules } from '../../db/schema/knowledge.ts';
import { pages, sources } from '../../db/schema/workspace.ts';
import { enqueue } from '../../jobs/enqueue.ts';
import type { Workspace } from '../../workspace.ts';
import { NoSource, sourceOf, tell, type Source } from '../source.ts';
import { askEmbedding } from '../vectors/ask-embedding.ts';
import { pageOf } from './page-rows.ts';

export type ChosenRules = Pick<SiteRules, 'depth' | 'most' | 'only' | 'not' | 'keepGoneDays'>;

/**
 * Looks for the site's pages once more, by these rules; what they leave out is dropped. Where the owner has agreed before,
 * they are read as well. Throws NoSource.
 */
export function lookAgain(ws: Workspace, id: number, chosen: ChosenRules): void {
  ws.durable(() => {
    const source = siteOf(ws, id);
    const state = source.generation < 0 ? 'exploring' : 'waiting';
    const { rules, listing } = withRules(source, chosen);
    askWith(ws, id, { state, says: null, rules, listing: listing ?? 'refresh' });
  });
}

/** The owner's yes: the pages that were found are read by these rules, those that were looked at are in use at once. Throws NoSource. */
export function readSite(ws: Workspace, id: number, chosen: Partial<ChosenRules> = {}): void {
  ws.durable(() => {
    const source = siteOf(ws, id);
    askWith(ws, id, { state: 'waiting', says: null, generation: 0, ...withRules(source, chosen) });
    askEmbedding(ws);
  });
}

/** With other rules what is known of the pages counts no more. */
function withRules(source: Source, chosen: Partial<ChosenRules>): Pick<Source, 'rules' | 'listing'> {
  const before = rulesOf(source);
  const site = { ...before, ...chosen };
  return { rules: { site }, listing: JSON.stringify(site) === JSON.stringify(before) ? source.listing : 'anew' };
}

/** The page that is being read is read to its end. Throws NoSource. */
export function pauseReading(ws: Workspace, id: number): void {
  ws.durable(() => {
    const { state } = webSourceOf(ws, id);
    if (state === 'exploring' || state === 'waiting' || state === 'reading') update(ws, id, { state: 'paused' });
  });
}

/** Goes on where it stopped. Throws NoSource. */
export function resumeReading(ws: Workspace, id: number): void {
  ws.durable(() => {
    const { state, generation } = webSourceOf(ws, id);
    if (state !== 'paused') return;
    askWith(ws, id, { state: generation < 0 ? 'exploring' : 'waiting' });
  });
}

/** Tries a page again, whatever became of it. Throws NoSource. */
export function retryPage(ws: Workspace, id: number, pageId: number): void {
  ws.durable(() => {
    const source = webSourceOf(ws, id);
    rulesOf(source);
    if (!pageOf(ws, id, pageId)) throw new NoSource(`page ${pageId}`);
    // It is read as if nothing were known of it, also where its server says that it hasn't changed.
    ws.db
      .update(pages)
      .set({ due: true, failures: 0, contentHash: null, etag: null, lastModified: null })
      .where(eq(pages.id, pageId))
      .run();
    goOn(ws, source);
  });
}

/** Tries all that failed again. Throws NoSource. */
export function retryFailed(ws: Workspace, id: number): void {
  ws.durable(() => {
    const source = webSourceOf(ws, id);
    ws.prepare("UPDATE pages SET due = 1, failures = 0 WHERE source_id = ? AND state = 'failed'").run(id);
    goOn(ws, source);
  });
}

/** Reads what is due now. Where that waits for a yes or for the end of a pause, it waits too. */
function goOn(ws: Workspace, { id, state }: Source): void {
  if (state === 'ready' || state === 'failed') update(ws, id, { state: 'waiting', says: null });
  ask(ws, id);
}

/** Changes a source and asks for it to be read, inside a transaction. */
export function askWith(ws: Workspace, id: number, change: Partial<Source>): void {
  update(ws, id, change);
  ask(ws, id);
}

function update(ws: Workspace, id: number, change: Partial<Source>): void {
  ws.db
    .update(sources)
    .set({ ...change, updatedAt: ws.clock.now() })
    .where(eq(sources.id, id))
    .run();
  tell(ws, id);
}

function ask(ws: Workspace, id: number): void {
  enqueue(ws, { kind: 'read-pages', key: String(id), payload: { sourceId: id } });
}

function webSourceOf(ws: Workspace, id: number): Source {
  const source = sourceOf(ws, id);
  if (source.rules === null) throw new NoSource(`source ${id} isn't read from the web`);
  return source;
}

function siteOf(ws: Workspace, id: number): Source {
  const source = webSourceOf(ws, id);
  if (source.kind !== 'site') throw new NoSource(`source ${id} is no site`);
  return source;
}

/** Throws NoSource for a feed. */
export function rulesOf({ rules }: Pick<Source, 'rules'>): SiteRules {
  if (!rules || !('site' in rules)) throw new NoSource('it has no rules of a site');
  return rules.site;
}
