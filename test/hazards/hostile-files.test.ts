/** Files that want more than to be read. Each ends in its own failure or in plain text, and the next file is read. */
import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { docx, docxOf } from '../knowledge/made-files.ts';
import { openDesk, passagesOf, readFile, type Desk } from '../knowledge/desk.ts';

/** A PDF of these objects, in order from 1, whose first is the catalogue. */
function pdfOf(objects: (string | Buffer)[]): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const at: number[] = [];
  for (const [index, object] of objects.entries()) {
    at.push(parts.reduce((sum, part) => sum + part.length, 0));
    parts.push(Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), Buffer.from(object), Buffer.from('\nendobj\n')]));
  }
  const start = parts.reduce((sum, part) => sum + part.length, 0);
  const table = at.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF`,
    ),
  );
  return Buffer.concat(parts);
}

const stream = (content: Buffer, more = ''): Buffer =>
  Buffer.concat([Buffer.from(`<< /Length ${content.length} ${more} >>\nstream\n`), content, Buffer.from('\nendstream')]);
const CATALOGUE = '<< /Type /Catalog /Pages 2 0 R >>';
const PAGE = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>';
const FONT = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>';
const pages = (kids: string, count = 1): string => `<< /Type /Pages /Kids [${kids}] /Count ${count} >>`;
const says = (text: string): Buffer => Buffer.from(`BT /F1 12 Tf 72 700 Td (${text}) Tj ET`);
const NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const word = (body: string, head = ''): Uint8Array =>
  docxOf(`<?xml version="1.0"?>${head}<w:document ${NS}><w:body><w:p><w:r><w:t>${body}</w:t></w:r></w:p></w:body></w:document>`);
const LAUGHS = `<!DOCTYPE x [<!ENTITY a "hahahahaha">${'bcdefghij'
  .split('')
  .map((name, n) => `<!ENTITY ${name} "${`&${'abcdefghi'[n]};`.repeat(10)}">`)
  .join('')}]>`;

describe('hostile files', function () {
  this.timeout(30_000);
  let desk: Desk;
  before(async () => void (desk = await openDesk()));
  after(() => desk.end());
  /** What each of them would bring in if it had its way. */
  const STOLEN = /root:|\/bin\/|hahahahaha{20}|alert|<script|refresh|javascript:/;

  async function ends(name: string, content: Uint8Array | string, expected: 'ready' | 'failed' | 'either'): Promise<string> {
    const source = await readFile(desk.ws, name, content);
    if (expected !== 'either') assert.equal(source.state, expected, source.says ?? '');
    const text = passagesOf(desk.ws, source.id).join('\n');
    assert.doesNotMatch(text, STOLEN);
    if (source.state === 'failed') assert.match(source.says ?? '', /^[A-Z][^<{]*\.$/, 'the failure is a plain sentence');
    return text;
  }

  for (const [what, name, content, expected] of [
    [
      'a PDF whose pages contain themselves',
      'loop.pdf',
      () => pdfOf([CATALOGUE, pages('2 0 R 3 0 R', 2), PAGE, stream(says('Hello')), FONT]),
      'either',
    ],
    [
      'a PDF that promises a billion pages',
      'many.pdf',
      () => pdfOf([CATALOGUE, pages('3 0 R', 1_000_000_000), PAGE, stream(says('Hello')), FONT]),
      'either',
    ],
    [
      'a PDF of half a MB whose page unfolds to 500 MB',
      'bomb.pdf',
      () => pdfOf([CATALOGUE, pages('3 0 R'), PAGE, stream(deflateSync(Buffer.alloc(500_000_000, ' ')), '/Filter /FlateDecode'), FONT]),
      'failed',
    ],
    [
      'a PDF that is compressed three times over',
      'deep.pdf',
      () => {
        let content: Buffer = Buffer.alloc(20_000_000, ' ');
        for (let n = 0; n < 3; n++) content = deflateSync(content);
        return pdfOf([CATALOGUE, pages('3 0 R'), PAGE, stream(content, `/Filter [${'/FlateDecode '.repeat(3)}]`), FONT]);
      },
      'failed',
    ],
    [
      'a PDF that runs JavaScript at its opening',
      'script.pdf',
      () =>
        pdfOf([
          CATALOGUE.replace('>>', '/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>'),
          pages('3 0 R'),
          PAGE,
          stream(says('We open at nine.')),
          FONT,
        ]),
      'ready',
    ],
    ['a Word file whose entities unfold to a billion', 'laughs.docx', () => word('Hello &j;', LAUGHS), 'either'],
    [
      'a Word file that asks for a file of this machine',
      'xxe.docx',
      () => word('Hello &x;', '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
      'either',
    ],
    [
      'a Word file whose picture lies on this machine',
      'link.docx',
      () => {
        const drawing = `<w:drawing xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><a:blip r:link="rId9"/></w:drawing>`;
        return zipSync({
          'word/document.xml': strToU8(`<w:document ${NS}><w:body><w:p><w:r><w:t>Hello</w:t>${drawing}</w:r></w:p></w:body></w:document>`),
          'word/_rels/document.xml.rels': strToU8(
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" TargetMode="External" Target="file:///etc/passwd" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/></Relationships>',
          ),
        });
      },
      'either',
    ],
    [
      'an archive whose names climb',
      'climb.docx',
      () => zipSync({ '../../../../tmp/deskbell-climbed': strToU8('x'), 'word/document.xml': strToU8('<x/>') }),
      'failed',
    ],
    [
      'a picture of vectors with a script',
      'logo.svg',
      () =>
        '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script><text>Hello</text></svg>',
      'failed',
    ],
    [
      'a page of scripts, frames, refreshes and events',
      'page.html',
      () =>
        '<html><meta http-equiv=refresh content="0;url=javascript:alert(1)"><script>alert(1)</script><iframe srcdoc="<script>alert(1)</script>"></iframe><p onclick=alert(1)>We open at nine on Sunday.<style>@import "x"</style></p><template><p>alert</p></template><noscript>alert</noscript>',
      'ready',
    ],
    ['a page without an end to anything', 'open.html', () => `${'<div><table><tr><td><a href="'.repeat(20_000)}`, 'either'],
    [
      'XML that asks for a file of this machine',
      'x.html',
      () => '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>We open &x; at nine on Sunday.</p>',
      'ready',
    ],
    ['a text of null bytes', 'nulls.txt', () => Buffer.alloc(100_000), 'failed'],
    ['one line of ten million brackets', 'brackets.md', () => '['.repeat(9_000_000), 'either'],
    [
      'a table of a hundred thousand columns',
      'wide.md',
      () => `|${'a|'.repeat(100_000)}\n|${'-|'.repeat(100_000)}\n|${'b|'.repeat(100_000)}`,
      'either',
    ],
    [
      'headings within headings within headings',
      'steps.md',
      () => Array.from({ length: 30_000 }, (_, n) => `${'#'.repeat((n % 6) + 1)} Heading ${n}`).join('\n'),
      'either',
    ],
  ] as const)
    it(`${what}: it ends, and brings nothing in`, () => ends(name, content(), expected).then(() => undefined));

  it('a text that begins like a picture is read all the same', async () => {
    assert.match(await ends('bikes.txt', 'BMX bikes are lent from nine.', 'ready'), /BMX bikes/);
    await ends('bikes.bmp', Buffer.from('BM\x36\0\x0c\0\0\0\0\0\x36\0\0\0', 'latin1'), 'failed');
  });

  it('noise under any name ends in a plain sentence or in text', async () => {
    const heads = ['', '%PDF-1.7\n', 'PK\x03\x04', '\xd0\xcf\x11\xe0', '\xff\xfe', '\xef\xbb\xbf', '<html>', '<?xml ', '{\\rtf1'];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('pdf', 'docx', 'md', 'txt', 'html'),
        fc.constantFrom(...heads),
        fc.uint8Array({ maxLength: 400 }),
        async (ending, head, noise) => void (await ends(`noise.${ending}`, Buffer.concat([Buffer.from(head, 'latin1'), noise]), 'either')),
      ),
      { numRuns: 25 },
    );
  });

  it('a good file with one byte changed ends too', async () => {
    const good = Buffer.from(
      docx([
        ['Heading1', 'Menu'],
        ['', 'Breakfast is served until two in the afternoon.'],
      ]),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), async (at, value) => {
        const spoiled = Buffer.from(good);
        spoiled[at] = value;
        await ends('menu.docx', spoiled, 'either');
      }),
      { numRuns: 15 },
    );
  });

  it('after all of these a good file is read, and found', async () => {
    assert.match(await ends('hours.txt', 'We open at nine on Sunday, behind the mill.', 'ready'), /behind the mill/);
  });
});
