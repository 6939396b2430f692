import type { Request } from 'express';
import { z } from 'zod';
import { CSRF_FIELD } from './csrf.ts';
import { Problem } from './problem.ts';

/** What a form held: values of the schema's type, or what to say beside which field, and what was typed, to show it again. */
export type Parsed<T> = { ok: true; values: T } | { ok: false; errors: Record<string, string>; typed: Record<string, unknown> };

/**
 * Reads a form by a `z.strictObject`. A field the form doesn't have is no typing mistake but a wrong or forged form: 400.
 * Secrets aren't in `typed` unless the page puts them back: name such fields in `secrets`.
 */
export function parseForm<T>(req: Request, schema: z.ZodType<T>, secrets: readonly string[] = []): Parsed<T> {
  const body: unknown = req.body;
  if (body === undefined || body === null || typeof body !== 'object') throw new Problem(415, 'Send this as a form.');
  const typed: Record<string, unknown> = { ...body };
  delete typed[CSRF_FIELD];
  const read = schema.safeParse(typed);
  if (read.success) return { ok: true, values: read.data };
  const errors: Record<string, string> = {};
  for (const issue of read.error.issues) {
    if (issue.code === 'unrecognized_keys')
      throw new Problem(400, 'The form held a field that this page doesn’t know. Reload the page and try again.');
    errors[String(issue.path[0] ?? '')] ??= issue.message;
  }
  for (const secret of secrets) delete typed[secret];
  return { ok: false, errors, typed };
}

/** A positive integer out of an address, such as a row's id; 404 for anything else. */
export function idParam(req: Request, name: string): number {
  const value = req.params[name];
  if (typeof value !== 'string' || !/^[1-9]\d{0,14}$/.test(value)) throw new Problem(404, 'This page doesn’t exist. Check the address.');
  return Number(value);
}

/**
 * What nobody sees and can mislead: controls, zero-width spaces, and marks that turn the reading direction of what
 * follows. Zero-width joiners stay (Persian words, emoji); so do the direction marks that right-to-left text needs.
 */
const UNSEEN =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u00AD\u200B\u2060-\u2064\u202A-\u202E\u2066-\u2069\uFEFF\uFFF9-\uFFFB]/gu;

/** Composed, and without what nobody sees. */
export function clean(text: string): string {
  return text.normalize('NFC').replace(UNSEEN, '');
}

function count(text: string): number {
  return [...text].length;
}

/** One line of text: trimmed, spaces joined, unseen characters out. `name` begins the sentence that says what is wrong. */
export function line(name: string, atMost: number): z.ZodType<string, string> {
  return z
    .string({ error: `${name} is missing.` })
    .transform((text) => clean(text).replace(/\s+/g, ' ').trim())
    .refine((text) => /[\p{L}\p{N}\p{P}\p{S}]/u.test(text), { error: `${name} is missing.`, abort: true })
    .refine((text) => count(text) <= atMost, { error: `${name} can have ${atMost} characters at most.` });
}

/** The same, but it may be left empty: then null. */
export function optionalLine(name: string, atMost: number): z.ZodType<string | null, string | undefined> {
  return z
    .string()
    .default('')
    .transform((text) => clean(text).replace(/\s+/g, ' ').trim())
    .refine((text) => count(text) <= atMost, { error: `${name} can have ${atMost} characters at most.` })
    .transform((text) => (text === '' ? null : text));
}

/** Text of several lines, kept as typed but for unseen characters. */
export function longText(name: string, atMost: number): z.ZodType<string, string> {
  return z
    .string({ error: `${name} is missing.` })
    .transform((text) => clean(text).replace(/\r\n?/g, '\n').trim())
    .refine((text) => count(text) <= atMost, { error: `${name} can have ${atMost} characters at most.` });
}

export function emailAddress(): z.ZodType<string, string> {
  return z
    .string({ error: 'The e-mail address is missing.' })
    .transform((text) => clean(text).trim().toLowerCase())
    .refine((text) => text !== '', { error: 'The e-mail address is missing.', abort: true })
    .pipe(
      z
        .email({ error: 'This is no whole e-mail address. It looks like name@example.com.' })
        .max(254, { error: 'This e-mail address is too long.' }),
    );
}

/** A tick box: browsers send nothing when it isn't ticked. */
export function ticked(): z.ZodType<boolean, string | undefined> {
  return z
    .literal(['on', 'yes', '1'])
    .optional()
    .transform((value) => value !== undefined);
}
