import type { Request } from 'express';

/** A request by htmx that will be swapped into a part of the page: answer with the page's own partial. */
export function wantsFragment(req: Request): boolean {
  return req.get('HX-Request') === 'true' && req.get('HX-Request-Type') !== 'full';
}

/** A request by a program: it sent JSON, or prefers it to a page, or listens to a stream. */
export function wantsJson(req: Request): boolean {
  if (req.is('application/json')) return true;
  const accepts = req.get('Accept');
  if (accepts?.includes('text/event-stream')) return true;
  return accepts !== undefined && req.accepts(['html', 'json']) === 'json';
}
