/** One page: fetched, read, its passages replaced, its links written down. */
import { setImmediate } from 'node:timers/promises';
import { and, eq } from '../../db/drizzle.ts';
import { sources } from '../../db/schema/workspace.ts';
import { Unreadable, type Reading } from '../reading/material.ts';
import { titleOf } from './add-web.ts';
import { cleanAddress, fits, isOfSite, keyOf, overScheme } from './address.ts';
import type { Fetched, Sent } from './fetch-page.ts';
import { addPages, pageWith, SAYS, settlePage, type Page } from './page-rows.ts';
import { dropPageChunks, replaceChunks } from './replace-chunks.ts';
import type { Site } from './site.ts';
import type { Link, WebFindings } from './web-material.ts';

const LINKS_AT_A_TIME = 50;
/** A fault that may pass is met so often before the page counts as failed. */
const TRIES = 2;
const NO_TEXT = 'There is no text on this page. What scripts draw can’t be read: paste its text instead.';

/** What became of it: 'answered' also where the answer was that there is nothing to read. */
export type Visit = 'answered' | 'failed' | 'again';

/** Visits a page and writes down what became of it. Rejects with the signal's reason. */
export async function visitPage(site: Site, page: Page): Promise<Visit> {
  const url = page.url ?? site.start.href;
  if (!(await site.allows(url))) return skip(site, page, SAYS.robots);
  const isRead = page.contentHash !== null;
  const fetched = await site.fetch(url, isRead ? { etag: page.etag, lastModified: page.lastModified } : {});
  switch (fetched.became) {
    case 'same':
      return stay(site, page);
    case 'gone':
      return vanish(site, page, fetched.says);
    case 'skipped':
      return skip(site, page, fetched.says);
    case 'failed':
      return fail(site, page, fetched);
    case 'sent':
      return fetched.hash === page.contentHash ? stay(site, page, fetched) : take(site, page, fetched);
  }
}

/** It says what it said. */
function stay({ ws }: Site, page: Page, sent?: Sent): Visit {
  const known = sent ? { etag: sent.etag, lastModified: sent.lastModified } : {};
  ws.write(() => settlePage(ws, page.id, { ...known, state: 'ready', says: null, failures: 0, goneAt: null, readAt: ws.clock.now() }));
  return 'answered';
}

/** What was read of it answers on, until it is dropped. */
function vanish({ ws }: Site, page: Page, says: string): Visit {
  ws.write(() => settlePage(ws, page.id, { state: 'gone', says, goneAt: page.goneAt ?? ws.clock.now() }));
  return 'answered';
}

async function skip({ ws, source, signal }: Site, page: Page, says: string): Promise<Visit> {
  await dropPageChunks(ws, { sourceId: source.id, pageId: page.id }, signal);
  ws.write(() =>
    settlePage(ws, page.id, { state: 'skipped', says, contentHash: null, etag: null, lastModified: null, failures: 0, goneAt: null }),
  );
  return 'answered';
}

function fail(site: Site, page: Page, { says, temporary }: Fetched & { became: 'failed' }): Visit {
  const { ws } = site;
  const failures = page.failures + 1;
  if (temporary && failures < TRIES) {
    ws.write(() => settlePage(ws, page.id, { due: true, failures }));
    return 'again';
  }
  // Out of the sitemap and not to be had: it has gone. In it, it is only ill.
  if (page.state === 'gone') vanish(site, page, says);
  else if (!page.listed) vanish(site, page, `It isn’t in the sitemap any more. ${says}`);
  else ws.write(() => settlePage(ws, page.id, { state: 'failed', says, failures }));
  return temporary ? 'failed' : 'answered';
}

async function take(site: Site, page: Page, sent: Sent): Promise<Visit> {
  const here = withAddress(site, page, sent);
  if (!here) return skip(site, page, `The site sends visitors of this page on to ${pathOf(sent.url)}, which is read in its place.`);
  let found: WebFindings & { reading: Reading };
  try {
    found = await site.read({ kind: 'page', url: sent.url, type: sent.type, bytes: sent.bytes, site: site.frame });
  } catch (error) {
    if (site.signal.aborted) throw error;
    if (!(error instanceof Unreadable)) site.ws.installation.log.error({ err: error, workspace: site.ws.id }, 'a page could not be read');
    const says =
      error instanceof Unreadable ? error.message : 'Reading this page failed in Deskbell itself. The log of the server says why.';
    return fail(site, here, { became: 'failed', says, temporary: false, retryAfterMs: 0 });
  }
  const tags = tagsOf(sent.robotsTag);
  if (!tags.nofollow) await follow(site, here, found.links);
  const objection = await objectionTo(site, here, { ...found, noindex: found.noindex || tags.noindex }, sent);
  if (objection !== null) return skip(site, here, objection);
  if (found.reading.chunks.length === 0) return skip(site, here, NO_TEXT);
  return write(site, here, sent, found);
}

