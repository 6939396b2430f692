/** Office files, e-books and other archives made for tests: the least that their formats ask for. */
import { strToU8, zipSync } from 'fflate';

const OFFICE = 'http://schemas.openxmlformats.org';
const RELATION = `${OFFICE}/officeDocument/2006/relationships`;
const CONTENT = 'application/vnd.openxmlformats-officedocument';

/** An archive of texts, in this order. */
export function zipOf(members: Record<string, string>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(members).map(([name, text]) => [name, strToU8(text)])));
}

export function relations(...targets: [type: string, target: string, more?: string][]): string {
  const each = targets.map(
    ([type, target, more = ''], index) => `<Relationship Id="r${index + 1}" Type="${RELATION}/${type}" Target="${target}" ${more}/>`,
  );
  return `<Relationships xmlns="${OFFICE}/package/2006/relationships">${each.join('')}</Relationships>`;
}

/** An Office file whose main part is of this content type. */
export function office(main: string, type: string, members: Record<string, string>): Uint8Array {
  return zipOf({
    '[Content_Types].xml': `<Types xmlns="${OFFICE}/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/${main}" ContentType="${CONTENT}.${type}.main+xml"/></Types>`,
    '_rels/.rels': relations(['officeDocument', main]),
    ...members,
  });
}

export interface MadeSheet {
  name: string;
  /** `<row>` elements. */
  rows: string;
  state?: 'hidden' | 'veryHidden';
}

/** An Excel file. Styles: 1 is yyyy-mm-dd hh:mm, 2 a price in euros, 3 per cent, 4 [h]:mm, 5 the built-in date. */
export function xlsx(
  sheets: MadeSheet[],
  { strings = [], workbook = '', more = {} }: { strings?: string[]; workbook?: string; more?: Record<string, string> } = {},
): Uint8Array {
  const listed = sheets.map(
    ({ name, state }, n) => `<sheet name="${name}" sheetId="${n + 1}" ${state ? `state="${state}"` : ''} r:id="r${n + 1}"/>`,
  );
  return office('xl/workbook.xml', 'spreadsheetml.sheet', {
    'xl/workbook.xml': `<workbook xmlns:r="${RELATION}">${workbook}<sheets>${listed.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(
      ...sheets.map((_sheet, n): [string, string] => ['worksheet', `worksheets/sheet${n + 1}.xml`]),
      ['styles', 'styles.xml'],
      ['sharedStrings', 'sharedStrings.xml'],
    ),
    'xl/styles.xml': `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/><numFmt numFmtId="165" formatCode="#,##0.00\\ [$€-407];[Red]\\-#,##0.00"/></numFmts>
      <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${[0, 164, 165, 9, 46, 14].map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `<sst>${strings.map((text) => `<si>${text}</si>`).join('')}</sst>`,
    ...Object.fromEntries(
      sheets.map(({ rows }, n) => [`xl/worksheets/sheet${n + 1}.xml`, `<worksheet><sheetData>${rows}</sheetData></worksheet>`]),
    ),
    ...more,
  });
}

/** A `<row>` of inline strings. */
export function textRow(...cells: string[]): string {
  return `<row>${cells.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`).join('')}</row>`;
}

export interface MadeSlide {
  title?: string;
  /** What follows the title's shape, such as `shape('…')`. */
  body: string;
  notes?: string;
  hidden?: boolean;
}

const lines = (text: string): string =>
  text
    .split('\n')
    .map((line) => `<a:p><a:r><a:t>${line}</a:t></a:r></a:p>`)
    .join('');

/** A shape of a slide; each line of its text a paragraph. */
export function shape(text: string, placeholder = ''): string {
  const kind = placeholder === '' ? '' : `<p:ph type="${placeholder}"/>`;
  return `<p:sp><p:nvSpPr><p:nvPr>${kind}</p:nvPr></p:nvSpPr><p:txBody>${lines(text)}</p:txBody></p:sp>`;
}

export function slideTable(rows: string[][]): string {
  const cell = (text: string): string => `<a:tc><a:txBody>${lines(text)}</a:txBody></a:tc>`;
  return `<p:graphicFrame><a:tbl>${rows.map((row) => `<a:tr>${row.map(cell).join('')}</a:tr>`).join('')}</a:tbl></p:graphicFrame>`;
}

/** A PowerPoint file. The slides are shown in this order, whatever their names. */
export function pptx(slides: MadeSlide[], more: Record<string, string> = {}): Uint8Array {
  const parts = slides.flatMap(({ title, body, notes, hidden }, n) => {
    const heading = title === undefined ? '' : shape(title, 'title');
    const name = `ppt/slides/slide${slides.length - n}.xml`;
    const slide = `<p:sld ${hidden ? 'show="0"' : ''}>${body}${heading}${shape(String(n + 1), 'sldNum')}</p:sld>`;
    if (notes === undefined) return [[name, slide]];
    return [
      [name, slide],
      [`ppt/slides/_rels/slide${slides.length - n}.xml.rels`, relations(['notesSlide', `../notesSlides/notes${n}.xml`])],
      [`ppt/notesSlides/notes${n}.xml`, `<p:notes>${shape(notes, 'body')}</p:notes>`],
    ];
  });
  return office('ppt/presentation.xml', 'presentationml.presentation', {
    'ppt/presentation.xml': `<p:presentation xmlns:r="${RELATION}"><p:sldIdLst>${slides.map((_slide, n) => `<p:sldId id="${256 + n}" r:id="r${n + 1}"/>`).join('')}</p:sldIdLst></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': relations(
      ...slides.map((_slide, n): [string, string] => ['slide', `slides/slide${slides.length - n}.xml`]),
    ),
    ...(Object.fromEntries(parts) as Record<string, string>),
    ...more,
  });
}

