/** Plain text and Markdown: headings where there are any, else paragraphs. */
import type { Block } from './material.ts';

const HEADING = /^ {0,3}(#{1,6})\s+(.+?)\s*#*\s*$/;
const FENCE = /^ {0,3}(?:```|~~~)/;
const FRONT_MATTER = /^\uFEFF?---\r?\n[\s\S]*?\n---\r?\n/;

/** Markdown needs no parser here: what matters are headings, paragraphs and tables, and its marks do no harm in a passage. */
export function readText(text: string): Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  let fenced = false;
  const flush = (): void => {
    const block = blockOf(lines);
    if (block) blocks.push(block);
    lines = [];
  };
  for (const line of text
    .replace(FRONT_MATTER, '')
    .replaceAll('\f', '\n\n')
    .split(/\r\n|\r|\n/)) {
    if (FENCE.test(line)) fenced = !fenced;
    const heading = fenced ? null : HEADING.exec(line);
    const underline = fenced || lines.length !== 1 ? null : /^ {0,3}(=+|-{2,})\s*$/.exec(line);
    if (heading) {
      flush();
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, text: heading[2] ?? '', page: null });
    } else if (underline) {
      blocks.push({ kind: 'heading', level: underline[1]?.startsWith('=') ? 1 : 2, text: (lines[0] ?? '').trim(), page: null });
      lines = [];
    } else if (line.trim() === '' && !fenced) {
      flush();
    } else {
      lines.push(line);
    }
  }
  flush();
  return blocks;
}

function blockOf(lines: readonly string[]): Block | null {
  const text = lines.join('\n').trim();
  if (text === '') return null;
  const isTable = lines.length > 1 && lines.every((line) => line.trim().startsWith('|'));
  return isTable ? { kind: 'table', rows: rowsOf(lines), page: null } : { kind: 'text', text, page: null };
}

/** Cells of a Markdown table, without the line that draws its rule. */
function rowsOf(lines: readonly string[]): string[][] {
  const cells = lines.map((line) =>
    line
      .trim()
      .replace(/^\||\|$/g, '')
      .split('|')
      .map((cell) => cell.trim()),
  );
  return cells.filter((row) => !row.every((cell) => /^:?-+:?$/.test(cell)));
}
