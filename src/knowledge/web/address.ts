/** Addresses of a site's pages: which are the same, which belong to it, which its owner wants. */
import type { SiteRules } from '../../db/schema/knowledge.ts';

/** Nothing on a page is worth an address longer than this; traps make such. */
const LONGEST = 800;
const DEEPEST = 16;
/** A folder within itself, again and again: a relative link that misses its base. */
const REPEATED = 3;

/** Says where a visitor came from or who it is, never what the page is. */
const NOISE =
  /^(utm_.*|gclid|gbraid|wbraid|fbclid|msclkid|yclid|dclid|twclid|igshid|mc_[ce]id|_ga|_gl|_hs\w+|hsctatracking|mkt_tok|oly_\w+|vero_\w+|ref|referrer|phpsessid|jsessionid|sid|sessionid|session_id|aspsessionid\w*|cfid|cftoken|replytocom|print)$/i;
const SESSION = /;(?:jsessionid|phpsessid|sid)=[^/?#]*/i;
/** What no page is. PDF and Word files stay: they are read as such. */
const OTHER_FILES =
  /\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|mp3|mp4|m4[av]|mov|avi|webm|ogg|wav|zip|gz|tgz|rar|7z|exe|dmg|apk|iso|css|js|mjs|map|json|xml|rss|atom|ics|vcf|woff2?|ttf|eot)$/i;

/** An address without what makes the same page look like many: fragment, tracking, sessions, the order of its query. Null when it can be none of a page. */
export function cleanAddress(address: string, base?: string): URL | null {
  const url = URL.parse(address, base);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '' || url.password !== '') return null;
  url.hash = '';
  url.pathname = url.pathname.replace(SESSION, '').replace(/\/{2,}/g, '/');
  // As they are written: a site may tell ?about from ?about=.
  const asked = url.search.slice(1).split('&');
  url.search = asked
    .filter((each) => each !== '' && !NOISE.test(each.split('=')[0] ?? ''))
    .sort()
    .join('&');
  return url.href.length > LONGEST || isTrap(url.pathname) ? null : url;
}

/** The same host, or its twin with or without www. */
export function isOfSite(url: URL, start: URL): boolean {
  return hostOf(url) === hostOf(start) && url.port === start.port;
}

/** A host and its twin count as one, also for how often it is asked. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^www\./, '');
}

/** What a page is known by within its site. */
export function keyOf(url: URL): string {
  return url.pathname + url.search;
}

/** The same address over the scheme that its site begins with: a link to the other one is an old link. */
export function overScheme(url: URL, start: URL): URL {
  if (url.protocol !== start.protocol && isOfSite(url, start)) url.protocol = start.protocol;
  return url;
}

export function isOtherFile(url: URL): boolean {
  return OTHER_FILES.test(url.pathname);
}

/** A key with each number as one sign, and of its query the names alone. */
export function shapeOf(key: string): string {
  const [path = '', query = ''] = key.split('?');
  const names = query.split('&').map((each) => each.split('=')[0] ?? '');
  return `${path.replace(/\d+/g, '#')}${query === '' ? '' : `?${names.join('&')}`}`;
}

/** Whether the owner wants a page with this key. */
export function fits(key: string, { only, not }: Pick<SiteRules, 'only' | 'not'>): boolean {
  return (only.length === 0 || only.some((beginning) => key.startsWith(beginning))) && !not.some((beginning) => key.startsWith(beginning));
}

function isTrap(path: string): boolean {
  const parts = path.split('/').filter((part) => part !== '');
  if (parts.length > DEEPEST) return true;
  const counts = new Map<string, number>();
  for (const part of parts) counts.set(part, (counts.get(part) ?? 0) + 1);
  return [...counts.values()].some((count) => count > REPEATED);
}
