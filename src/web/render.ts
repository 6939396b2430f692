/** Pages and their parts, out of views/. */
import type { Response } from 'express';
import { takeFlash } from './flash.ts';
import { around } from './frame.ts';
import { presentOf } from './present.ts';
import { markup } from './templates.ts';

/** app: the counter with the ways and the bell. bare: set-up, sign-in, errors. public: pages for customers. */
export type Layout = 'app' | 'bare' | 'public';

/** Answers with a page: views/`view`.hbs in its layout; `app` inside a workspace, else `bare`. */
export function render(
  res: Response,
  view: string,
  data: object = {},
  { layout = presentOf(res)?.workspace ? 'app' : 'bare' }: { layout?: Layout } = {},
): void {
  const place = around(res);
  const body = markup(view, data, place);
  const flash = takeFlash(res);
  if (!res.hasHeader('Cache-Control')) res.setHeader('Cache-Control', 'no-store');
  res.type('html').send(markup(`layouts/${layout}`, { body, flash }, place));
}

/** Answers an htmx request with one part of a page. */
export function fragment(res: Response, view: string, data: object = {}): void {
  if (!res.hasHeader('Cache-Control')) res.setHeader('Cache-Control', 'no-store');
  res.type('html').send(markup(view, data, around(res)));
}

/** The same as text, for an event of a stream. */
export function fragmentText(res: Response, view: string, data: object = {}): string {
  return markup(view, data, around(res));
}
