/** Files that strangers sent, handed out so that nothing in them can act: not as a page, not as a script, not by their name. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';

export interface ServedFile {
  /** As it is called where it is saved. */
  name: string;
  /** What its content shows it to be. */
  mime: string;
  bytes: number;
  /** Drawn or played by the browser; else it can only be saved, whatever it is. */
  shown: boolean;
  /** Its content from the beginning. */
  read(): AsyncIterable<Uint8Array>;
}

/** Answers with a file or the part of it that is asked for, as players do. */
export async function serveFile(req: Request, res: Response, file: ServedFile): Promise<void> {
  const range = rangeOf(req.get('Range'), file.bytes);
  res.setHeader('Content-Type', file.shown ? file.mime : 'application/octet-stream');
  res.setHeader('Content-Disposition', `${file.shown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodedName(file.name)}`);
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
  res.setHeader('Cache-Control', 'private, no-store');
  res.setHeader('Accept-Ranges', 'bytes');
  if (range === 'outside') {
    res.status(416).setHeader('Content-Range', `bytes */${file.bytes}`).end();
    return;
  }
  const { from, through } = range ?? { from: 0, through: file.bytes - 1 };
  if (range) res.status(206).setHeader('Content-Range', `bytes ${from}-${through}/${file.bytes}`);
  res.setHeader('Content-Length', through - from + 1);
  if (req.method === 'HEAD') {
    res.end();
    return;
  }
  try {
    await pipeline(Readable.from(between(file.read(), from, through)), res);
  } catch (error) {
    // A player that has seen enough lets go in the middle.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

/** RFC 5987: whatever a name holds, nothing of it ends the header or stands in it as it is. */
function encodedName(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

type Range = { from: number; through: number };

/** One range; undefined for none, and for several or another unit, which get the whole. */
function rangeOf(header: string | undefined, bytes: number): Range | 'outside' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const from = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const through = first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  return from > through ? 'outside' : { from, through };
}

async function* between(content: AsyncIterable<Uint8Array>, from: number, through: number): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const piece of content) {
    const part = piece.subarray(Math.max(0, from - at), through + 1 - at);
    at += piece.length;
    if (part.length > 0) yield part;
    if (at > through) return;
  }
}
