import { gunzipSync } from 'node:zlib';
import { Unreadable } from '../reading/material.ts';
import { linksOf } from './robots-rules.ts';
import type { Link, SiteFrame } from './web-material.ts';

/** The standard's own limit for one sitemap, unfolded. */
const LARGEST = 50 * 1024 * 1024;
const SITEMAPS_AT_MOST = 200;
const LOC = /<loc[^>]*>\s*(?:<!\[CDATA\[)?\s*([^<\]]+?)\s*(?:\]\]>)?\s*<\/loc>/g;

/**
 * Pages, or further sitemaps, out of a sitemap: XML, a list of lines, or either packed by gzip. No XML parser: sitemaps are
 * often a little broken, some are large, and their addresses are all that is wanted. Throws Unreadable.
 */
export function readSitemap(bytes: Uint8Array, url: string, site: SiteFrame, most: number): { links: Link[]; sitemaps: string[] } {
  const text = new TextDecoder().decode(unpacked(bytes)).replace(/<!--[^]*?-->/g, '');
  const isIndex = /<(?:\w+:)?sitemapindex[\s>]/.test(text.slice(0, 4096));
  if (!isIndex && !/<(?:\w+:)?urlset[\s>]/.test(text.slice(0, 4096))) {
    if (/^\s*</.test(text)) throw new Unreadable('There is no sitemap at this address.');
    return { links: linksOf(linesOf(text), url, site, most), sitemaps: [] };
  }
  if (!isIndex) return { links: linksOf(locations(text), url, site, most), sitemaps: [] };
  return { links: [], sitemaps: [...new Set(locations(text))].slice(0, SITEMAPS_AT_MOST) };
}

function unpacked(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: LARGEST });
  } catch (cause) {
    throw new Unreadable('The sitemap can’t be unpacked: it is damaged, or larger than 50 MB.', { cause });
  }
}

function* locations(text: string): Generator<string> {
  for (const [, address = ''] of text.matchAll(LOC)) yield address.replaceAll('&amp;', '&').replaceAll('&#38;', '&');
}

function* linesOf(text: string): Generator<string> {
  for (const line of text.split(/\r?\n/)) if (/^https?:\/\//.test(line.trim())) yield line.trim();
}
