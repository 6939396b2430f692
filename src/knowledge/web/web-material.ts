/** What a reading thread is given of the web, and what it finds besides text. */

/** What decides which addresses of a site count. */
export interface SiteFrame {
  /** The address that its owner gave. */
  start: string;
  /** Its robots.txt; '' when there is none. */
  robots: string;
  only: string[];
  not: string[];
}

export type WebMaterial =
  /** A page as it was sent: `type` is the header Content-Type, `url` where it was found in the end. */
  | { kind: 'page'; url: string; type: string; bytes: Uint8Array; site: SiteFrame }
  | { kind: 'sitemap'; url: string; bytes: Uint8Array; most: number; site: SiteFrame }
  /** Asks robots.txt for these. */
  | { kind: 'robots'; addresses: string[]; site: SiteFrame };

export interface Link {
  url: string;
  key: string;
  /** By robots.txt. */
  allowed: boolean;
}

export interface WebFindings {
  title: string;
  /** The address that the page names as its own, where it isn't the one it was read at. */
  canonical: Link | 'elsewhere' | null;
  noindex: boolean;
  /** Addresses of the site that are wanted, each once; of a sitemap its pages. */
  links: Link[];
  /** Of an index of sitemaps, or out of robots.txt. */
  sitemaps: string[];
  /** Seconds that robots.txt asks for between two requests. */
  crawlDelay: number | null;
}
