import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { cast, PASSWORD, type Person, type TestServer } from './http.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

let browser: Promise<Browser> | undefined;

async function launch(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? PLACES.find((path) => existsSync(path));
  // Containers have no user namespaces for the sandbox, and a small /dev/shm.
  const args = ['--no-sandbox', '--disable-dev-shm-usage'];
  return chromium.launch({ args, ...(executablePath ? { executablePath } : {}) });
}

/** A window of its own, with its own cookies. One Chromium serves the whole run. */
export async function newWindow(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  browser ??= launch();
  return (await browser).newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options });
}

// This file is loaded while Mocha stands at its root: the hook runs once, after the last test of the run.
after(async () => {
  const open = await browser;
  browser = undefined;
  await open?.close();
});

/** Signs in by the page, as a person does. */
export async function signIn(page: Page, server: TestServer, person: Person): Promise<void> {
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel('E-mail').fill(cast[person].email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

interface AxeFinding {
  id: string;
  impact: string | null;
  help: string;
  nodes: { target: string[]; failureSummary?: string }[];
}

/** Fails with what axe finds on the page as it stands, at WCAG 2.2 AA and axe's best practices. */
export async function expectAccessible(page: Page, where = page.url()): Promise<void> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axeSource);
  const findings: AxeFinding[] = await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
  );
  if (findings.length === 0) return;
  const lines = findings.flatMap(({ id, help, nodes }) => [
    `${id}: ${help}`,
    ...nodes
      .slice(0, 5)
      .map(({ target, failureSummary }) => `  ${target.join(' ')}\n    ${failureSummary?.split('\n').slice(1).join('; ') ?? ''}`),
  ]);
  throw new Error(`axe on ${where}:\n${lines.join('\n')}`);
}
