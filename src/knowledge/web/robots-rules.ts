/** robots.txt, read in a reading thread: its patterns can be made to cost much. */
import { createRequire } from 'node:module';
import type robotsParserModule from 'robots-parser';
import { cleanAddress, fits, isOfSite, isOtherFile, keyOf, overScheme } from './address.ts';
import type { Link, SiteFrame } from './web-material.ts';

/** The name that sites know Deskbell's reader by. */
const AGENT = 'Deskbell';
/** Rules are about paths; where they were fetched doesn't matter to the parser as long as it is the same. */
const PLACE = 'https://site.invalid';

type Parse = typeof robotsParserModule.default;
type Robots = ReturnType<Parse>;

/** Its types promise a default that the module doesn't have. */
const robotsParser = createRequire(import.meta.url)('robots-parser') as Parse;

let last: { text: string; rules: Robots } | undefined;

export function robotsOf(text: string): Robots {
  if (last?.text !== text) last = { text, rules: robotsParser(`${PLACE}/robots.txt`, text.replace(/^\uFEFF/, '')) };
  return last.rules;
}

export function crawlDelayOf(text: string): number | null {
  return robotsOf(text).getCrawlDelay(AGENT) ?? null;
}

/** An address of the site as it is kept; null for what is none of its pages. */
export function linkOf(address: string, base: string, site: SiteFrame): Link | null {
  const start = new URL(site.start);
  const url = cleanAddress(address, base);
  if (!url || !isOfSite(url, start) || isOtherFile(url)) return null;
  const key = keyOf(overScheme(url, start));
  return { url: url.href, key, allowed: robotsOf(site.robots).isAllowed(`${PLACE}${key}`, AGENT) ?? true };
}

/** The addresses of the site's pages that its owner wants, each once, `most` of them. */
export function linksOf(addresses: Iterable<string>, base: string, site: SiteFrame, most: number): Link[] {
  const links = new Map<string, Link>();
  for (const address of addresses) {
    if (links.size >= most) break;
    const link = linkOf(address, base, site);
    if (link && fits(link.key, site)) links.set(link.key, links.get(link.key) ?? link);
  }
  return [...links.values()];
}
