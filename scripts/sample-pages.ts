/** Every page that a running sample has, found as a person finds them: from link to link. */
import type { BrowserContext, Page } from 'playwright-core';

export interface SamplePage {
  /** The path with its ids left out, as a file's name: `w-conversations-2`. */
  name: string;
  url: string;
}

/** How one signs in to the sample; `--sample` writes it to the data folder. */
export interface SampleAccess {
  base: string;
  email: string;
  password: string;
  widget: string;
}

export async function signIn(page: Page, { base, email, password }: SampleAccess): Promise<void> {
  await page.goto(`${base}/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

/** What somebody sees who isn't signed in, and the pages of the visitors. */
export function strangersPages({ base, widget }: SampleAccess): SamplePage[] {
  const paths = {
    'sign-in': '/sign-in',
    'already-set-up': '/setup',
    'invitation-gone': '/invitation/not-an-invitation',
    'not-found': '/nothing-here',
    chat: `/c/${widget}`,
    'chat-privacy': `/c/${widget}/privacy`,
    demo: '/demo',
  };
  return Object.entries(paths).map(([name, path]) => ({ name, url: base + path }));
}

/** Follows every link from the start page on. Pages that differ in ids alone count as one kind: `ofEach` of a kind are taken. */
export async function ownersPages(window: BrowserContext, base: string, ofEach: number): Promise<SamplePage[]> {
  const page = await window.newPage();
  const found: SamplePage[] = [];
  const seen = new Set<string>();
  const kinds = new Map<string, number>();
  const waiting = [base];
  for (let url = waiting.shift(); url !== undefined; url = waiting.shift()) {
    const response = await page.goto(url, { waitUntil: 'domcontentloaded' });
    const at = page.url();
    const kind = kindOf(at);
    const before = kinds.get(kind) ?? 0;
    if (seen.has(at) || before >= ofEach || !response?.headers()['content-type']?.startsWith('text/html')) continue;
    seen.add(at);
    kinds.set(kind, before + 1);
    found.push({ name: before === 0 ? kind : `${kind}-${before + 1}`, url: at });
    const links: string[] = await page.evaluate("[...document.querySelectorAll('a[href]')].map((link) => link.href.split('#')[0])");
    waiting.push(...links.filter((link) => link.startsWith(`${base}/`) && !seen.has(link) && (kinds.get(kindOf(link)) ?? 0) < ofEach));
  }
  await page.close();
  return found;
}

/** `http://…/w/w_9jr…/bots/1?runs=3,4` → `w-bots-n-runs-n`. */
function kindOf(url: string): string {
  const { pathname, search } = new URL(url);
  const plain = decodeURIComponent(pathname + search)
    .replace(/\b[a-z]{1,3}_[\w-]{15,}/g, '')
    .replace(/\d+(,\d+)*/g, 'n');
  return plain.replace(/[^a-z]+/gi, '-').replace(/^-|-$/g, '') || 'start';
}
