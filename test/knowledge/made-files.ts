/** Small files made for tests, so that none is carried in the repository: PDF by its own syntax, DOCX as the zip it is. */
import { strToU8, zipSync, type Zippable } from 'fflate';

export interface PdfLine {
  text: string;
  size?: number;
  /** Height on the page, points from below. */
  y: number;
}

/** A PDF of pages of lines, in Helvetica; text in Latin-1. */
export function pdf(pages: PdfLine[][], extra: { trailer?: string; objects?: string[] } = {}): Uint8Array {
  const contents = pages.map((lines) =>
    lines.map(({ text, size = 11, y }) => `BT /F1 ${size} Tf 50 ${y} Td (${text.replace(/[\\()]/g, '\\$&')}) Tj ET`).join('\n'),
  );
  return pdfOf(contents, '<< /Font << /F1 3 0 R >> >>', extra);
}

/** A PDF whose pages are one picture each, and no text. */
export function picturePdf(pages: number): Uint8Array {
  const picture = `<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\nstream\n\0\nendstream`;
  const place = 3 + pages * 2 + 1;
  return pdfOf(Array<string>(pages).fill('q 500 0 0 700 50 50 cm /I1 Do Q'), `<< /XObject << /I1 ${place} 0 R >> >>`, {
    objects: [picture],
  });
}

/** A PDF that asks for a password: its check value fits no password at all. */
export function lockedPdf(): Uint8Array {
  const nothing = `<${'00'.repeat(32)}>`;
  const locked = `/Encrypt << /Filter /Standard /V 1 /R 2 /O ${nothing} /U ${nothing} /P -4 >> /ID [<00> <00>]`;
  return pdf([[{ text: 'Secret recipe', y: 700 }]], { trailer: locked });
}

function pdfOf(
  contents: string[],
  resources: string,
  { trailer = '', objects: more = [] }: { trailer?: string; objects?: string[] },
): Uint8Array {
  const page = (index: number): number => 4 + index * 2;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${contents.length} /Kids [${contents.map((_, index) => `${page(index)} 0 R`).join(' ')}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    ...contents.flatMap((content, index) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources ${resources} /Contents ${page(index) + 1} 0 R >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    ]),
    ...more,
  ];
  let file = '%PDF-1.4\n';
  const places = objects.map((object, index) => {
    const at = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')}`;
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${table}\n%%EOF`;
  return Buffer.from(file, 'latin1');
}

const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';

/** A Word file with a body of paragraphs: [style or '', text]; style 'Heading1' and the like. */
export function docx(paragraphs: [style: string, text: string][], more: Zippable = {}): Uint8Array {
  const body = paragraphs
    .map(([style, text]) => `<w:p>${style === '' ? '' : `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`}<w:r><w:t>${text}</w:t></w:r></w:p>`)
    .join('');
  const styles = [1, 2].map((n) => `<w:style w:type="paragraph" w:styleId="Heading${n}"><w:name w:val="heading ${n}"/></w:style>`).join('');
  return docxOf(`<w:document xmlns:w="${WORD}"><w:body>${body}</w:body></w:document>`, {
    'word/styles.xml': strToU8(`<w:styles xmlns:w="${WORD}">${styles}</w:styles>`),
    ...more,
  });
}

export function docxOf(document: string, more: Zippable = {}): Uint8Array {
  const types =
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>';
  const relations =
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>';
  return zipSync(
    { '[Content_Types].xml': strToU8(types), '_rels/.rels': strToU8(relations), 'word/document.xml': strToU8(document), ...more },
    { level: 9 },
  );
}

/** A Word file whose text unfolds to as many MB of blanks. */
export function bombDocx(megabytes: number): Uint8Array {
  const text = new Uint8Array(megabytes * 1024 * 1024).fill(0x20);
  return docx([['', 'Boom']], { 'word/document.xml': [text, { level: 1 }] });
}

/** What files of Office before 2007 lie in, with a stream of this name: no more than its beginning is looked at. */
export function oldOffice(stream: string): Uint8Array {
  const begin = Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'latin1');
  return Buffer.concat([begin, Buffer.alloc(504), Buffer.from(stream, 'utf16le'), Buffer.alloc(512)]);
}
