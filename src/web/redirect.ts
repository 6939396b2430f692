import type { Request, Response } from 'express';

const HERE = 'http://here.invalid';

/**
 * A path on this server out of what a stranger may have written into a link, or the fallback. Refuses other hosts
 * (`//evil.example`, `/\evil.example`, `https:…`) and everything that a browser would take for one.
 */
export function localPath(wanted: unknown, fallback: string): string {
  if (typeof wanted !== 'string' || !wanted.startsWith('/') || wanted.length > 2000 || !URL.canParse(wanted, HERE)) return fallback;
  const url = new URL(wanted, HERE);
  if (url.origin !== HERE || url.pathname.startsWith('//')) return fallback;
  return url.pathname + url.search;
}

/** After a post: shows another page. A 303 for a form; htmx would swap that page into a part of this one, so it is told to go. */
export function seeOther(req: Request, res: Response, path: string): void {
  if (req.get('HX-Request') === 'true') res.setHeader('HX-Redirect', path).status(204).end();
  else res.redirect(303, path);
}

/** The path of the page a person is looking at: htmx says it, a form's Referer says it, a GET is it. */
export function pageOf(req: Request, fallback: string): string {
  if (req.method === 'GET' && req.get('HX-Request') !== 'true') return localPath(req.originalUrl, fallback);
  const said = req.get('HX-Current-URL') ?? req.get('Referer');
  if (said === undefined || !URL.canParse(said)) return fallback;
  const url = new URL(said);
  return url.host === req.get('Host') ? localPath(url.pathname + url.search, fallback) : fallback;
}
