/** Fetches a product feed and takes over what has changed, item by item. */
import { setImmediate } from 'node:timers/promises';
import { eq } from '../../db/drizzle.ts';
import type { FeedRules } from '../../db/schema/knowledge.ts';
import { pages, sources } from '../../db/schema/workspace.ts';
import type { Job } from '../../jobs/job.ts';
import { Unreadable, type Chunk } from '../reading/material.ts';
import { numberText } from '../../web/formats.ts';
import { tell, type Source } from '../source.ts';
import { dropPages } from '../web/drop-pages.ts';
import { endPass, teller } from '../web/end-pass.ts';
import { settlePage } from '../web/page-rows.ts';
import { replaceChunks } from '../web/replace-chunks.ts';
import type { Site } from '../web/site.ts';
import { ITEMS_AT_MOST, type FeedFindings, type FeedItem, type FeedMaterial } from './feed-material.ts';

/** So many are shown before their owner agrees. */
const SHOWN_FIRST = 3;
const AT_A_TIME = 100;
const MARKED_AT_A_TIME = 200;

/** Repeated from its beginning after a stop it does the same: what was taken over has not changed any more. */
export async function takeFeed(site: Site, job: Job): Promise<void> {
  const { ws, source } = site;
  const fetched = await site.fetchAny(feedOf(site).url, site.limits.fileBytes, { anyHost: true, ...versionOf(source) });
  if (fetched.became !== 'sent') {
    const says = fetched.became === 'same' ? null : fetched.says;
    await job.finish(() => endPass(ws, source.id, says));
    return;
  }
  let taken: Taken;
  try {
    taken = await take(site, { kind: 'feed', bytes: shared(fetched.bytes), hash: fetched.hash });
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    await job.finish(() => endPass(ws, source.id, error.message));
    return;
  }
  const { more, whole } = taken;
  await job.finish(() => {
    const now = ws.db.select().from(sources).where(eq(sources.id, source.id)).get();
    if (now?.state === 'exploring') ws.db.update(sources).set({ state: 'found' }).where(eq(sources.id, source.id)).run();
    else if (now?.state === 'reading') endPass(ws, source.id, null);
    const says = `Of this list the first ${numberText(ITEMS_AT_MOST)} items are read, ${numberText(more)} are not.`;
    if (whole) ws.db.update(sources).set({ etag: fetched.etag, lastModified: fetched.lastModified }).where(eq(sources.id, source.id)).run();
    if (more > 0) ws.db.update(sources).set({ says }).where(eq(sources.id, source.id)).run();
    tell(ws, source.id);
  });
}

interface Taken {
  /** How many items were too many. */
  more: number;
  /** All that the list holds is taken over as it stands there. */
  whole: boolean;
}

/** By other columns the same list makes other items. */
function versionOf({ listing, etag, lastModified }: Source): Pick<Source, 'etag' | 'lastModified'> {
  return listing === 'anew' ? { etag: null, lastModified: null } : { etag, lastModified };
}

async function take(site: Site, material: Pick<FeedMaterial, 'kind' | 'bytes' | 'hash'>): Promise<Taken> {
  const { ws, source, signal } = site;
  const { feed } = await read(site, { ...material, rules: feedOf(site), keys: null });
  ws.write(() => {
    ws.db
      .update(sources)
      .set({ rules: { feed: feed.rules }, listing: null, etag: null, lastModified: null })
      .where(eq(sources.id, source.id))
      .run();
    tell(ws, source.id);
  });
  const known = knownItems(site);
  const items = source.state === 'exploring' ? feed.items.slice(0, SHOWN_FIRST) : feed.items;
  if (source.state !== 'exploring' || source.listing === 'anew') await markGone(site, new Set(items.map(({ key }) => key)));
  const changed = items.filter(({ key, hash }) => known.get(key) !== hash);
  const progress = teller(ws, source.id);
  let left = changed.length;
  for (let at = 0; at < changed.length && isWanted(site); at += AT_A_TIME) {
    signal.throwIfAborted();
    const keys = changed.slice(at, at + AT_A_TIME).map(({ key }) => key);
    const { feed: some, chunks } = await read(site, { ...material, rules: feed.rules, keys });
    for (const [place, item] of some.items.entries()) {
      const chunk = chunks[place];
      if (chunk && (await takeItem(site, item, chunk))) left -= 1;
      progress();
    }
  }
  return { more: feed.more, whole: left === 0 && feed.more === 0 && source.state !== 'exploring' };
}