/** An OpenDocument file. `styles` are its automatic ones. */
export function openDocument(
  kind: 'text' | 'presentation' | 'spreadsheet',
  body: string,
  { styles = '', more = {} }: { styles?: string; more?: Record<string, string> } = {},
): Uint8Array {
  return zipOf({
    mimetype: `application/vnd.oasis.opendocument.${kind}`,
    'content.xml': `<office:document-content><office:automatic-styles>${styles}</office:automatic-styles><office:body><office:${kind}>${body}</office:${kind}></office:body></office:document-content>`,
    ...more,
  });
}

/** An e-book of chapters, in reading order: [name of the file, HTML of the body]. `toc` is its EPUB 2 list of contents. */
export function epub(
  chapters: [name: string, body: string][],
  { toc = '', more = {} }: { toc?: string; more?: Record<string, string> } = {},
): Uint8Array {
  const items = chapters.map(
    ([name], n) => `<item id="c${n}" href="text/${encodeURIComponent(name)}" media-type="application/xhtml+xml"/>`,
  );
  const spine = chapters.map((_chapter, n) => `<itemref idref="c${n}"/>`);
  return zipOf({
    mimetype: 'application/epub+zip',
    'META-INF/container.xml': '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
    'OEBPS/book.opf': `<package><manifest>${[...items].reverse().join('')}<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/></manifest><spine>${spine.join('')}</spine></package>`,
    'OEBPS/toc.ncx': `<ncx><navMap>${toc}</navMap></ncx>`,
    ...Object.fromEntries(
      chapters.map(([name, body]) => [
        `OEBPS/text/${name}`,
        `<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "x"><html><head><title/></head><body>${body}</body></html>`,
      ]),
    ),
    ...more,
  });
}

/** A member of an archive that says of itself what it likes. */
export interface LyingMember {
  name: string;
  content: Uint8Array;
  /** 0 stored, 8 deflated. */
  method?: number;
  flags?: number;
  crc?: number;
  unfolded?: number;
  /** What the list says of its place; else where it is. */
  at?: number;
  folded?: number;
}

/** An archive written byte by byte, for what no zip library writes. */
export function lyingZip(members: LyingMember[]): Uint8Array {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let place = 0;
  for (const { name, content, method = 0, flags = 0, crc = 0, unfolded = content.length, at = place, folded = content.length } of members) {
    const fields = Buffer.alloc(26);
    [20, flags, method, 0, 0].forEach((value, index) => fields.writeUInt16LE(value, index * 2));
    [crc, folded, unfolded].forEach((value, index) => fields.writeUInt32LE(value, 10 + index * 4));
    fields.writeUInt16LE(name.length, 22);
    const header = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), content]);
    const after = Buffer.alloc(14);
    after.writeUInt32LE(at, 10);
    list.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), fields, after, Buffer.from(name)]));
    parts.push(header);
    place += header.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(Buffer.concat(list).length, 12);
  end.writeUInt32LE(place, 16);
  return Buffer.concat([...parts, ...list, end]);
}