/** The page under the address that it was found at in the end; null when that is another row's. */
function withAddress({ ws, source, start }: Site, page: Page, sent: Sent): Page | null {
  const url = cleanAddress(sent.url);
  const key = url && keyOf(overScheme(url, start));
  if (key === null || key === page.key) return page;
  const other = pageWith(ws, source.id, key);
  if (other) return null;
  ws.write(() => settlePage(ws, page.id, { key, url: sent.url, due: true }));
  return { ...page, key, url: sent.url };
}

async function follow({ ws, source, rules, signal }: Site, page: Page, links: readonly Link[]): Promise<void> {
  if (rules.from !== 'links' || page.depth >= rules.depth) return;
  for (let at = 0; at < links.length; at += LINKS_AT_A_TIME) {
    signal.throwIfAborted();
    const some = links.slice(at, at + LINKS_AT_A_TIME);
    ws.write(() => addPages(ws, source.id, some, { depth: page.depth + 1, most: rules.most, listed: false }));
    await setImmediate();
  }
}

/**
 * Why a page of a site isn't read, by its own word. A page that was given by itself is read all the same: noindex and
 * canonical are for those who gather pages, and its owner has named this one.
 */
async function objectionTo(site: Site, page: Page, { noindex, canonical }: WebFindings, sent: Sent): Promise<string | null> {
  const { ws, source, rules, start } = site;
  if (source.kind === 'page') return null;
  if (!fits(page.key, rules)) return 'It isn’t among the pages that you chose; only its links were followed.';
  if (noindex) return SAYS.noindex;
  const named = canonical ?? (sent.canonical === null ? null : await headerCanonical(site, page, sent));
  if (named === 'elsewhere') return 'It names a page of another site as the original.';
  if (named === null || !isOfSite(new URL(named.url), start)) return null;
  // Two that name each other: one of them has to be read.
  if (pageWith(ws, source.id, named.key)?.state === 'skipped') return null;
  if (fits(named.key, rules)) ws.write(() => addPages(ws, source.id, [named], { depth: page.depth, most: rules.most + 1, listed: true }));
  return `It names ${pathOf(named.url)} as the original, which is read in its place.`;
}

async function headerCanonical(site: Site, page: Page, sent: Sent): Promise<Link | 'elsewhere' | null> {
  const url = cleanAddress(sent.canonical ?? '', sent.url);
  if (!url) return null;
  if (!isOfSite(url, site.start)) return 'elsewhere';
  const [link] = (await site.ask([url.href])).links;
  return link && link.key !== page.key ? link : null;
}

async function write(site: Site, page: Page, sent: Sent, { title, reading }: WebFindings & { reading: Reading }): Promise<Visit> {
  const { ws, source, signal } = site;
  const { etag, lastModified, hash } = sent;
  const known = { title, url: sent.url, language: reading.language, etag, lastModified, contentHash: hash };
  const settle = (edited: boolean): boolean => {
    if (!edited) return false;
    settlePage(ws, page.id, { ...known, state: 'ready', says: reading.leftOut, failures: 0, goneAt: null, readAt: ws.clock.now() });
    if (source.kind === 'page' && title !== '') nameAfter(site, title);
    return true;
  };
  await replaceChunks(ws, { sourceId: source.id, pageId: page.id }, reading.chunks, settle, signal);
  return 'answered';
}

/** A page that nobody has named yet is called as it calls itself. */
function nameAfter({ ws, source, rules }: Site, title: string): void {
  ws.db
    .update(sources)
    .set({ title })
    .where(and(eq(sources.id, source.id), eq(sources.title, titleOf(rules.start))))
    .run();
}

/** Of X-Robots-Tag, what is said to everybody or to Deskbell by name. */
function tagsOf(header: string): { noindex: boolean; nofollow: boolean } {
  const said = header
    .toLowerCase()
    .split(',')
    .flatMap((part) => {
      const [, agent, rule = ''] = /^\s*(?:([\w-]+)\s*:)?\s*([\w-]+)/.exec(part) ?? [];
      return agent === undefined || agent === 'deskbell' ? [rule] : [];
    });
  const none = said.includes('none');
  return { noindex: none || said.includes('noindex'), nofollow: none || said.includes('nofollow') };
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}
