/** Lines of pages to headings and paragraphs. Pure: no PDF library here. */
import type { Block } from './material.ts';

/** One line on a page; x, y (from below), size and end in points. */
export interface Line {
  text: string;
  x: number;
  y: number;
  size: number;
  end: number;
}

/** Letters this much larger than those of the body make a heading. */
const HEADING = 1.15;
const LONGEST_HEADING = 150;
/** More than this many line heights between two lines part paragraphs. */
const GAP = 1.55;
/** A first or last line that stands on this share of the pages is a running head or foot. */
const RUNNING = 0.5;

export function blocksOfPages(pages: readonly Line[][]): Block[] {
  const running = runningLines(pages);
  const body = bodySize(pages.flat());
  const sizes = headingSizes(pages.flat(), body);
  return pages.flatMap((lines, index) => blocksOfPage(withoutRunning(lines, running), index + 1, sizes));
}

function blocksOfPage(lines: readonly Line[], page: number, sizes: readonly number[]): Block[] {
  const blocks: Block[] = [];
  let last: Line | null = null;
  for (const line of lines) {
    const level = levelOf(line, sizes);
    const before = blocks.at(-1);
    const continues = last !== null && levelOf(last, sizes) === level && goesOn(last, line);
    if (before && before.kind !== 'table' && continues) before.text = joined(before.text, line.text);
    else if (level > 0) blocks.push({ kind: 'heading', level, text: line.text, page });
    else blocks.push({ kind: 'text', text: line.text, page });
    last = line;
  }
  return blocks;
}

/** Below the line before and near it. What begins above it is another column. */
function goesOn(last: Line, line: Line): boolean {
  const step = last.y - line.y;
  return step >= 0 && step <= GAP * Math.max(last.size, line.size);
}

/** A hyphen at a line's end is taken out where the word goes on in small letters. */
function joined(text: string, next: string): string {
  if (/\p{L}-$/u.test(text) && /^\p{Ll}/u.test(next)) return text.slice(0, -1) + next;
  return /^[-•–*]\s/.test(next) ? `${text}\n${next}` : `${text} ${next}`;
}

/** The size that most letters have. */
function bodySize(lines: readonly Line[]): number {
  const letters = new Map<number, number>();
  for (const { size, text } of lines) letters.set(rounded(size), (letters.get(rounded(size)) ?? 0) + text.length);
  const [most] = [...letters].sort(([, a], [, b]) => b - a);
  return most?.[0] ?? 0;
}

/** Sizes of headings, largest first; six levels at most. */
function headingSizes(lines: readonly Line[], body: number): number[] {
  const sizes = lines.filter(({ text }) => text.length <= LONGEST_HEADING).map(({ size }) => rounded(size));
  return [...new Set(sizes)]
    .filter((size) => size > body * HEADING)
    .sort((a, b) => b - a)
    .slice(0, 6);
}

function levelOf({ size, text }: Line, sizes: readonly number[]): number {
  return text.length > LONGEST_HEADING || !/\p{L}/u.test(text) ? 0 : sizes.indexOf(rounded(size)) + 1;
}

function rounded(size: number): number {
  return Math.round(size * 2) / 2;
}

/** A page without its running head and foot. */
function withoutRunning(lines: readonly Line[], running: ReadonlySet<string>): readonly Line[] {
  const isRunning = (line: Line | undefined): boolean => line !== undefined && running.has(shape(line.text));
  return lines.slice(isRunning(lines[0]) ? 1 : 0, isRunning(lines.at(-1)) ? -1 : undefined);
}

/** Shapes of lines that come back at the top or the bottom of many pages. */
function runningLines(pages: readonly Line[][]): Set<string> {
  if (pages.length < 4) return new Set();
  const counts = new Map<string, number>();
  for (const lines of pages) {
    const edges = new Set([lines[0], lines.at(-1)].flatMap((line) => (line ? [shape(line.text)] : [])));
    for (const edge of edges) counts.set(edge, (counts.get(edge) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count >= pages.length * RUNNING).map(([edge]) => edge));
}

/** "Page 3 of 8" and "Page 4 of 8" have the same. */
function shape(text: string): string {
  return text.replace(/\d+/g, '0').trim();
}
