/** Finds out which pages a site has: by its sitemaps, else from its start by links. */
import { setImmediate } from 'node:timers/promises';
import { eq } from '../../db/drizzle.ts';
import { sources } from '../../db/schema/workspace.ts';
import { Unreadable } from '../reading/material.ts';
import { tell } from '../source.ts';
import { cleanAddress, fits, isOfSite, keyOf, overScheme } from './address.ts';
import { addPages, SAYS, type PageState } from './page-rows.ts';
import { dropPages } from './drop-pages.ts';
import type { Site } from './site.ts';
import type { Link } from './web-material.ts';

const SITEMAPS_AT_MOST = 50;
/** An index of indexes is against the standard and seen all the same. */
const DEEPEST = 2;
const AT_A_TIME = 100;
const MARKED_AT_A_TIME = 500;

/**
 * Writes down the site's pages, and which of them are to be fetched. Repeated from its beginning after a stop it does the
 * same. Rejects with SiteUnreadable.
 */
export async function listSite(site: Site): Promise<void> {
  const { ws, source, rules } = site;
  await markAll(site);
  const start = startOf(site);
  if (source.kind === 'site') await dropUnwanted(site, start);
  const whole = source.kind === 'site' ? await readSitemaps(site) : { from: 'links' as const };
  await add(site, [start], false);
  ws.write(() => {
    const now = { ...rules, from: whole.from };
    ws.db
      .update(sources)
      .set({ rules: { site: now }, listing: null })
      .where(eq(sources.id, source.id))
      .run();
    rules.from = whole.from;
    tell(ws, source.id);
  });
}

/** Marks every page that is known: it is due again, and whether it is in the sitemap is to be seen. */
async function markAll(site: Site): Promise<void> {
  const { ws, source, signal } = site;
  const anew = source.listing === 'anew' ? ', etag = NULL, last_modified = NULL, content_hash = NULL' : '';
  // One that was left out for being like so many others stays so, as long as the rules are the same.
  const due = source.listing === 'anew' ? '1' : `coalesce(says, '') <> '${SAYS.shapes}'`;
  const mark = ws.prepare(
    `UPDATE pages SET due = ${due}, failures = 0, listed = 0${anew}
     WHERE id IN (SELECT id FROM pages WHERE source_id = ? AND id > ? ORDER BY id LIMIT ?) RETURNING id`,
  );
  let last = 0;
  for (;;) {
    signal.throwIfAborted();
    const ids = ws.write(() => mark.all(source.id, last, MARKED_AT_A_TIME)) as { id: number }[];
    if (ids.length === 0) return;
    last = Math.max(...ids.map(({ id }) => id));
    await setImmediate();
  }
}

/** What the rules leave out now, and what is more than they allow. */
async function dropUnwanted({ ws, source, rules, signal }: Site, start: Link): Promise<void> {
  let kept = 0;
  const isDropped = ({ key, state }: { key: string; state: PageState }): boolean => {
    if (key !== start.key && !fits(key, rules)) return true;
    if (state !== 'skipped' || key === start.key) kept += 1;
    return kept > rules.most;
  };
  await dropPages(ws, source.id, isDropped, signal);
}

/** Pages out of all sitemaps. One that can't be read leaves what was known from it as it is. */
async function readSitemaps(site: Site): Promise<{ from: 'sitemap' | 'links' }> {
  const named = site.sitemaps.length > 0 ? site.sitemaps : [new URL('/sitemap.xml', site.start).href];
  const waiting = named.map((url) => ({ url, depth: 0 }));
  const seen = new Set<string>();
  let found = 0;
  let whole = true;
  for (let next = waiting.shift(); next && seen.size < SITEMAPS_AT_MOST; next = waiting.shift()) {
    const address = sitemapAddress(next.url, site);
    if (address === null || seen.has(address)) continue;
    seen.add(address);
    const sitemap = await readOne(site, address);
    whole &&= sitemap !== null;
    found += sitemap?.links.length ?? 0;
    await add(site, sitemap?.links ?? [], true);
    const { depth } = next;
    if (depth < DEEPEST) waiting.push(...(sitemap?.sitemaps ?? []).map((url) => ({ url, depth: depth + 1 })));
  }
  // Only a list that is whole says of a page that it isn't on it.
  const from = found > 0 || (!whole && site.rules.from === 'sitemap') ? 'sitemap' : 'links';
  if (from === 'links' || !whole)
    site.ws.write(() => site.ws.prepare('UPDATE pages SET listed = 1 WHERE source_id = ?').run(site.source.id));
  return { from };
}

/** Null when it is there, as far as anybody knows, and couldn't be read. */
async function readOne(site: Site, url: string): Promise<{ links: Link[]; sitemaps: string[] } | null> {
  const fetched = await site.fetchAny(url, site.limits.sitemapBytes);
  if (fetched.became === 'failed' && fetched.temporary) return null;
  if (fetched.became !== 'sent') return { links: [], sitemaps: [] };
  try {
    return await site.read({ kind: 'sitemap', url: fetched.url, bytes: fetched.bytes, most: site.rules.most, site: site.frame });
  } catch (error) {
    if (error instanceof Unreadable) return { links: [], sitemaps: [] };
    throw error;
  }
}

/** A sitemap lies on the site itself: elsewhere it could name anybody's server. */
function sitemapAddress(address: string, { start }: Site): string | null {
  const url = URL.parse(address, start.href);
  if (!url || !isOfSite(overScheme(url, start), start)) return null;
  return url.href;
}

async function add(site: Site, links: readonly Link[], listed: boolean): Promise<void> {
  const { ws, source, rules } = site;
  for (let at = 0; at < links.length; at += AT_A_TIME) {
    site.signal.throwIfAborted();
    ws.write(() => addPages(ws, source.id, links.slice(at, at + AT_A_TIME), { depth: 0, most: rules.most, listed }));
    await setImmediate();
  }
}

function startOf({ start }: Site): Link {
  const url = cleanAddress(start.href) ?? start;
  return { url: url.href, key: keyOf(url), allowed: true };
}
