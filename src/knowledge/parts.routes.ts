/** What the knowledge room's routes share. */
import type { Request, RequestHandler, Response } from 'express';
import { here } from '../web/present.ts';
import { nothingHere } from '../web/problem.ts';
import { NoSource } from './source.ts';

/** A path of the room in the workspace at hand. */
export function pathOf(res: Response, ...parts: (string | number)[]): string {
  return [`/w/${here(res).workspace.id}/knowledge`, ...parts].join('/');
}

/** Where in its source a passage stands, in words; '' when there is nothing to tell. */
export function whereOf(path: string, page: number | null): string {
  return [...(path === '' ? [] : [path]), ...(page === null ? [] : [`page ${page}`])].join(', ');
}

/** The number of the page that is asked for, from 1. */
export function pageNumber(req: Request): number {
  const page = req.query['page'];
  return typeof page === 'string' && /^[1-9]\d{0,5}$/.test(page) ? Number(page) : 1;
}

/** A handler whose source may be gone: then the page isn't there. */
export function guarded(handler: (req: Request, res: Response) => void | Promise<void>): RequestHandler {
  return async (req, res) => {
    try {
      await handler(req, res);
    } catch (error) {
      throw error instanceof NoSource ? nothingHere() : error;
    }
  };
}
