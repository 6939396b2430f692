/** Fetches one address of a site, and says in plain words why it couldn't. Knows no database. */
import { createHash } from 'node:crypto';
import { OutboundError, type Fetch, type Outbound } from '../../lib/outbound.ts';
import { bytesText } from '../../web/formats.ts';
import { isOfSite, overScheme } from './address.ts';

export interface Asked {
  url: string;
  /** The site's own start: redirects are followed within its host. */
  start: URL;
  userAgent: string;
  etag?: string | null;
  lastModified?: string | null;
  limits: FetchLimits;
  /** What isn't for reading as a page may be of any type: servers call sitemaps many things. */
  anyType?: boolean;
  /** What is larger than its limit is cut there instead of being refused. */
  cut?: boolean;
  /** Redirects to other hosts are followed too: a sheet that is shared as CSV lies on another. None leads to a private address. */
  anyHost?: boolean;
  /** Whether robots.txt allows an address that the server sends us on to. */
  allows(url: string): Promise<boolean>;
}

export interface FetchLimits {
  timeoutMs: number;
  /** Bytes of a page, and of a file that a page is instead. */
  pageBytes: number;
  fileBytes: number;
}

export interface Sent {
  became: 'sent';
  /** Where it was found in the end. */
  url: string;
  type: string;
  bytes: Uint8Array;
  hash: string;
  etag: string | null;
  lastModified: string | null;
  /** X-Robots-Tag. */
  robotsTag: string;
  /** The address that the header Link names as the page's own. */
  canonical: string | null;
}

export type Fetched =
  | Sent
  | { became: 'same' }
  | { became: 'gone' | 'skipped'; says: string }
  | { became: 'failed'; says: string; temporary: boolean; retryAfterMs: number };

const REDIRECTS_AT_MOST = 5;
const LONGEST_WAIT_MS = 60_000;
const PAGES = /^(text\/|application\/(xhtml\+xml|xml)\b|$)/i;
const FILES = /^application\/(pdf|octet-stream|zip|vnd\.|msword|epub)/i;

/** Rejects only with an abort's own reason. */
export async function fetchPage(outbound: Outbound, asked: Asked, signal: AbortSignal): Promise<Fetched> {
  let url = new URL(asked.url);
  try {
    for (let hops = 0; ; hops++) {
      const response = await answerOf(outbound, url, asked, signal);
      const location = response.headers.get('location');
      if (response.status < 300 || response.status === 304 || response.status >= 400 || location === null)
        return await became(response, url, asked, signal);
      await response.body?.cancel();
      const next = URL.parse(location, url.href);
      const refused = await objection(next, hops, asked);
      if (refused !== null || !next) return { became: 'skipped', says: refused ?? '' };
      next.hash = '';
      url = overScheme(next, asked.start);
    }
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    return failed(cause);
  }
}

function answerOf(outbound: Outbound, url: URL, asked: Asked, signal: AbortSignal): Promise<Response> {
  const { etag, lastModified, limits, userAgent } = asked;
  const fetch: Fetch = outbound.to(url.origin, { timeoutMs: limits.timeoutMs, maxBytes: limits.fileBytes });
  return fetch(url, {
    redirect: 'manual',
    signal,
    headers: {
      'User-Agent': userAgent,
      Accept: 'text/html,application/xhtml+xml,application/pdf,text/plain;q=0.9,*/*;q=0.1',
      ...(etag == null ? {} : { 'If-None-Match': etag }),
      ...(lastModified == null ? {} : { 'If-Modified-Since': lastModified }),
    },
  });
}

/** Why a redirect isn't followed; null when it is. */
async function objection(next: URL | null, hops: number, { start, allows, anyHost }: Asked): Promise<string | null> {
  if (!next || !/^https?:$/.test(next.protocol)) return 'The site sends visitors of this page on to an address that is none.';
  if (hops >= REDIRECTS_AT_MOST) return 'The site sends visitors of this page on and on, without an end.';
  if (anyHost !== true && !isOfSite(overScheme(new URL(next), start), start))
    return `The site sends visitors of this page on to ${next.host}, which isn’t part of it.`;
  return anyHost === true || (await allows(next.href))
    ? null
    : 'The site sends visitors of this page on to one that its robots.txt asks not to read.';
}

