/** What a reading thread is given, and what it hands back. */
import type { FeedFindings, FeedMaterial } from '../feed/feed-material.ts';
import type { WebFindings, WebMaterial } from '../web/web-material.ts';
import type { FoundPairs } from './read-pairs.ts';

/** One thing to read. */
export type Material =
  | { kind: 'text'; title: string; text: string }
  | { kind: 'qa'; title: string; pairs: { question: string; answer: string }[] }
  /** A sealed file: its path and the 32 bytes that open it. */
  | { kind: 'file'; title: string; path: string; key: Uint8Array }
  /** A CSV or Excel file of questions and answers, to be taken over as such. */
  | { kind: 'pairs'; bytes: Uint8Array }
  | WebMaterial
  | FeedMaterial;

/** A piece of what was read, in the order of the document. */
export type Block =
  | { kind: 'heading'; level: number; text: string; page: number | null }
  | { kind: 'text'; text: string; page: number | null }
  /** Rows of cells; the first may be its head. */
  | { kind: 'table'; rows: string[][]; page: number | null };

export interface Chunk {
  path: string;
  page: number | null;
  text: string;
  words: string;
  /** ISO 639-1, or null. */
  language: string | null;
  hash: string;
}

export interface Reading {
  chunks: Chunk[];
  /** The language most of it is in. */
  language: string | null;
  /** Pages, where the file has any. */
  pages: number | null;
  /** The type that the content shows, whatever the name says. */
  mime: string | null;
  /** What isn't in it and somebody may miss, in a sentence: "One hidden sheet was left out." */
  leftOut: string | null;
  /** Of material of pairs, which has no chunks. */
  pairs?: FoundPairs;
  /** Of what was fetched from the web. */
  web?: WebFindings;
  feed?: FeedFindings;
}

/** What a file holds. */
export interface FileContent extends Pick<Reading, 'pages' | 'leftOut'> {
  blocks: Block[];
  mime: string;
}

/** How far a reader is, in pages. */
export type OnProgress = (done: number, total: number) => void;

/** It can't be read: `message` is for the person who gave it, the cause and then the way out. */
export class Unreadable extends Error {}

export const LIMITS = {
  pages: 3000,
  /** Characters of text out of one source. */
  characters: 10_000_000,
  /** Bytes that are unfolded of one compressed file. A sheet of a million cells has 50 MB. */
  unfolded: 120 * 1024 * 1024,
} as const;

export function tooManyPages(pages: number): Unreadable {
  return new Unreadable(`This file has ${pages} pages; Deskbell reads ${LIMITS.pages} of one file. Split it into several.`);
}

export function tooMuchText(): Unreadable {
  return new Unreadable('This holds more text than Deskbell reads from one file, 10 million characters. Split it into several files.');
}
