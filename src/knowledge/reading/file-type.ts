import { strFromU8 } from 'fflate';
import { Unreadable } from './material.ts';

export type FileType = 'pdf' | 'docx' | 'html' | 'text';

export const MIME: Record<FileType, string> = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  html: 'text/html',
  text: 'text/plain',
};

const PICTURES = ['\x89PNG', '\xff\xd8\xff', 'GIF8', 'RIFF'];
/** Not by its two letters alone: a text may begin with BMX. */
const BMP = /^BM[^]{4}\0{4}/;
const SVG = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*)?(?:<!doctype svg[^>]*>\s*)?<svg[\s>]/i;

/** What a file is, by its first bytes; its name may say anything. Throws Unreadable for what no reader is there for. */
export function fileType(bytes: Uint8Array): FileType {
  if (bytes.length === 0) throw new Unreadable('This file is empty.');
  const start = strFromU8(bytes.subarray(0, 1024), true);
  if (start.includes('%PDF-')) return 'pdf';
  if (start.startsWith('PK\x03\x04')) return 'docx';
  if (start.startsWith('\xd0\xcf\x11\xe0')) {
    throw new Unreadable(
      'This is a Word or Excel file of the old kind, or one with a password. Save it as .docx without a password and upload that.',
    );
  }
  if (start.startsWith('{\\rtf')) throw new Unreadable('This is an RTF file. Open it and save it as .docx or PDF, then upload that.');
  const isHtml = /<(?:!doctype html|html|head|body)[\s>]/i.test(start);
  if (PICTURES.some((mark) => start.startsWith(mark)) || BMP.test(start) || (!isHtml && SVG.test(start))) {
    throw new Unreadable('This is a picture, and Deskbell can’t read pictures. Upload the text it was made from, or paste the text.');
  }
  return isHtml ? 'html' : 'text';
}

/** The text of a text file: UTF-8, UTF-16 by its mark, else Windows-1252. Throws Unreadable for what is no text. */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes.subarray(0, 65_536).includes(0)) throw notText();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const text = new TextDecoder('windows-1252').decode(bytes);
    // Random bytes decode to something too; text has hardly any control characters.
    if ((text.slice(0, 65_536).match(/[\u0001-\u0008\u000e-\u001f\u007f-\u009f]/g)?.length ?? 0) > 3) throw notText();
    return text;
  }
}

function notText(): Unreadable {
  return new Unreadable('Deskbell can’t tell what kind of file this is. It reads PDF, Word (.docx), Markdown, HTML and plain text.');
}
