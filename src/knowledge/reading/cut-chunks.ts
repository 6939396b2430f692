/** What was read, cut into the pieces that are found and quoted. */
import type { Block } from './material.ts';

/** A piece before its words and language are known. */
export interface Piece {
  path: string;
  page: number | null;
  text: string;
}

/** Paragraphs are gathered up to this many characters… */
const TARGET = 900;
/** …and one that is no longer than this stays whole. */
const LONGEST = 1500;
const PATH_SIGN = ' › ';
const LONGEST_PATH = 300;

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Pieces in the order of the document. Each stands under its headings; nothing is said twice. */
export function cutChunks(blocks: readonly Block[]): Piece[] {
  const pieces: Piece[] = [];
  const headings: { level: number; text: string }[] = [];
  let gathered: string[] = [];
  let page: number | null = null;
  const pathOf = (): string =>
    headings
      .map(({ text }) => text)
      .join(PATH_SIGN)
      .slice(0, LONGEST_PATH);
  const flush = (): void => {
    if (gathered.length > 0) pieces.push({ path: pathOf(), page, text: gathered.join('\n\n') });
    gathered = [];
  };

  blocks.forEach((block, place) => {
    if (block.kind === 'heading') {
      flush();
      while ((headings.at(-1)?.level ?? -1) >= block.level) headings.pop();
      // A heading with nothing below it says something all the same.
      if (isBare(block.level, blocks[place + 1])) pieces.push({ path: pathOf(), page: block.page, text: block.text });
      headings.push({ level: block.level, text: block.text });
      return;
    }
    for (const text of partsOf(block)) {
      const size = gathered.reduce((sum, each) => sum + each.length + 2, text.length);
      if (gathered.length > 0 && size > TARGET) flush();
      if (gathered.length === 0) page = block.page;
      gathered.push(text);
    }
  });
  flush();
  return pieces;
}

function isBare(level: number, next: Block | undefined): boolean {
  return next === undefined || (next.kind === 'heading' && next.level <= level);
}

function partsOf(block: Exclude<Block, { kind: 'heading' }>): string[] {
  if (block.kind === 'table') return tableParts(block.rows);
  return block.text.length <= LONGEST ? [block.text] : gather(sentencesOf(block.text));
}

/** Sentences; one that is longer than a piece is cut at words, and a word at letters. */
function sentencesOf(text: string): string[] {
  return [...sentences.segment(text)].flatMap(({ segment }) =>
    segment.length <= TARGET ? [segment] : (segment.match(/\S{1,450}\s*/gu) ?? []),
  );
}

/** A table stays whole where it is small; else each part begins with its head. */
function tableParts(rows: readonly string[][]): string[] {
  const lines = rows.map((row) => row.join(' | '));
  const whole = lines.join('\n');
  if (whole.length <= TARGET) return [whole];
  const [head = '', ...rest] = lines;
  const room = head.length < TARGET / 3 ? head.length + 1 : 0;
  const parts = gather(
    rest.flatMap((line) => (line.length <= TARGET ? [`${line}\n`] : sentencesOf(line))),
    TARGET - room,
  );
  return room > 0 ? parts.map((part) => `${head}\n${part}`) : [head, ...parts];
}

/** Joins what follows each other up to a size, in parts of about the same length. */
function gather(parts: readonly string[], most = TARGET): string[] {
  const all = parts.reduce((sum, part) => sum + part.length, 0);
  const even = Math.min(most, Math.ceil(all / Math.ceil(all / most)) + 80);
  const gathered: string[] = [];
  let current = '';
  for (const part of parts) {
    if (current !== '' && current.length + part.length > even) {
      gathered.push(current.trim());
      current = '';
    }
    current += part;
  }
  if (current.trim() !== '') gathered.push(current.trim());
  return gathered;
}
