/** Files that are archives: of Office, of OpenDocument, e-books. */
import { Archive } from './archive.ts';
import { archiveType, type ArchiveType } from './archive-type.ts';
import type { FileContent, OnProgress } from './material.ts';
import { readDocx } from './read-docx.ts';
import { readEpub } from './read-epub.ts';
import { readOdf } from './read-odf.ts';
import { readPptx } from './read-pptx.ts';
import { readXlsx } from './read-xlsx.ts';

const OFFICE = 'application/vnd.openxmlformats-officedocument.';
const OPEN_DOCUMENT = 'application/vnd.oasis.opendocument.';
const MIME: Record<ArchiveType['type'], string> = {
  docx: `${OFFICE}wordprocessingml.document`,
  xlsx: `${OFFICE}spreadsheetml.sheet`,
  pptx: `${OFFICE}presentationml.presentation`,
  odt: `${OPEN_DOCUMENT}text`,
  ods: `${OPEN_DOCUMENT}spreadsheet`,
  odp: `${OPEN_DOCUMENT}presentation`,
  epub: 'application/epub+zip',
};

/** Rejects with Unreadable. */
export async function readArchive(bytes: Uint8Array, onProgress: OnProgress): Promise<FileContent> {
  const archive = new Archive(bytes);
  const found = archiveType(archive);
  return { pages: null, leftOut: null, ...(await contentOf(archive, found, onProgress)), mime: MIME[found.type] };
}

async function contentOf(
  archive: Archive,
  found: ArchiveType,
  onProgress: OnProgress,
): Promise<Partial<FileContent> & Pick<FileContent, 'blocks'>> {
  switch (found.type) {
    case 'docx':
      return { blocks: await readDocx(archive, found.main) };
    case 'xlsx': {
      const { blocks, leftOut } = readXlsx(archive, found.main);
      return { blocks, leftOut: hidden(leftOut, 'sheet') };
    }
    case 'pptx': {
      const { leftOut, ...content } = readPptx(archive, found.main, onProgress);
      return { ...content, leftOut: hidden(leftOut, 'slide') };
    }
    case 'odt':
      return { blocks: readOdf(archive, 'text').blocks };
    case 'odp': {
      const { blocks, pages } = readOdf(archive, 'presentation');
      return { blocks, pages };
    }
    case 'ods': {
      const { blocks, leftOut } = readOdf(archive, 'spreadsheet');
      return { blocks, leftOut: hidden(leftOut, 'sheet') };
    }
    case 'epub':
      return { blocks: readEpub(archive) };
  }
}

function hidden(count: number, what: string): string | null {
  if (count === 0) return null;
  return count === 1 ? `One hidden ${what} was left out.` : `${count} hidden ${what}s were left out.`;
}
