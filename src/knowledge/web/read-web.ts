/** Reads what was fetched of the web. Runs in a reading thread. Throws Unreadable in words for the page's row. */
import { decodeHtml, fileType } from '../reading/file-type.ts';
import { LIMITS, tooMuchText, type Block, type FileContent, type OnProgress } from '../reading/material.ts';
import { readFile } from '../reading/read-file.ts';
import { parseHtml } from '../reading/read-html.ts';
import { readText } from '../reading/read-text.ts';
import { cleanAddress, isOfSite, keyOf, overScheme } from './address.ts';
import { mainText } from './main-text.ts';
import { pageFacts } from './page-facts.ts';
import { readSitemap } from './read-sitemap.ts';
import { crawlDelayOf, linkOf, linksOf, robotsOf } from './robots-rules.ts';
import type { WebFindings, WebMaterial } from './web-material.ts';

/** Links of one page that are kept. */
const LINKS_AT_MOST = 1000;
const NOTHING: WebFindings = { title: '', canonical: null, noindex: false, links: [], sitemaps: [], crawlDelay: null };

/** `content` is null for what has no text of its own: an answer of robots.txt, a sitemap. */
export async function readWeb(material: WebMaterial, onProgress: OnProgress): Promise<{ content: FileContent | null; web: WebFindings }> {
  switch (material.kind) {
    case 'page':
      return readPage(material, onProgress);
    case 'sitemap':
      return { content: null, web: { ...NOTHING, ...readSitemap(material.bytes, material.url, material.site, material.most) } };
    case 'robots': {
      const { addresses, site } = material;
      const links = addresses.flatMap((address) => linkOf(address, site.start, site) ?? []);
      const sitemaps = robotsOf(site.robots).getSitemaps();
      return { content: null, web: { ...NOTHING, links, sitemaps, crawlDelay: crawlDelayOf(site.robots) } };
    }
  }
}

async function readPage(
  material: WebMaterial & { kind: 'page' },
  onProgress: OnProgress,
): Promise<{ content: FileContent | null; web: WebFindings }> {
  const { bytes, type } = material;
  const found = fileType(bytes);
  if (found === 'pdf' || found === 'archive') return asFile(material.url, await readFile(bytes, onProgress));
  const text = decodeHtml(bytes, type);
  if (text.length > LIMITS.characters) throw tooMuchText();
  // What says of itself that it is plain is plain; a page without a frame is still a page.
  if (/^text\/(plain|markdown)/i.test(type) && found === 'text')
    return asFile(material.url, { blocks: readText(text), pages: null, mime: 'text/plain', leftOut: null });
  return readHtmlPage(text, material);
}

function asFile(url: string, content: FileContent): { content: FileContent; web: WebFindings } {
  const title = fileTitle(url);
  return { content: { ...content, blocks: titled(content.blocks, title) }, web: { ...NOTHING, title } };
}

function readHtmlPage(html: string, { url, site }: WebMaterial & { kind: 'page' }): { content: FileContent; web: WebFindings } {
  const document = parseHtml(html);
  const facts = pageFacts(document, url);
  const blocks = mainText(document);
  const web = {
    ...NOTHING,
    title: facts.title,
    canonical: canonicalOf(facts.canonical, url, site),
    noindex: facts.noindex,
    links: facts.nofollow ? [] : linksOf(facts.links, facts.base, site, LINKS_AT_MOST),
  };
  return { content: { blocks: titled(blocks, facts.title), pages: null, mime: 'text/html', leftOut: null }, web };
}

/** The page's title stands above everything, unless its first heading is it. */
function titled(blocks: readonly Block[], title: string): Block[] {
  const heading = blocks.find(({ kind }) => kind === 'heading');
  if (blocks.length === 0 || title === '' || (heading?.kind === 'heading' && heading === blocks[0] && heading.text === title))
    return [...blocks];
  return [
    { kind: 'heading', level: 0, text: title, page: null },
    ...blocks.filter((block) => !(block.kind === 'heading' && block.text === title)),
  ];
}

function canonicalOf(address: string | null, url: string, site: WebMaterial['site']): WebFindings['canonical'] {
  const named = address === null ? null : cleanAddress(address, url);
  if (!named) return null;
  const start = new URL(site.start);
  if (!isOfSite(named, start)) return 'elsewhere';
  const here = cleanAddress(url);
  if (here && keyOf(overScheme(named, start)) === keyOf(overScheme(here, start))) return null;
  return linkOf(named.href, url, site);
}

/** By what the server says, by what the page says, and where neither is true, by its bytes. */
/** What a file on the web is called: the last part of its address. */
function fileTitle(url: string): string {
  const name = new URL(url).pathname.split('/').findLast((part) => part !== '') ?? '';
  try {
    return decodeURIComponent(name);
  } catch (cause) {
    if (cause instanceof URIError) return name;
    throw cause;
  }
}
