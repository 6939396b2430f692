/** What a page says about itself, beside its text. */
import type { DomElement, DomTree } from '../reading/read-html.ts';

export interface PageFacts {
  title: string;
  base: string;
  canonical: string | null;
  noindex: boolean;
  nofollow: boolean;
  /** As they are written, those that aren't to be followed left out. */
  links: string[];
}

/** So many links of one page are looked at. */
const LINKS_AT_MOST = 3000;
const LONGEST_TITLE = 200;

export function pageFacts(document: DomTree, url: string): PageFacts {
  const robots = [...document.querySelectorAll('meta')]
    .filter((meta) => /^(robots|deskbell)$/i.test(meta.getAttribute('name') ?? ''))
    .flatMap((meta) => (meta.getAttribute('content') ?? '').toLowerCase().split(/[\s,]+/));
  const nofollow = robots.includes('nofollow') || robots.includes('none');
  const base = first(document, 'base[href]')?.getAttribute('href') ?? '';
  return {
    title: titleOf(document),
    base: URL.parse(base, url)?.href ?? url,
    canonical: canonicalOf(document),
    noindex: robots.includes('noindex') || robots.includes('none'),
    nofollow,
    links: nofollow ? [] : linksOf(document),
  };
}

/** The main heading where the title says it too: titles carry the site's name as well. */
function titleOf(document: DomTree): string {
  const title = textOf(first(document, 'title')) || (first(document, 'meta[property="og:title"]')?.getAttribute('content') ?? '').trim();
  const heading = textOf(first(document, 'h1'));
  const best = title === '' || (heading !== '' && title.toLowerCase().includes(heading.toLowerCase())) ? heading : title;
  return [...best].slice(0, LONGEST_TITLE).join('');
}

function canonicalOf(document: DomTree): string | null {
  for (const link of document.querySelectorAll('link[href]')) if (relOf(link).includes('canonical')) return link.getAttribute('href');
  return null;
}

function linksOf(document: DomTree): string[] {
  const links: string[] = [];
  for (const link of document.querySelectorAll('a[href], area[href]')) {
    if (links.length >= LINKS_AT_MOST) break;
    if (!relOf(link).includes('nofollow')) links.push(link.getAttribute('href') ?? '');
  }
  return links;
}

function relOf(element: DomElement): string[] {
  return (element.getAttribute('rel') ?? '').toLowerCase().split(/\s+/);
}

function first(document: DomTree, selector: string): DomElement | undefined {
  for (const element of document.querySelectorAll(selector)) return element;
  return undefined;
}

function textOf(element: DomElement | undefined): string {
  return (element?.textContent ?? '').replace(/\s+/g, ' ').trim();
}