async function became(response: Response, url: URL, asked: Asked, signal: AbortSignal): Promise<Fetched> {
  const { status, headers } = response;
  if (status !== 200) await response.body?.cancel();
  if (status === 304) return { became: 'same' };
  if (status === 404 || status === 410) return { became: 'gone', says: `The site has no such page (${status}).` };
  if (status !== 200) return refused(status, headers);
  const type = headers.get('content-type') ?? '';
  const isFile = FILES.test(type);
  if (!isFile && !PAGES.test(type) && asked.anyType !== true) {
    await response.body?.cancel();
    return { became: 'skipped', says: `This is no page but ${kindOf(type)}.` };
  }
  const limit = isFile ? asked.limits.fileBytes : asked.limits.pageBytes;
  const { bytes, hash } = await bodyOf(response, { limit, cut: asked.cut === true, timeoutMs: asked.limits.timeoutMs }, signal);
  return {
    ...{ became: 'sent', url: url.href, type, bytes, hash },
    etag: headers.get('etag'),
    lastModified: headers.get('last-modified'),
    robotsTag: headers.get('x-robots-tag') ?? '',
    canonical: /<([^>]+)>\s*;[^,]*rel="?canonical"?/i.exec(headers.get('link') ?? '')?.[1] ?? null,
  };
}

function refused(status: number, headers: Headers): Fetched {
  if (status === 401 || status === 403)
    return failure(`The site refuses to show this page (${status}). It asks for a sign-in, or keeps readers like Deskbell out.`);
  if (status === 429) return failure('The site asks for fewer requests (429). Try again later.', retryAfter(headers));
  if (status >= 500) return failure(`The site has a fault of its own at this page (${status}). Try again later.`, retryAfter(headers));
  return failure(`The site answers with an error at this page (${status}).`);
}

function failure(says: string, retryAfterMs = -1): Fetched {
  return { became: 'failed', says, temporary: retryAfterMs >= 0, retryAfterMs: Math.max(0, retryAfterMs) };
}

/** In seconds; a date is taken for a while. */
function retryAfter(headers: Headers): number {
  const said = headers.get('retry-after');
  if (said === null) return 0;
  return Math.min(LONGEST_WAIT_MS, /^\d{1,6}$/.test(said) ? Number(said) * 1000 : LONGEST_WAIT_MS);
}

class TooLong extends Error {}

/** Read as it comes, and hashed on the way: a large page must not hold up the chats. */
async function bodyOf(
  response: Response,
  { limit, cut, timeoutMs }: { limit: number; cut: boolean; timeoutMs: number },
  signal: AbortSignal,
): Promise<{ bytes: Uint8Array; hash: string }> {
  const hash = createHash('sha256');
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    const body: AsyncIterable<Uint8Array> | never[] = response.body ?? [];
    for await (const part of body) {
      signal.throwIfAborted();
      size += part.byteLength;
      if (size > limit && cut) break;
      if (size > limit) throw new TooLong(`This page is larger than ${bytesText(limit)}, more than Deskbell reads of one page.`);
      hash.update(part);
      parts.push(part);
    }
  } catch (cause) {
    if (cause instanceof OutboundError && cause.kind === 'timeout')
      throw new OutboundError('timeout', `The page didn’t come to its end within ${timeoutMs / 1000} seconds. Try again later.`, { cause });
    throw cause;
  }
  return { bytes: Buffer.concat(parts), hash: hash.digest('base64url') };
}

function failed(cause: unknown): Fetched {
  if (cause instanceof TooLong) return failure(cause.message);
  if (cause instanceof OutboundError) return failure(cause.says, cause.kind === 'unreachable' || cause.kind === 'timeout' ? 0 : -1);
  // What a server sends that is no HTTP; nobody can do more about it than try again.
  if (cause instanceof Error) return failure('The site’s answer couldn’t be understood. Try again later.', 0);
  throw cause;
}

function kindOf(type: string): string {
  const [kind = ''] = type.split(';');
  const names: [RegExp, string][] = [
    [/^image\//i, 'a picture'],
    [/^video\//i, 'a film'],
    [/^audio\//i, 'a recording'],
  ];
  return `${names.find(([sign]) => sign.test(kind))?.[1] ?? 'something else'} (${kind.trim().slice(0, 60)})`;
}
