/** PDF: lines by where they stand on the page, headings by the size of their letters. */
import { getDocumentProxy } from 'unpdf';
import { LIMITS, tooManyPages, tooMuchText, Unreadable, type Block, type OnProgress } from './material.ts';
import { blocksOfPages, type Line } from './pdf-layout.ts';

type Document = Awaited<ReturnType<typeof getDocumentProxy>>;
type Page = Awaited<ReturnType<Document['getPage']>>;

/** Fewer letters than this on a page, on average, and what is to be read isn't there as text. */
const LETTERS_OF_A_PICTURE = 12;

export async function readPdf(bytes: Uint8Array, onProgress: OnProgress): Promise<{ blocks: Block[]; pages: number }> {
  const document = await open(bytes);
  if (document.numPages > LIMITS.pages) throw tooManyPages(document.numPages);
  const pages: Line[][] = [];
  let letters = 0;
  for (let number = 1; number <= document.numPages; number += 1) {
    const lines = await readPage(document, number);
    letters += lines.reduce((sum, { text }) => sum + text.length, 0);
    if (letters > LIMITS.characters) throw tooMuchText();
    pages.push(lines);
    onProgress(number, document.numPages);
  }
  if (letters < LETTERS_OF_A_PICTURE * document.numPages) {
    throw new Unreadable('These pages are pictures of text. Upload the original, or paste the text.');
  }
  return { blocks: blocksOfPages(pages), pages: document.numPages };
}

async function open(bytes: Uint8Array): Promise<Document> {
  try {
    // `verbosity: 0`: pdf.js would tell the console about every oddity of a file.
    return await getDocumentProxy(bytes, { verbosity: 0, useSystemFonts: false, disableFontFace: true, maxImageSize: 1 });
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'PasswordException') {
      throw new Unreadable('This PDF asks for a password. Save it without one and upload it again.', { cause });
    }
    throw damaged(cause);
  }
}

async function readPage(document: Document, number: number): Promise<Line[]> {
  try {
    const page = await document.getPage(number);
    const lines = linesOf(await page.getTextContent({ includeMarkedContent: false }));
    page.cleanup();
    return lines;
  } catch (cause) {
    throw damaged(cause);
  }
}

function damaged(cause: unknown): Unreadable {
  return new Unreadable('This PDF is damaged. Open it, print it to PDF again, and upload that.', { cause });
}

/** Runs of text in the order of the file, joined to lines where they stand at the same height. */
function linesOf({ items }: Awaited<ReturnType<Page['getTextContent']>>): Line[] {
  const lines: Line[] = [];
  let ends = true;
  for (const item of items) {
    if (!('str' in item)) continue;
    const transform = item.transform as number[];
    const [x, y] = [transform[4] ?? 0, transform[5] ?? 0];
    const last = lines.at(-1);
    if (last && !ends && Math.abs(last.y - y) < Math.max(2, item.height / 2)) {
      last.text += item.str;
      last.size = Math.max(last.size, item.height);
      last.end = x + item.width;
    } else if (item.str.trim() !== '') {
      lines.push({ text: item.str, x, y, size: item.height, end: x + item.width });
    }
    if (item.str.trim() !== '' || item.hasEOL) ends = item.hasEOL;
  }
  return lines.map((line) => ({ ...line, text: line.text.replace(/\s+/g, ' ').trim() })).filter(({ text }) => text !== '');
}
