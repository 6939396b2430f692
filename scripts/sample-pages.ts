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
  workspace: string;
  widget: string;
}

export async function signIn(page: Page, { base, email, password }: SampleAccess): Promise<void> {
  await page.goto(`${base}/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
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
    cookies: '/cookies',
  };
  return Object.entries(paths).map(([name, path]) => ({ name, url: base + path }));
}

/** Where the pages of a workspace begin. The set-up is left once it is done, so no link leads there. */
export function startsOf(base: string, workspace: string): string[] {
  const steps = ['key', 'knowledge', 'try', 'place'].map((step) => `setup?step=${step}`);
  return ['inbox', ...steps].map((path) => `${base}/w/${workspace}/${path}`);
}

/**
 * Follows every link from `starts` on that begins with `within`, as whoever is signed in. Pages that differ in ids alone
 * are of one kind: `ofEach` of a kind are taken.
 */
export async function pagesFrom(window: BrowserContext, starts: string[], within: string, ofEach: number): Promise<SamplePage[]> {
  const page = await window.newPage();
  const found: SamplePage[] = [];
  const seen = new Set<string>();
  const kinds = new Map<string, number>();
  const waiting = [...starts];
  for (let url = waiting.shift(); url !== undefined; url = waiting.shift()) {
    if (seen.has(url) || (kinds.get(kindOf(url)) ?? 0) >= ofEach) continue;
    seen.add(url);
    if (!(await opens(page, url))) continue;
    const kind = kindOf(page.url());
    const before = kinds.get(kind) ?? 0;
    if (before >= ofEach || (page.url() !== url && seen.has(page.url()))) continue;
    seen.add(page.url());
    kinds.set(kind, before + 1);
    found.push({ name: before === 0 ? kind : `${kind}-${before + 1}`, url: page.url() });
    const links: string[] = await page.evaluate("[...document.querySelectorAll('a[href]')].map((link) => link.href.split('#')[0])");
    waiting.push(...links.filter((link) => link.startsWith(within) && !isVisitors(link)));
  }
  await page.close();
  return found;
}

/** False for what is a file, shown or downloaded. */
async function opens(page: Page, url: string): Promise<boolean> {
  try {
    const response = await page.goto(url, { waitUntil: 'domcontentloaded' });
    return response?.headers()['content-type']?.startsWith('text/html') ?? false;
  } catch (error) {
    if (error instanceof Error && error.message.includes('Download is starting')) return false;
    throw error;
  }
}

function isVisitors(url: string): boolean {
  return new URL(url).pathname.startsWith('/c/');
}

/** `http://…/w/w_9jr…/bots/1?runs=3,4` → `w-bots-n-runs-n`. */
function kindOf(url: string): string {
  const { pathname, searchParams } = new URL(url);
  // A conversation is the same page beside whichever list.
  if (pathname.includes('/conversations/')) for (const part of ['tab', 'assignee', 'label']) searchParams.delete(part);
  const plain = decodeURIComponent(pathname + (searchParams.size > 0 ? `?${searchParams}` : ''))
    .replace(/\b[a-z]{1,3}_[\w-]{15,}/g, '')
    .replace(/\d+(,\d+)*/g, 'n');
  return plain.replace(/[^a-z]+/gi, '-').replace(/^-|-$/g, '') || 'start';
}
