/** Word files: through mammoth into HTML, which keeps headings, lists and tables. */
import { Unzip, UnzipInflate, type UnzipFile } from 'fflate';
import mammoth from 'mammoth';
import { LIMITS, Unreadable, type Block } from './material.ts';
import { readHtml } from './read-html.ts';

const ENTRIES_AT_MOST = 5000;
/** Fed in pieces, so that a bomb is noticed before it has unfolded. */
const PIECE = 64 * 1024;

export async function readDocx(bytes: Uint8Array): Promise<Block[]> {
  const names = unfoldSafely(bytes);
  if (!names.includes('word/document.xml')) throw new Unreadable(insteadOf(names));
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    // Pictures are left where they are: their bytes would be carried along as text.
    const { value } = await mammoth.convertToHtml({ buffer }, { convertImage: mammoth.images.imgElement(async () => ({ src: '' })) });
    return readHtml(value);
  } catch (cause) {
    if (cause instanceof Unreadable) throw cause;
    throw new Unreadable('This Word file is damaged. Open it in Word, save it again as .docx, and upload that.', { cause });
  }
}

/**
 * Names of the entries of a zip archive, after each was unfolded once and thrown away, counting: the sizes that an archive states may lie.
 * Throws Unreadable for a bomb, and for what is broken.
 */
function unfoldSafely(bytes: Uint8Array): string[] {
  const names: string[] = [];
  let unfolded = 0;
  const unzip = new Unzip((file: UnzipFile) => {
    names.push(file.name);
    if (names.length > ENTRIES_AT_MOST) throw bomb();
    file.ondata = (error, piece) => {
      if (error) throw error;
      unfolded += piece.length;
      if (unfolded > LIMITS.unfolded) throw bomb();
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  try {
    for (let at = 0; at < bytes.length; at += PIECE) unzip.push(bytes.subarray(at, at + PIECE), at + PIECE >= bytes.length);
  } catch (cause) {
    if (cause instanceof Unreadable) throw cause;
    throw new Unreadable('This file is damaged: it says it is compressed, and doesn’t unfold. Save it again and upload that.', { cause });
  }
  return names;
}

function bomb(): Unreadable {
  return new Unreadable(
    'This file unfolds to far more than it shows. Deskbell doesn’t open such files. Paste the text, or save it as PDF.',
  );
}

function insteadOf(names: readonly string[]): string {
  if (names.includes('xl/workbook.xml')) return 'This is an Excel file. Save the sheet as PDF, or paste the text.';
  if (names.includes('ppt/presentation.xml')) return 'This is a PowerPoint file. Save it as PDF and upload that.';
  if (names.includes('content.xml')) return 'This is an OpenDocument file. Save it as .docx or PDF and upload that.';
  return 'This is a ZIP archive. Unpack it and upload the files inside.';
}
