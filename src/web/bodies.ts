import express, { type Request, type RequestHandler, type Response } from 'express';
import { Problem } from './problem.ts';

const KB = 1024;
/** A stranger's form: sign-in, set-up, an invitation. */
const FORM_OF_STRANGERS = 64 * KB;
/** A member's form may hold a long text; percent-encoding makes three bytes of each that isn't ASCII. */
const FORM_OF_MEMBERS = 4 * KB * KB;
const FIELDS = 500;

type Read = (req: Request, res: Response) => Promise<void>;

function reader(parser: RequestHandler): Read {
  return (req, res) =>
    new Promise((resolve, reject) => {
      parser(req, res, (error?: unknown) => {
        if (error === undefined) resolve();
        else reject(error instanceof Error ? error : new Error('body parser failed', { cause: error }));
      });
    });
}

function formReader(limit: number): Read {
  return reader(express.urlencoded({ extended: false, limit, parameterLimit: FIELDS }));
}

const readStrangersForm = formReader(FORM_OF_STRANGERS);
const readMembersForm = formReader(FORM_OF_MEMBERS);

/** Reads a form's fields into `req.body`. Other content types stay unread, for the route or for `parseForm` to refuse. */
export async function readForm(req: Request, res: Response, from: 'stranger' | 'member'): Promise<void> {
  if (!req.is('application/x-www-form-urlencoded')) return;
  await (from === 'member' ? readMembersForm : readStrangersForm)(req, res);
}

/** Whether a request carries a body at all. */
export function hasBody(req: Request): boolean {
  return req.get('Transfer-Encoding') !== undefined || Number(req.get('Content-Length') ?? 0) > 0;
}

/** Reads a JSON body of at most `limit` bytes into `req.body`; 415 for another type, 400 for text that isn't JSON, 413 for more. */
export function jsonBody(limit: number): RequestHandler {
  const read = reader(express.json({ limit, strict: true }));
  return async (req, res, next) => {
    if (!req.is('application/json')) throw new Problem(415, 'Send this as application/json.');
    await read(req, res);
    next();
  };
}

/** Reads any body of at most `limit` bytes as it came, into a Buffer in `req.body`; 413 for more. */
export function rawBody(limit: number): RequestHandler {
  const read = reader(express.raw({ type: () => true, limit, inflate: false }));
  return async (req, res, next) => {
    await read(req, res);
    next();
  };
}
