/** What both protocols share about calls of tools: how a call is named in what is sent back, and what of it is sent. */
import { z } from 'zod';
import type { JsonObject } from '../provider.ts';

const object = z.record(z.string(), z.unknown());

/**
 * The id by which a result belongs to its call. Made by us, from where it stands: hosts differ in what they take (one wants nine
 * letters or digits), and a second model reads what the first one called.
 */
export function idOf(round: number, call: number): string {
  return `c${String(round).padStart(4, '0')}${String(call).padStart(4, '0')}`;
}

const OTHER_LETTER = /[^a-zA-Z0-9_-]/g;
const LETTERS = 64;

/** The name of a call as it may be told again: models make names up, and hosts refuse letters that they don't offer themselves. */
export function nameOf(name: string): string {
  return name.replaceAll(OTHER_LETTER, '_').slice(0, LETTERS) || 'unnamed';
}

/** The arguments of a call as an object; an empty one for what is none, since hosts refuse to read that again. */
export function inputOf(text: string): JsonObject {
  try {
    const read = object.safeParse(JSON.parse(text));
    return read.success ? read.data : {};
  } catch {
    return {};
  }
}
