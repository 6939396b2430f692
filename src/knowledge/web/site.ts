/** One site as a run of its job knows it: its rules, its robots.txt, and the one way its server is asked. */
import type { SiteRules } from '../../db/schema/knowledge.ts';
import type { Workspace } from '../../workspace.ts';
import type { Material, Reading } from '../reading/material.ts';
import { threads } from '../reading/threads.ts';
import type { Source } from '../source.ts';
import { hostOf } from './address.ts';
import { fetchPage, type Asked, type Fetched, type FetchLimits } from './fetch-page.ts';
import type { Politeness } from './polite.ts';
import type { SiteFrame, WebFindings, WebMaterial } from './web-material.ts';

export interface ReaderLimits extends FetchLimits {
  /** Between the end of a request and the next to the same host, ms, where robots.txt doesn't ask for more. */
  pauseMs: number;
  sitemapBytes: number;
  /** The longest pause that a robots.txt may ask for: a site of a thousand pages would else take weeks. */
  longestPauseMs: number;
}

export const LIMITS: ReaderLimits = {
  pauseMs: 250,
  timeoutMs: 30_000,
  pageBytes: 5_000_000,
  fileBytes: 25_000_000,
  sitemapBytes: 10_000_000,
  longestPauseMs: 30_000,
};

/** The standard's own: what stands behind it needn't be read. */
const LARGEST_ROBOTS = 500 * 1024;
const ROBOTS_LIVE_MS = 3600_000;
const ROBOTS_AT_MOST = 50;

/** Nothing of the site can be read now; `message` is for its owner. */
export class SiteUnreadable extends Error {}

interface Robots {
  text: string;
  sitemaps: string[];
  pauseMs: number;
  until: number;
}

/** A pass of a site takes many runs; robots.txt isn't fetched for each. */
const known = new Map<string, Robots>();

export class Site {
  readonly ws: Workspace;
  readonly source: Source;
  readonly rules: SiteRules;
  readonly start: URL;
  readonly limits: ReaderLimits;
  readonly signal: AbortSignal;
  readonly #politeness: Politeness;
  #robots: Robots = { text: '', sitemaps: [], pauseMs: 0, until: 0 };

  constructor(
    ws: Workspace,
    source: Source,
    { politeness, limits, signal }: { politeness: Politeness; limits: ReaderLimits; signal: AbortSignal },
  ) {
    this.ws = ws;
    this.source = source;
    this.rules = rulesOf(source);
    this.start = new URL(this.rules.start);
    this.limits = limits;
    this.signal = signal;
    this.#politeness = politeness;
  }

  /** Sitemaps that robots.txt names. */
  get sitemaps(): readonly string[] {
    return this.#robots.sitemaps;
  }

  /** Fetches robots.txt, where the one that is known is old. Rejects with SiteUnreadable: what can't be asked doesn't allow. */
  async meet(): Promise<void> {
    const { origin } = this.start;
    const before = known.get(origin);
    const now = this.ws.clock.now();
    if (before && before.until > now) {
      this.#robots = before;
      return;
    }
    const text = await this.#robotsText();
    this.#robots = { ...this.#robots, text };
    const { sitemaps, crawlDelay } = await this.ask([]);
    const pauseMs = Math.min(this.limits.longestPauseMs, Math.max(0, crawlDelay ?? 0) * 1000);
    this.#robots = { text, sitemaps, pauseMs, until: now + ROBOTS_LIVE_MS };
    if (known.size >= ROBOTS_AT_MOST) known.clear();
    known.set(origin, this.#robots);
  }

  /** Asks robots.txt, in a thread. */
  ask(addresses: string[]): Promise<WebFindings> {
    return this.read({ kind: 'robots', addresses, site: this.frame });
  }

  async allows(url: string): Promise<boolean> {
    const { links } = await this.ask([url]);
    // What is no page of the site isn't robots.txt's to refuse.
    return links[0]?.allowed ?? true;
  }

  get frame(): SiteFrame {
    const { start, only, not } = this.rules;
    return { start, only, not, robots: this.#robots.text };
  }

  /** In a reading thread; rejects with Unreadable. */
  async read(material: WebMaterial): Promise<WebFindings & { reading: Reading }> {
    const reading = await this.readAny(material);
    if (!reading.web) throw new Error('a reading thread found nothing on a page, not even that');
    return { ...reading.web, reading };
  }

  readAny(material: Material): Promise<Reading> {
    return threads.read(material, () => undefined, this.signal);
  }

  /** Fetches a page when it is the host's turn. */
  fetch(url: string, known: { etag?: string | null; lastModified?: string | null } = {}): Promise<Fetched> {
    return this.#inTurn({ url, ...known, limits: this.limits });
  }

  /** Fetches what is no page, of whatever type its server says it is. */
  fetchAny(url: string, bytes: number, more: Pick<Asked, 'cut' | 'anyHost' | 'etag' | 'lastModified'> = {}): Promise<Fetched> {
    return this.#inTurn({ url, anyType: true, ...more, limits: { ...this.limits, pageBytes: bytes, fileBytes: bytes } });
  }

  async #inTurn(asked: Pick<Asked, 'url' | 'etag' | 'lastModified' | 'limits' | 'anyType' | 'cut' | 'anyHost'>): Promise<Fetched> {
    const { ws, start, signal } = this;
    const host = hostOf(start) + start.port;
    const pauseMs = Math.max(this.limits.pauseMs, this.#robots.pauseMs);
    const whole: Asked = { ...asked, start, userAgent: userAgentOf(ws), allows: (next) => this.allows(next) };
    const fetched = await this.#politeness.inTurn(host, pauseMs, ws.clock, signal, () =>
      fetchPage(ws.installation.outbound, whole, signal),
    );
    if (fetched.became === 'failed' && fetched.retryAfterMs > 0) this.#politeness.leaveAlone(host, fetched.retryAfterMs, ws.clock);
    return fetched;
  }

  async #robotsText(): Promise<string> {
    const fetched = await this.fetchAny(`${this.start.origin}/robots.txt`, LARGEST_ROBOTS, { cut: true });
    if (fetched.became === 'sent') return new TextDecoder().decode(fetched.bytes);
    // One that isn't there allows everything, and so does one that is refused or is none.
    if (fetched.became !== 'failed' || !fetched.temporary) return '';
    throw new SiteUnreadable(fetched.says);
  }
}

/** A feed is one address, which its owner has named: no robots.txt is asked for it. */
function rulesOf({ id, rules }: Source): SiteRules {
  if (!rules) throw new Error(`source ${id} has no rules`);
  if ('site' in rules) return rules.site;
  const { url, keepGoneDays } = rules.feed;
  return { start: url, only: [], not: [], depth: 0, most: 1, keepGoneDays, from: null };
}

/** Who asks: the software, and the server it runs on where that has a name. */
function userAgentOf(ws: Workspace): string {
  const { baseUrl, baseUrlIsSet } = ws.installation.settings;
  return baseUrlIsSet ? `Deskbell (+${baseUrl})` : 'Deskbell';
}