async function read(site: Site, material: FeedMaterial): Promise<{ feed: FeedFindings; chunks: Chunk[] }> {
  const { feed, chunks } = await site.readAny(material);
  if (!feed) throw new Error('a reading thread found nothing in a feed, not even that');
  return { feed, chunks };
}

/** The hash that each item had when it was taken over. One that had vanished, and is here again, is taken over anew. */
function knownItems({ ws, source }: Site): Map<string, string | null> {
  const rows = ws.prepare("SELECT key, content_hash FROM pages WHERE source_id = ? AND state = 'ready'").raw().all(source.id);
  return new Map(rows as [string, string | null][]);
}

/** Resolves with whether it was: one that somebody edits in this moment isn't. */
async function takeItem({ ws, source, signal }: Site, item: FeedItem, chunk: Chunk): Promise<boolean> {
  const { key, title, url, hash } = item;
  const now = ws.clock.now();
  const { id } = ws.write(() =>
    ws.db
      .insert(pages)
      .values({ sourceId: source.id, key, url, title, state: 'found', foundAt: now, shape: '' })
      .onConflictDoUpdate({ target: [pages.sourceId, pages.key], set: { listed: true } })
      .returning({ id: pages.id })
      .get(),
  );
  const settle = (edited: boolean): boolean => {
    // One that somebody edits in this moment keeps its old hash, and is taken over the next time.
    if (edited)
      settlePage(ws, id, {
        state: 'ready',
        title,
        url,
        says: null,
        contentHash: hash,
        language: chunk.language,
        readAt: now,
        goneAt: null,
      });
    return edited;
  };
  const taken = await replaceChunks(ws, { sourceId: source.id, pageId: id }, [chunk], settle, signal);
  await setImmediate();
  return taken;
}

/** What isn't in the list any more answers on until its days are over; after other rules, not at all. */
async function markGone(site: Site, listed: ReadonlySet<string>): Promise<void> {
  const { ws, source, signal } = site;
  if (source.listing === 'anew') {
    await dropPages(ws, source.id, ({ key }) => !listed.has(key), signal);
    return;
  }
  const rows = ws.prepare("SELECT id, key FROM pages WHERE source_id = ? AND state <> 'gone'").all(source.id) as {
    id: number;
    key: string;
  }[];
  const gone = rows.filter(({ key }) => !listed.has(key));
  for (let at = 0; at < gone.length; at += MARKED_AT_A_TIME) {
    ws.write(() => {
      for (const { id } of gone.slice(at, at + MARKED_AT_A_TIME))
        settlePage(ws, id, { state: 'gone', says: 'It isn’t in the list any more.', goneAt: ws.clock.now() });
    });
    await setImmediate();
  }
}

/** False once somebody paused or removed it. */
function isWanted({ ws, source }: Site): boolean {
  const state = ws.db.select({ state: sources.state }).from(sources).where(eq(sources.id, source.id)).get()?.state;
  return state === 'reading' || state === 'exploring';
}

function feedOf({ source: { id, rules } }: Site): FeedRules {
  if (!rules || !('feed' in rules)) throw new Error(`source ${id} is no feed`);
  return rules.feed;
}

/** In memory that every thread sees: a large feed is handed over many times. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.byteLength));
  copy.set(bytes);
  return copy;
}
