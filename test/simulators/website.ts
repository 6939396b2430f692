/** A business's website, strict: it knows who asks, how often at once, and answers what its test says. */
import type http from 'node:http';
import { httpSimulator, type HttpSimulator } from './http.ts';

export interface SitePage {
  status?: number;
  type?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Answers by itself instead. */
  play?: http.RequestListener;
}

export interface Website extends HttpSimulator {
  /** Path, with its query, → page. What isn't here is answered with 404. Change it as the site changes. */
  pages: Map<string, SitePage>;
  /** Paths that were asked for, in order; with 304 for those that hadn't changed. */
  readonly asked: string[];
  /** What it minds: asked by somebody else, two at a time, sooner than it asks for. */
  readonly objections: string[];
  /** Forgets what was asked. */
  forget(): void;
}

/** An HTML page of the site. */
export function html(title: string, body: string, head = ''): SitePage {
  return {
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>${head}</head><body>${body}</body></html>`,
  };
}

/** Paragraphs with links, for pages that only lead to others. */
export function linksTo(...paths: string[]): string {
  return paths
    .map((path) => `<p>Somebody may want to read more about this on <a href="${path}">that page</a> of ours, which says it in full.</p>`)
    .join('');
}

export function sitemap(base: string, ...paths: string[]): SitePage {
  const urls = paths.map((path) => `<url><loc>${base}${path.replaceAll('&', '&amp;')}</loc></url>`).join('\n');
  return {
    type: 'application/xml',
    body: `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${urls}</urlset>`,
  };
}

/** Starts it. Pages have no ETag unless their test gives one in `headers`; with one they answer 304 to who knows it. */
export async function website(agent: RegExp = /^Deskbell( \(\+https?:\/\/[^)]+\))?$/): Promise<Website> {
  const pages = new Map<string, SitePage>();
  const asked: string[] = [];
  const objections: string[] = [];
  let open = 0;
  const simulator = await httpSimulator((request, response) => {
    const path = request.url ?? '';
    if (!agent.test(request.headers['user-agent'] ?? '')) objections.push(`asked by ${request.headers['user-agent']}`);
    if (request.method !== 'GET' || request.headers.cookie !== undefined) objections.push(`${request.method} ${path}`);
    open += 1;
    if (open > 1) objections.push(`${path} while another was asked for`);
    response.once('close', () => (open -= 1));
    asked.push(path);
    answer(pages.get(path), request, response, () => asked.push('304'));
  });
  return { ...simulator, pages, asked, objections, forget: () => void asked.splice(0) };
}

function answer(page: SitePage | undefined, request: http.IncomingMessage, response: http.ServerResponse, same: () => void): void {
  if (!page) {
    response.writeHead(404, { 'Content-Type': 'text/html' }).end('<h1>Not here</h1>');
    return;
  }
  if (page.play) return page.play(request, response);
  const { status = 200, type = 'text/html', headers = {}, body = '' } = page;
  const knows = (name: string, header: string): boolean => headers[name] !== undefined && request.headers[header] === headers[name];
  if (knows('ETag', 'if-none-match') || knows('Last-Modified', 'if-modified-since')) {
    same();
    response.writeHead(304).end();
    return;
  }
  response.writeHead(status, { 'Content-Type': type, ...headers }).end(body);
}
