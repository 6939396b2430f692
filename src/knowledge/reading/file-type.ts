import { strFromU8 } from 'fflate';
import { utf16Of } from '../../lib/encodings.ts';
import { guessEncoding } from './guess-encoding.ts';
import { Unreadable } from './material.ts';

const PICTURES = ['\x89PNG', '\xff\xd8\xff', 'GIF8', 'RIFF', 'II*\0', 'MM\0*'];
/** Not by its two letters alone: a text may begin with BMX. */
const BMP = /^BM[^]{4}\0{4}/;
const SVG = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*)?(?:<!doctype svg[^>]*>\s*)?<svg[\s>]/i;
/** So much of a file tells how its letters are written. */
const SAMPLE = 65_536;

/** What a file is, by its first bytes; its name may say anything. Throws Unreadable for what no reader is there for. */
export function fileType(bytes: Uint8Array): 'pdf' | 'archive' | 'html' | 'text' {
  if (bytes.length === 0) throw new Unreadable('This file is empty.');
  const start = strFromU8(bytes.subarray(0, 1024), true);
  if (start.includes('%PDF-')) return 'pdf';
  if (start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06')) return 'archive';
  if (start.startsWith('\xd0\xcf\x11\xe0')) throw oldOffice(bytes);
  if (start.startsWith('{\\rtf')) throw new Unreadable('This is an RTF file. Open it and save it as .docx or PDF, then upload that.');
  if (/^(?:Rar!|7z\xbc\xaf|\x1f\x8b|BZh|\xfd7zXZ)/.test(start))
    throw new Unreadable('This is an archive. Unpack it and upload the files inside.');
  if (/^MZ[^]{0,200}\0|^\x7fELF|^\xcf\xfa\xed\xfe/.test(start))
    throw new Unreadable('This is a program, and Deskbell doesn’t open programs. Upload a document.');
  const isHtml = /<(?:!doctype html|html|head|body)[\s>]/i.test(start);
  if (PICTURES.some((mark) => start.startsWith(mark)) || BMP.test(start) || (!isHtml && SVG.test(start))) {
    throw new Unreadable('This is a picture, and Deskbell can’t read pictures. Upload the text it was made from, or paste the text.');
  }
  return isHtml ? 'html' : 'text';
}

const OLD_OFFICE: [stream: string, says: string][] = [
  ['EncryptedPackage', 'This file asks for a password. Save it without one and upload it again.'],
  ['WordDocument', 'This is a Word file of the old kind, .doc. Save it as .docx and upload that.'],
  ['Workbook', 'This is an Excel file of the old kind, .xls. Save it as .xlsx and upload that.'],
  ['PowerPoint Document', 'This is a PowerPoint file of the old kind, .ppt. Save it as .pptx and upload that.'],
  ['__substg1.0_', 'This is a message of Outlook. Save it as text or PDF and upload that.'],
];

/** The container of Office before 2007 is also the one that locked files of today lie in. */
function oldOffice(bytes: Uint8Array): Unreadable {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [, says] = OLD_OFFICE.find(([stream]) => content.includes(stream, 0, 'utf16le')) ?? [];
  return new Unreadable(says ?? 'This is an Office file of the old kind. Save it as .docx, .xlsx, .pptx or PDF and upload that.');
}

/** The text of a text file: UTF-8, UTF-16 with or without its mark, else what its letters tell. Throws Unreadable for what is none of them. */
export function decodeText(bytes: Uint8Array): string {
  const utf16 = utf16Of(bytes);
  if (utf16) return new TextDecoder(utf16).decode(bytes);
  if (bytes.subarray(0, SAMPLE).includes(0)) throw notText();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Random bytes are no text in any encoding; text has hardly any control characters.
    if (controlsIn(bytes.subarray(0, SAMPLE)) > 3) throw notText();
    const encoding = guessEncoding(bytes);
    if (encoding === null) {
      throw new Unreadable('Deskbell can’t tell in which encoding this text is written. Save it as UTF-8 and upload that.');
    }
    return new TextDecoder(encoding).decode(bytes);
  }
}

/** The same of a page, which may say itself how it is written, or by the `type` that it was sent with: "text/html; charset=koi8-r". */
export function decodeHtml(bytes: Uint8Array, type = ''): string {
  const head = strFromU8(bytes.subarray(0, 2048), true);
  const said = /charset\s*=\s*["']?([\w-]+)/i.exec(type)?.[1] ?? /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1];
  // A byte order mark is never wrong, and what could be read so far isn't UTF-16.
  if (said === undefined || /^utf-?16/i.test(said) || /^(?:\xff\xfe|\xfe\xff|\xef\xbb\xbf)/.test(head)) return decodeText(bytes);
  try {
    return new TextDecoder(said, { fatal: true }).decode(bytes);
  } catch {
    return decodeText(bytes);
  }
}

function controlsIn(bytes: Uint8Array): number {
  return bytes.reduce((count, byte) => count + (byte < 0x09 || (byte > 0x0d && byte < 0x20) || byte === 0x7f ? 1 : 0), 0);
}

function notText(): Unreadable {
  return new Unreadable(
    'Deskbell can’t tell what kind of file this is. It reads PDF, Word, PowerPoint, Excel, OpenDocument, EPUB, CSV, Markdown, HTML and plain text.',
  );
}
