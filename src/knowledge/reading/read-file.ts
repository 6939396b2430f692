/** The text of a file, by what its content shows it to be. */
import { delimiterOf, type Delimiter } from '../../lib/delimiters.ts';
import { readRows } from './csv.ts';
import { decodeHtml, decodeText, fileType } from './file-type.ts';
import { LIMITS, tooMuchText, type Block, type FileContent, type OnProgress } from './material.ts';
import { readText } from './read-text.ts';
import { SheetRows } from './sheet-rows.ts';

/** Rejects with Unreadable. The readers of PDF, of archives and HTML are loaded when a file needs them: they weigh 60 MB together. */
export async function readFile(bytes: Uint8Array, onProgress: OnProgress): Promise<FileContent> {
  const type = fileType(bytes);
  if (type === 'pdf') {
    const { readPdf } = await import('./read-pdf.ts');
    return { ...(await readPdf(bytes, onProgress)), mime: 'application/pdf', leftOut: null };
  }
  if (type === 'archive') return (await import('./read-archive.ts')).readArchive(bytes, onProgress);
  const text = type === 'html' ? decodeHtml(bytes) : decodeText(bytes);
  if (text.length > LIMITS.characters) throw tooMuchText();
  const found = { pages: null, leftOut: null };
  if (type === 'html') return { ...found, blocks: (await import('./read-html.ts')).readHtml(text), mime: 'text/html' };
  const delimiter = delimiterOf(text);
  if (delimiter !== null) return { ...found, blocks: readSheet(text, delimiter), mime: 'text/csv' };
  return { ...found, blocks: readText(text), mime: 'text/plain' };
}

/** A sheet as text has a head, and no titles above it. */
function readSheet(text: string, delimiter: Delimiter): Block[] {
  const blocks: Block[] = [];
  const rows = new SheetRows({ headExpected: true, leastColumns: 2 }, (block) => blocks.push(block));
  readRows(text, delimiter, (cells) => rows.row(cells));
  rows.end();
  return blocks;
}
