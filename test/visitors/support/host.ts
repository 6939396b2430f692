/** Another website: what it serves is up to each test. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HostSite {
  /** Without a slash at the end. */
  url: string;
  /** Makes `path` a page with this body, under this Content-Security-Policy. */
  page(path: string, body: string, csp?: string): void;
  end(): Promise<void>;
}

const LOOK = `<style>body{font:17px/1.6 Georgia,serif;background:#fdf3e3;color:#46251c;margin:0;padding:1.6rem 3rem}h1{font-size:3.4rem;line-height:1.05;max-width:11ch}
@media(prefers-color-scheme:dark){body{background:#251d18;color:#f0e6da}}</style>`;

export async function hostSite(): Promise<HostSite> {
  const pages = new Map<string, { html: string; csp: string | undefined }>();
  const server = createServer((req, res) => {
    const page = pages.get(req.url ?? '');
    res.writeHead(page ? 200 : 404, {
      'Content-Type': 'text/html; charset=utf-8',
      ...(page?.csp ? { 'Content-Security-Policy': page.csp } : {}),
    });
    res.end(page?.html);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    page: (path, body, csp) => {
      const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Café Aurora</title>${csp ? '' : LOOK}</head><body>${body}</body></html>`;
      pages.set(path, { html, csp });
    },
    end: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
