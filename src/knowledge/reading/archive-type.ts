import { posix } from 'node:path';
import { strFromU8 } from 'fflate';
import { locked, type Archive } from './archive.ts';
import { Unreadable } from './material.ts';
import { relationsOf } from './relations.ts';
import { readXml } from './xml.ts';

/** What lies in an archive; `main` is the member that leads to the others. */
export type ArchiveType = { type: 'docx' | 'xlsx' | 'pptx'; main: string } | { type: 'odt' | 'odp' | 'ods' } | { type: 'epub' };

const OPEN_DOCUMENT = 'application/vnd.oasis.opendocument.';
const LONGEST_MIMETYPE = 200;

/** What an archive is, by its members; its name may say anything. Throws Unreadable for what no reader is there for. */
export function archiveType(archive: Archive): ArchiveType {
  const mimetype = archive.has('mimetype') ? strFromU8(archive.read('mimetype').subarray(0, LONGEST_MIMETYPE)).trim() : '';
  if (mimetype === 'application/epub+zip' || archive.has('META-INF/container.xml')) return { type: 'epub' };
  if (mimetype.startsWith(OPEN_DOCUMENT)) return openDocument(archive, mimetype.slice(OPEN_DOCUMENT.length));
  const main = relationsOf(archive, '').find(({ type }) => type === 'officeDocument')?.target;
  if (main !== undefined) return officeFile(archive, main);
  if (archive.names.some((name) => /^index\/.*\.iwa$|^index\.zip$/i.test(name))) {
    throw new Unreadable('This is a file of Pages, Numbers or Keynote. Export it as PDF, Word, Excel or PowerPoint and upload that.');
  }
  throw new Unreadable('This is a ZIP archive. Unpack it and upload the files inside.');
}

function openDocument(archive: Archive, kind: string): ArchiveType {
  refuseLocked(archive);
  const [name] = kind.replace('-template', '').split(';');
  if (name === 'text' || name === 'text-master' || name === 'text-web') return { type: 'odt' };
  if (name === 'presentation') return { type: 'odp' };
  if (name === 'spreadsheet') return { type: 'ods' };
  throw new Unreadable('This is an OpenDocument drawing, chart or formula. Save it as PDF and upload that.');
}

/** With a password, all but the manifest is noise. */
function refuseLocked(archive: Archive): void {
  if (!archive.has('META-INF/manifest.xml')) return;
  readXml(archive, 'META-INF/manifest.xml', {
    open(name) {
      if (name === 'encryption-data') throw locked();
    },
  });
}

function officeFile(archive: Archive, main: string): ArchiveType {
  const type = contentType(archive, main);
  if (/sheet\.binary/.test(type))
    throw new Unreadable('This is an Excel file of the binary kind, .xlsb. Save it as .xlsx and upload that.');
  if (/wordprocessingml|ms-word/.test(type)) return { type: 'docx', main };
  if (/spreadsheetml|ms-excel/.test(type)) return { type: 'xlsx', main };
  if (/presentationml|ms-powerpoint/.test(type)) return { type: 'pptx', main };
  throw new Unreadable('This is an Office file of a kind that Deskbell doesn’t know. Save it as PDF and upload that.');
}

function contentType(archive: Archive, member: string): string {
  const types = new Map<string, string>();
  if (!archive.has('[Content_Types].xml')) return '';
  readXml(archive, '[Content_Types].xml', {
    open(_name, { PartName: part, Extension: ending, ContentType: type = '' }) {
      if (part !== undefined) types.set(part.toLowerCase(), type);
      else if (ending !== undefined) types.set(`.${ending.toLowerCase()}`, type);
    },
  });
  return types.get(`/${member.toLowerCase()}`) ?? types.get(posix.extname(member).toLowerCase()) ?? '';
}
