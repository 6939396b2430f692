/**
 * Takes every page of a running sample in light and dark, 360 and 1280 px wide: `node scripts/screenshots.ts FOLDER`.
 * Which server: BASE_URL, or PORT here; how to sign in stands in DATA_DIR.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';
import { readSample } from '../src/sample/sample-file.ts';
import { pagesFrom, signIn, startsOf, strangersPages, type SampleAccess, type SamplePage } from './sample-pages.ts';

const { env } = process;
const WIDTHS = [1280, 360];
const HEIGHT = 800;
const SCHEMES = ['light', 'dark'] as const;
/** Conversations, sources and the like differ from one another: so many of each kind are taken. */
const OF_EACH = 4;

async function take(window: BrowserContext, pages: SamplePage[], folder: string): Promise<void> {
  const page = await window.newPage();
  for (const { name, url } of pages) {
    await page.goto(url, { waitUntil: 'load' });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: HEIGHT });
      // A page as high as its content, so that what stands at the lower edge doesn't stand in the middle of the picture.
      const height: number = await page.evaluate('document.documentElement.scrollHeight');
      await page.setViewportSize({ width, height });
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.screenshot({ path: join(folder, `${name}.${width}.${colorScheme}.png`) });
      }
    }
  }
  await page.close();
}

async function main(folder: string): Promise<void> {
  const sample = readSample({ dataDir: env['DATA_DIR'] ?? 'data' });
  if (!sample) throw new Error('There is no sample in DATA_DIR. Start the server with scripts/start --sample.');
  const base = env['BASE_URL'] ?? `http://localhost:${env['PORT'] ?? 3000}`;
  const access: SampleAccess = { base, ...sample };
  mkdirSync(folder, { recursive: true });
  const executablePath = env['CHROMIUM'] ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));
  const browser = await chromium.launch({
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
    ...(executablePath ? { executablePath } : {}),
  });
  const stranger = await browser.newContext();
  const strangers = strangersPages(access);
  await take(stranger, strangers, folder);
  const owner = await browser.newContext();
  await signIn(await owner.newPage(), access);
  const pages = await pagesFrom(owner, startsOf(base, access.workspace), `${base}/`, OF_EACH);
  await take(owner, pages, folder);
  await browser.close();
  process.stdout.write(`${strangers.length + pages.length} pages are in ${folder}.\n`);
}

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('Into which folder? node scripts/screenshots.ts FOLDER\n');
  process.exitCode = 1;
} else await main(folder);
