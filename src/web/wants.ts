import type { Request } from 'express';

/** A request by htmx that will be swapped into a part of the page: answer with the page's own partial. */
export function wantsFragment(req: Request): boolean {
  return req.get('HX-Request') === 'true' && req.get('HX-Request-Type') !== 'full';
}

/** A request by a program: it sent JSON, prefers it to a page, or opens a stream. htmx's streams ask for pages too. */
export function wantsJson(req: Request): boolean {
  if (req.get('HX-Request') === 'true') return false;
  if (req.is('application/json')) return true;
  const accepts = req.get('Accept');
  if (accepts === 'text/event-stream') return true;
  return accepts !== undefined && req.accepts(['html', 'json']) === 'json';
}
