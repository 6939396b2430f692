/**
 * Styles, scripts, icons and fonts, all from this server. Their address carries a hash over all of them, so they may be
 * kept for ever, and a relative address inside a stylesheet carries the same hash. Read with the first page and held in
 * memory: they are 300 kB.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { once } from '../lib/once.ts';
import { publicFolder } from './folders.ts';

export interface Asset {
  type: string;
  body: Buffer;
  /** The same, compressed, once somebody asked for it. */
  zipped?: Promise<Buffer>;
}

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};
const OWN = ['styles', 'scripts', 'icons'];

/**
 * What packages give: the two subsets of the typeface that our languages need, and htmx with its event streams. That is one
 * file of three: htmx reads the page once, and where an extension came later than that, the page would never be live.
 */
const FROM_PACKAGES: Record<string, string | string[]> = {
  'fonts/hanken-grotesk-latin-wght-normal.woff2': '@fontsource-variable/hanken-grotesk/files/hanken-grotesk-latin-wght-normal.woff2',
  'fonts/hanken-grotesk-latin-ext-wght-normal.woff2':
    '@fontsource-variable/hanken-grotesk/files/hanken-grotesk-latin-ext-wght-normal.woff2',
  'scripts/htmx.js': ['htmx.org/dist/htmx.min.js', 'htmx.org/dist/ext/hx-sse.min.js', 'htmx.org/dist/ext/hx-upsert.min.js'],
};

const zip = promisify(gzip);
const assets = once(readAssets);

/** Part of every address: changes when any file does. */
export const version = once(fingerprint);

function readAssets(): Map<string, Asset> {
  const found = new Map<string, Asset>();
  const add = (path: string, ...files: string[]): void => {
    const type = TYPES[extname(path)];
    if (!type) return;
    const bodies = files.flatMap((file, index) => [...(index > 0 ? [Buffer.from('\n')] : []), readFileSync(file)]);
    found.set(path, { type, body: Buffer.concat(bodies) });
  };
  for (const folder of OWN) {
    for (const path of readdirSync(join(publicFolder, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      add(`${folder}/${path}`, join(publicFolder, folder, path));
    }
  }
  const { resolve } = createRequire(import.meta.url);
  for (const [path, names] of Object.entries(FROM_PACKAGES)) {
    const files = [names].flat().map((name) => {
      const [scope, rest] = splitPackage(name);
      return join(resolve(`${scope}/package.json`), '..', rest);
    });
    add(path, ...files);
  }
  return found;
}

/** A package's name and the file within it. By its package.json, since `exports` may not name the file. */
function splitPackage(name: string): [string, string] {
  const at = name.indexOf('/', name.startsWith('@') ? name.indexOf('/') + 1 : 0);
  return [name.slice(0, at), name.slice(at + 1)];
}

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const [path, { body }] of assets()) hash.update(`${path}\0${body.length}\0`).update(body);
  return hash.digest('base64url').slice(0, 12);
}

/** The address of a file of `public/` or of a package, such as `scripts/inbox.js`. Throws for one that doesn't exist. */
export function assetPath(path: string): string {
  if (!assets().has(path)) throw new Error(`There is no file public/${path}`);
  return `/assets/${version()}/${path}`;
}

/** All stylesheets, tokens first (they name the order of the layers), then what every page needs, parts, pages. */
export const stylesheets = once((): readonly string[] =>
  [...assets().keys()].filter((path) => path.endsWith('.css')).sort((a, b) => rank(a) - rank(b) || a.localeCompare(b)),
);

function rank(path: string): number {
  const at = ['styles/tokens.css', 'styles/reset.css', 'styles/base.css'].indexOf(path);
  if (at >= 0) return at;
  return path.startsWith('styles/parts/') ? 10 : 20;
}

export function findAsset(path: string): Asset | undefined {
  return assets().get(path);
}

export function zipped(asset: Asset): Promise<Buffer> {
  asset.zipped ??= zip(asset.body);
  return asset.zipped;
}
