/** E-books: chapters in the order of their spine, as the pages of HTML that they are. */
import { posix } from 'node:path';
import type { Archive } from './archive.ts';
import { LIMITS, tooMuchText, Unreadable, type Block } from './material.ts';
import { readHtml } from './read-html.ts';
import { readXml } from './xml.ts';

const CONTAINER = 'META-INF/container.xml';
const LOCKS = 'META-INF/encryption.xml';
/** What makes fonts hard to take out of a book locks no text. */
const OF_FONTS = new Set(['http://www.idpf.org/2008/embedding', 'http://ns.adobe.com/pdf/enc#RC']);
const CHAPTER = new Set(['application/xhtml+xml', 'text/html', 'application/xml']);
/** In HTML, what isn't void swallows what follows when it closes itself. */
const CLOSES_ITSELF = /<((?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)[a-z][\w:-]*)((?:\s[^<>]*)?)\/>/gi;

interface Part {
  member: string;
  type: string;
  properties: string;
}

export function readEpub(archive: Archive): Block[] {
  refuseLocked(archive);
  const { chapters, contents } = bookOf(archive);
  const titles = titlesOf(archive, contents);
  const blocks: Block[] = [];
  let size = 0;
  for (const chapter of chapters) {
    const html = new TextDecoder().decode(archive.read(chapter)).replace(CLOSES_ITSELF, '<$1$2></$1>');
    const read = readHtml(html);
    size += read.reduce((sum, block) => sum + (block.kind === 'table' ? block.rows.flat().join().length : block.text.length), 0);
    if (size > LIMITS.characters) throw tooMuchText();
    const title = titles.get(chapter);
    // A chapter whose heading is a picture, or only stands in the list of contents.
    if (title !== undefined && read.length > 0 && !read.some(({ kind }) => kind === 'heading')) {
      blocks.push({ kind: 'heading', level: 1, text: title, page: null });
    }
    for (const block of read) blocks.push(block);
  }
  return blocks;
}

function refuseLocked(archive: Archive): void {
  if (!archive.has(LOCKS)) return;
  readXml(archive, LOCKS, {
    open(name, { Algorithm: algorithm = '' }) {
      if (name === 'EncryptionMethod' && !OF_FONTS.has(algorithm)) {
        throw new Unreadable(
          'This e-book is protected against copying, and only its seller’s apps open it. Upload a copy without protection.',
        );
      }
    },
  });
}

/** The chapters in reading order, each once, and the parts that may hold the list of contents. */
function bookOf(archive: Archive): { chapters: string[]; contents: string[] } {
  let packageMember = '';
  readXml(archive, CONTAINER, {
    open(name, attributes) {
      if (name === 'rootfile') packageMember ||= attributes['full-path'] ?? '';
    },
  });
  const parts = new Map<string, Part>();
  const spine = new Set<string>();
  readXml(archive, packageMember, {
    open(name, { id = '', href = '', 'media-type': type = '', properties = '', idref = '' }) {
      if (name === 'item') parts.set(id, { member: memberOf(packageMember, href), type, properties });
      else if (name === 'itemref') spine.add(idref);
    },
  });
  const isContents = ({ type, properties }: Part): boolean =>
    type === 'application/x-dtbncx+xml' || properties.split(/\s+/).includes('nav');
  const known = [...parts.values()].filter(({ member }) => archive.has(member));
  const inOrder = [...spine]
    .flatMap((id) => parts.get(id) ?? [])
    .filter((part) => archive.has(part.member) && CHAPTER.has(part.type) && !isContents(part));
  return { chapters: [...new Set(inOrder.map(({ member }) => member))], contents: known.filter(isContents).map(({ member }) => member) };
}

/** What the lists of contents call each chapter: both kinds, of EPUB 2 and 3, name first and place after, or the other way round. */
function titlesOf(archive: Archive, contents: readonly string[]): Map<string, string> {
  const titles = new Map<string, string>();
  for (const member of contents) {
    let place = '';
    let text = '';
    const keep = (): void => {
      const chapter = memberOf(member, place);
      const title = text.replace(/\s+/g, ' ').trim();
      if (title !== '' && !titles.has(chapter)) titles.set(chapter, title);
    };
    readXml(archive, member, {
      open(name, { href, src = '' }) {
        if (name === 'navLabel' || name === 'a') text = '';
        if (name === 'a') place = href ?? '';
        if (name !== 'content') return;
        place = src;
        keep();
      },
      text: (more) => void (text += more),
      close(name) {
        if (name === 'a') keep();
      },
    });
  }
  return titles;
}

/** A member by an address out of another: "../text/one.xhtml#begin". */
function memberOf(from: string, href: string): string {
  const [path = ''] = href.split('#');
  let plain = path;
  try {
    plain = decodeURIComponent(path);
  } catch (error) {
    // A name with a bare % stands as it is.
    if (!(error instanceof URIError)) throw error;
  }
  return posix.join('/', posix.dirname(from), plain).slice(1);
}
