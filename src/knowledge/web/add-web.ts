import type { SiteRules, SourceRules } from '../../db/schema/knowledge.ts';
import { sources } from '../../db/schema/workspace.ts';
import { OutboundError } from '../../lib/outbound.ts';
import type { Workspace } from '../../workspace.ts';
import { askRefresh } from './refresh-source.ts';

/** A site may have this many pages read at most. */
export const MOST_PAGES = 5000;
export const DEEPEST = 20;
export const LONGEST_KEPT_DAYS = 30;
const USUAL: Omit<SiteRules, 'start' | 'only'> = { depth: 5, most: 500, not: [], keepGoneDays: 14, from: null };
const DAY_HOURS = 24;
const WEEK_HOURS = 7 * DAY_HOURS;
const NO_COLUMNS = { id: null, title: null, description: null, price: null, currency: null, stock: null, link: null };
/** The source points at no generation of passages before its owner's yes. */
export const NOT_YET = -1;

/** It is no address that a page can be read at; `message` is for who typed it. */
export class NoAddress extends Error {}

/**
 * An address as people type it, with or without https://. Plain http is for private addresses, where the operator allows
 * those: of the internet it would let anybody on the way write what bots know. Throws NoAddress.
 */
export function typedAddress(ws: Workspace, typed: string): string {
  const { outbound, settings } = ws.installation;
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`;
  const url = URL.parse(settings.allowPrivate ? text : text.replace(/^http:/i, 'https:'));
  if (!url?.hostname.includes('.') && url?.hostname !== 'localhost')
    throw new NoAddress('This is no whole web address. It looks like example.com/menu.');
  url.hash = '';
  try {
    outbound.to(url.href);
  } catch (cause) {
    throw cause instanceof OutboundError ? new NoAddress(cause.says, { cause }) : cause;
  }
  return url.href;
}

export interface NewWeb {
  /** By `typedAddress`. */
  address: string;
  /** A user's id; null when the software wrote it. */
  by: number | null;
}

/** Adds one web page and returns its source's id. It is read at once, and looked at again every week. */
export function addPage(ws: Workspace, { address, by }: NewWeb): number {
  const site = { ...USUAL, start: address, only: [], depth: 0, most: 1 };
  return add(ws, { kind: 'page', generation: 0, by, address, rules: { site }, refreshHours: WEEK_HOURS });
}

/**
 * Adds a site and returns its source's id. Its pages are looked for at once, and read after `readSite`. Given an address
 * within a folder, the pages of that folder are proposed.
 */
export function addSite(ws: Workspace, { address, by }: NewWeb): number {
  const folder = new URL(address).pathname.replace(/[^/]*$/, '');
  const site = { ...USUAL, start: address, only: folder === '/' ? [] : [folder] };
  return add(ws, { kind: 'site', generation: NOT_YET, by, address, rules: { site }, refreshHours: WEEK_HOURS });
}

/** Adds a product feed and returns its source's id. Its first items are shown, all are read after `readFeed`; it is fetched again every day. */
export function addFeed(ws: Workspace, { address, by }: NewWeb): number {
  const feed = { url: address, columns: [], ...NO_COLUMNS, more: [], keepGoneDays: 1 };
  return add(ws, { kind: 'feed', generation: NOT_YET, by, address, rules: { feed }, refreshHours: DAY_HOURS });
}

type NewSource = Pick<typeof sources.$inferInsert, 'kind' | 'generation' | 'refreshHours'> & NewWeb & { rules: SourceRules };

function add(ws: Workspace, { kind, generation, refreshHours, rules, address, by }: NewSource): number {
  return ws.durable(() => {
    const now = ws.clock.now();
    const source = ws.db
      .insert(sources)
      .values({
        ...{ kind, generation, title: titleOf(address), url: address, state: 'waiting', rules, refreshHours },
        ...{ createdBy: by, createdAt: now, updatedAt: now },
      })
      .returning()
      .get();
    askRefresh(ws, source);
    return source.id;
  });
}

/** "aurora.example/menu": what people call it before they give it a name. */
export function titleOf(address: string): string {
  const { host, pathname } = new URL(address);
  return `${host.replace(/^www\./, '')}${pathname === '/' ? '' : pathname}`.slice(0, 200);
}
