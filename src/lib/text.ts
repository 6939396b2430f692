/** Cutting a long text into parts that a channel takes, where a reader would pause. */
import { once } from './once.ts';

export type TextUnit = 'utf16' | 'bytes';

/** A code fence that is open where a part ends. */
interface Fence {
  /** Closes it. */
  mark: string;
  /** Opens it again at the top of the next part. */
  opening: string;
}

const FENCE = /^ {0,3}(`{3,8}|~{3,8})[ \t]*([\w+#.-]{0,20})[^\n`]*$/;
/** A line break and the longest mark. */
const CLOSING_ROOM = 9;
/** Below this, fences leave no room for what is between them. */
const SHORTEST = 80;
/** A border is found by what stands behind it, too. */
const LOOK_AHEAD = 100;

const sentences = once(() => new Intl.Segmenter(undefined, { granularity: 'sentence' }));
const words = once(() => new Intl.Segmenter(undefined, { granularity: 'word' }));
const graphemes = once(() => new Intl.Segmenter(undefined, { granularity: 'grapheme' }));

/**
 * `text` in parts of at most `length` units (UTF-16 code units, or bytes of UTF-8), none of them blank. Cut after a
 * paragraph, else a line, a sentence, a word, a grapheme: the first of these that leaves the part at least half full.
 * Nothing is lost but white space at the cuts. A code fence that is cut is closed, and opened again in the next part.
 * Throws RangeError for a length under 80.
 */
export function splitText(text: string, { length, unit }: { length: number; unit: TextUnit }): string[] {
  if (length < SHORTEST) throw new RangeError(`a part needs room for ${SHORTEST} units, not ${length}`);
  const parts: string[] = [];
  let fence: Fence | null = null;
  let rest = text.trim();
  while (rest !== '') {
    const opening: string = fence?.opening ?? '';
    const room = length - opening.length;
    if (sizeOf(rest, unit) <= room) {
      parts.push(opening + rest);
      break;
    }
    // Room for a closing mark is kept whether or not this part will need one.
    const head = headOf(rest, room - CLOSING_ROOM, unit);
    const piece = head.slice(0, cutOf(head, rest, fence !== null)).trimEnd();
    // The indentation of a line stays: in code and in lists it means something.
    rest = rest.slice(Math.max(piece.length, 1)).replace(/^\s*\n|^\s+/, '');
    fence = fenceAfter(piece, fence);
    if (piece !== '') parts.push(opening + piece + (fence ? `\n${fence.mark}` : ''));
  }
  return parts;
}

function sizeOf(text: string, unit: TextUnit): number {
  return unit === 'bytes' ? Buffer.byteLength(text) : text.length;
}

/** The longest beginning of `rest` that fits, never half a character. */
function headOf(rest: string, room: number, unit: TextUnit): string {
  if (unit === 'bytes') return rest.slice(0, new TextEncoder().encodeInto(rest, new Uint8Array(room)).read);
  const splitsPair = /[\uD800-\uDBFF]/.test(rest.charAt(room - 1)) && /[\uDC00-\uDFFF]/.test(rest.charAt(room));
  return rest.slice(0, splitsPair ? room - 1 : room);
}

/** Where to cut `head`, the beginning of `rest`: from 1 to its length. */
function cutOf(head: string, rest: string, inCode: boolean): number {
  const least = Math.max(1, Math.ceil(head.length / 2));
  const seen = rest.slice(0, head.length + LOOK_AHEAD);
  const end = head.length;
  const borders = [
    () => seen.lastIndexOf('\n\n', end),
    () => seen.lastIndexOf('\n', end),
    () => (inCode ? -1 : startOf(sentences(), seen, end)),
    () => lastBlank(seen, end),
    () => lastWord(seen, end, least),
    () => startOf(graphemes(), seen, end),
  ];
  for (const border of borders) {
    const at = border();
    if (at >= least) return at;
  }
  // One grapheme longer than half a part (a letter under a heap of accents): between two of its characters.
  return end;
}

/** Where the segment that holds `at` begins; `at` itself when a segment begins there. */
function startOf(segmenter: Intl.Segmenter, text: string, at: number): number {
  return segmenter.segment(text).containing(at)?.index ?? -1;
}

function lastBlank(text: string, end: number): number {
  for (let at = end; at > 0; at--) if (/\s/.test(text.charAt(at))) return at;
  return -1;
}

/** For scripts without spaces: where the last word begins, so that no comma starts a part. */
function lastWord(text: string, end: number, least: number): number {
  const segments = words().segment(text);
  for (let at = end; at >= least;) {
    const segment = segments.containing(at);
    if (!segment) return -1;
    if (segment.isWordLike) return segment.index;
    at = segment.index - 1;
  }
  return -1;
}

function fenceAfter(piece: string, open: Fence | null): Fence | null {
  let fence = open;
  for (const line of piece.split('\n')) {
    const [, mark, language] = FENCE.exec(line) ?? [];
    if (mark === undefined) continue;
    if (fence === null) fence = { mark, opening: `${mark}${language}\n` };
    else if (mark.startsWith(fence.mark) && line.trim() === mark) fence = null;
  }
  return fence;
}
